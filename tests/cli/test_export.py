"""`archtool export`: what is written where, and what is said about it."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archtool.operations.export.forms import FORMS
from command_line import archtool
from exported import export, pack_appeal, pack_full, pack_hostile, pack_letters
from packages import EXAMPLES, make_package, retag
from unit.bagit.bag_builders import bag_files, with_tag_manifest, write_bag


@pytest.mark.parametrize("form", FORMS)
def test_a_package_is_exported_to_stdout_and_without_a_word_on_stderr_that_is_no_warning(
    tmp_path: Path, form: str
) -> None:
    run = export(form, pack_appeal(tmp_path))
    assert run.code == 0
    assert "Politburo" in run.out or "tous les bolcheviks" in run.out
    assert "error" not in run.err


@pytest.mark.parametrize("form", FORMS)
def test_the_same_package_always_becomes_the_same_bytes(tmp_path: Path, form: str) -> None:
    package = pack_full(tmp_path)
    assert export(form, package).out == export(form, package).out


@pytest.mark.parametrize("suffix", ["tar", "zip"])
def test_a_package_in_an_archive_is_exported_like_its_folder(tmp_path: Path, suffix: str) -> None:
    folder = pack_appeal(tmp_path)
    archive = tmp_path / f"rakovsky-1932-appel.{suffix}"
    made = archtool(
        "pack",
        EXAMPLES / "rakovsky-1932" / "description.yaml",
        "-o",
        archive,
        "--date",
        "2026-11-22T12:00:00Z",
    )
    assert made.code == 0, made.err
    for form in ("tei", "mods"):
        assert export(form, archive).out == export(form, folder).out


def test_forms_are_listed_with_what_each_loses() -> None:
    run = archtool("export", "--to", "list")
    assert run.code == 0
    said = run.said()
    assert all(f"{form.name} " in said and form.loses in said for form in FORMS.values())


def test_an_unknown_form_is_answered_with_the_one_that_was_probably_meant(tmp_path: Path) -> None:
    run = archtool("export", tmp_path, "--to", "Bib-TeX")
    assert (run.code, run.out) == (2, "")
    assert "no such form: 'Bib-TeX'" in run.said()
    assert "did you mean bibtex?" in run.said()


@pytest.mark.parametrize(
    ("word", "form"), [("ead", "ead3"), ("oai_dc", "dc"), ("Dublin Core", "dc"), ("zotero", "csl-json")]
)
def test_other_words_for_a_form_lead_to_it(tmp_path: Path, word: str, form: str) -> None:
    assert f"did you mean {form}?" in archtool("export", tmp_path, "--to", word).said()


def test_an_export_without_a_package_says_what_to_name() -> None:
    run = archtool("export", "--to", "dc")
    assert run.code == 2
    assert "archtool export BAG --to FORM" in run.said()


def test_an_export_without_a_form_says_where_the_forms_are(tmp_path: Path) -> None:
    run = archtool("export", tmp_path)
    assert (run.code, "archtool export --to list" in run.said()) == (2, True)


def test_a_list_of_forms_is_not_asked_for_beside_packages(tmp_path: Path) -> None:
    assert archtool("export", tmp_path, "--to", "list").code == 2


def test_a_bag_without_description_is_named_and_the_way_to_one_is_told(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bag", with_tag_manifest(bag_files()))
    for form in FORMS:
        run = export(form, bag)
        assert (run.code, run.out) == (3, "")
        assert f"{bag} has no description (metadata/description.yaml)" in run.said()
        assert f"archtool new --from-bag {bag}" in run.said()


def test_a_description_that_cannot_be_read_is_not_called_missing(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    (package / "metadata" / "description.yaml").write_text("archtool: 1\ntitel: x\n")
    run = export("dc", package)
    assert (run.code, run.out) == (3, "")
    assert "metadata/description.yaml) cannot be read" in run.said()
    assert f"run: archtool verify {package}" in run.said()


def test_a_description_that_is_missing_in_a_package_of_archtool_is_to_be_restored(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    (package / "metadata" / "description.yaml").unlink()
    run = export("dc", package)
    assert (run.code, run.out) == (3, "")
    assert "(metadata/description.yaml) is missing" in run.said()
    assert "restore the file from another copy" in run.said()
    assert "--from-bag" not in run.said()


def test_commands_in_hints_quote_the_name_of_a_package(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "two words", with_tag_manifest(bag_files()))
    assert f"archtool new --from-bag '{bag}'" in export("dc", bag).said()
    assert f"archtool show '{bag}'" in archtool("provenance", bag).said()
    crate = export("ro-crate", bag, options=("-o", tmp_path / "crate"))
    assert f"archtool new --from-bag '{bag}'" in crate.said()
    (bag / "data").rename(tmp_path / "moved")
    assert f"archtool verify '{bag}'" in export("ocfl", bag, options=("-o", tmp_path / "ocfl")).said()


def test_a_package_without_citation_is_in_no_bibliography_but_in_a_catalogue(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    (package / "metadata" / "citation.json").unlink()
    run = export("ris", package)
    assert (run.code, run.out) == (3, "")
    assert "has no readable citation" in run.said()
    assert "Letter of the bureau" in export("dc", package).out


def test_changed_metadata_is_exported_with_the_reason_and_exit_code_1(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    path = package / "metadata" / "description.yaml"
    path.write_text(path.read_text().replace("Letter of", "Note of"))
    run = export("dc", package)
    assert run.code == 1
    assert "<dc:title>Note of the bureau" in run.out
    assert "metadata/description.yaml" in run.err


def test_a_changed_transcription_is_exported_to_tei_with_the_reason_and_exit_code_1(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / "data" / "letter.txt").write_text("To the SECTIONS.\n")
    run = export("tei", package)
    assert run.code == 1
    assert "To the SECTIONS." in run.out
    assert "data/letter.txt" in run.err
    assert export("mods", package).code == 0  # the payload is not read for it


def test_characters_are_reported_for_the_package_that_has_them(tmp_path: Path) -> None:
    hostile, other = pack_hostile(tmp_path), make_package(tmp_path, signed=False)
    run = export("dc", other, hostile)
    assert run.err.count("[export.characters-escaped]") == 1
    assert f"{hostile}: written as codes" in run.said()


def test_a_package_that_is_named_twice_is_exported_once(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    assert export("dc", package, package).out == export("dc", package).out


@pytest.mark.parametrize("form", ["csl-json", "bibtex", "ris"])
def test_a_bibliography_is_the_one_that_cite_prints(tmp_path: Path, form: str) -> None:
    packages = [*pack_letters(tmp_path), pack_appeal(tmp_path), pack_appeal_again(tmp_path)]
    assert export(form, *packages).out == archtool("cite", *packages, "--style", form).out


def pack_appeal_again(folder: Path) -> Path:
    (folder / "again").mkdir()
    return pack_appeal(folder / "again")


def test_characters_that_xml_cannot_carry_are_written_as_codes_and_reported(tmp_path: Path) -> None:
    run = export("tei", pack_hostile(tmp_path))
    assert run.code == 0
    assert r"a &lt;/ab&gt; &amp; \u{1}\u{1b}[2J" in run.out
    assert "U+0001, U+001B" in run.said()
    assert "[export.characters-escaped]" in run.said()


@pytest.mark.parametrize("form", FORMS)
def test_no_export_of_a_hostile_package_can_steer_a_terminal(tmp_path: Path, form: str) -> None:
    run = export(form, pack_hostile(tmp_path))
    assert run.code == 0
    assert "\u202e" not in run.out + run.err
    assert "\x1b" not in run.out + run.err


def test_a_text_that_is_no_plain_text_is_left_out_of_tei_with_a_warning(tmp_path: Path) -> None:
    run = export("tei", pack_full(tmp_path))
    assert run.code == 0
    assert "data/three.bin is not in the export" in run.said()
    assert '<gap reason="it is of an unknown format, not plain text"/>' in run.out


def test_datacite_says_what_it_requires_and_nobody_has_stated(tmp_path: Path) -> None:
    run = export("datacite", make_package(tmp_path, signed=False))
    assert run.code == 0
    assert '<identifier identifierType="DOI">(:tba)</identifier>' in run.out
    assert "<publisher>(:unav)</publisher>" in run.out
    assert run.err.count("[export.value-missing]") == 3
    full = export("datacite", pack_full(tmp_path / "full"))
    assert '<identifier identifierType="DOI">10.5072/letter-7</identifier>' in full.out
    assert "value-missing" not in full.err


def test_mets_names_a_file_that_is_missing_without_a_size(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    (package / "data" / "letter.txt").unlink()
    run = export("mets", package)
    (line,) = [line for line in run.out.splitlines() if "<file " in line]
    assert "SIZE=" not in line
    assert "CHECKSUM=" in line


def test_a_premis_file_that_was_changed_is_referred_to_but_not_embedded(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    intact = export("mets", package)
    assert ("<premis " in intact.out, intact.code) == (True, 0)
    premis = package / "metadata" / "premis.xml"
    premis.write_text(premis.read_text().replace("<premis ", "<!DOCTYPE premis><premis "))
    changed = export("mets", package)
    assert ("<premis " in changed.out, changed.code) == (False, 1)
    assert 'xlink:href="metadata/premis.xml"' in changed.out


def test_a_package_without_premis_becomes_mets_without_it(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    (package / "metadata" / "premis.xml").unlink()
    retag(package)
    run = export("mets", package)
    assert (run.code, "<amdSec" in run.out, "<fileSec" in run.out) == (0, False, True)


def test_a_provenance_that_cannot_be_parsed_leaves_the_media_types_of_names(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    (package / "metadata" / "provenance.json").write_text("{")
    retag(package)
    assert 'MIMETYPE="text/plain"' in export("mets", package).out


def unlist(package: Path) -> None:
    """Remove every line of the payload manifest."""
    (package / "manifest-sha512.txt").write_text("")
    retag(package)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda package: (package / "data" / "letter.txt").unlink(), "it is not in the package"),
        (unlist, "no manifest lists it"),
        (lambda package: (package / "data" / "letter.txt").write_bytes(b"\xff"), "it is not utf-8"),
    ],
)  # fmt: skip
def test_a_text_that_is_missing_or_no_text_is_left_out_of_tei_with_the_reason(
    tmp_path: Path, change: Callable[[Path], object], reason: str
) -> None:
    package = make_package(tmp_path, signed=False)
    change(package)
    run = export("tei", package)
    assert f"data/letter.txt is not in the export: {reason}" in run.said()
    assert f'<gap reason="{reason}"/>' in run.out


def test_a_missing_text_is_a_problem_and_no_warning(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    (package / "data" / "letter.txt").unlink()
    run = export("tei", package)
    assert (run.code, "data/letter.txt is listed but missing" in run.said()) == (1, True)


def test_a_text_that_is_to_be_fetched_is_left_out_without_an_error(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    (package / "data" / "letter.txt").unlink()
    (package / "fetch.txt").write_text("https://example.org/letter.txt - data/letter.txt\n")
    retag(package)
    run = export("tei", package)
    assert (run.code, "it is not in the package" in run.said()) == (0, True)


def test_a_text_that_is_too_large_is_left_out_of_tei(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archtool.operations.export.payload.MAX_EXPORTED_TEXT_BYTES", 3)
    assert "the texts have more than 3 bytes" in export("tei", make_package(tmp_path, signed=False)).said()


def test_a_damaged_archive_is_an_error_and_no_export(tmp_path: Path) -> None:
    archive = tmp_path / "damaged.tar"
    with tarfile.open(archive, "w") as tar:
        tar.add(make_package(tmp_path, signed=False), "package")
    archive.write_bytes(archive.read_bytes()[:3000])
    run = export("dc", archive)
    assert run.code in (1, 3)
    assert "error" in run.err


def test_the_source_of_a_manuscript_is_exported_as_it_is_cited(tmp_path: Path) -> None:
    folder = tmp_path / "note"
    folder.mkdir()
    (folder / "note.txt").write_text("Text.\n", encoding="utf-8")
    (folder / "description.yaml").write_text(
        "archtool: 1\ntitle: Докладная записка\ndate: 1921-03-12\nlanguage: ru\n"
        "source: { type: manuscript, archive: РГАСПИ, archive_collection: Ф. 17, pages: 12r-13v }\n"
        "transcription: note.txt\nrights: { original: UND, package: CC0-1.0 }\n",
        encoding="utf-8",
    )
    package = tmp_path / "package"
    assert archtool("pack", folder / "description.yaml", "-o", package).code == 0
    cited = archtool("cite", "--source", package).out.strip()
    assert cited == "РГАСПИ, Ф. 17, fol. 12r-13v."
    for form in ("dc", "ead3", "tei", "mods", "datacite"):
        assert cited in export(form, package).out
    page = tmp_path / "page.html"
    assert archtool("report", package, "-o", page).code == 0
    assert cited in page.read_text(encoding="utf-8")
