"""Where `archtool export` writes: one file or many, none in a package, none over another."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from command_line import archtool
from exported import export, pack_appeal, pack_full, pack_hostile, pack_letters
from packages import make_package


def test_a_hyphen_is_no_file(tmp_path: Path) -> None:
    run = export("dc", make_package(tmp_path, signed=False), options=("-o", "-"))
    assert (run.code, "without -o, the export is printed" in run.said()) == (2, True)


def test_several_packages_become_one_file_where_the_form_joins_them(tmp_path: Path) -> None:
    target = tmp_path / "catalogue.xml"
    run = export("mods", *pack_letters(tmp_path), options=("-o", target))
    assert (run.code, run.out) == (0, f"exported 12 packages to {target}\n")
    assert target.read_text(encoding="utf-8").count("<mods ") == 12


def test_several_packages_become_files_in_a_folder_where_the_form_does_not_join_them(tmp_path: Path) -> None:
    packages, target = pack_letters(tmp_path), tmp_path / "tei"
    assert "name a folder for them with -o DIR" in export("tei", *packages).said()
    run = export("tei", *packages, options=("-o", target))
    assert (run.code, run.out) == (0, f"exported 12 packages to {target}\n")
    assert sorted(p.name for p in target.iterdir()) == [f"{p.name}.tei.xml" for p in packages]


def test_one_package_goes_into_an_existing_folder_under_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "tei").mkdir()
    run = export("tei", pack_appeal(tmp_path), options=("-o", tmp_path / "tei"))
    assert run.code == 0
    assert [p.name for p in (tmp_path / "tei").iterdir()] == ["rakovsky-1932-appel.tei.xml"]


def test_an_existing_file_is_replaced_only_with_force(tmp_path: Path) -> None:
    package, target = make_package(tmp_path, signed=False), tmp_path / "mine.xml"
    target.write_text("mine")
    refused = export("dc", package, options=("-o", target))
    assert (refused.code, target.read_text()) == (2, "mine")
    assert "replace it with --force" in refused.said()
    assert export("dc", package, options=("-o", target, "--force")).code == 0
    assert "<dc:title>" in target.read_text()


@pytest.mark.parametrize("options", [(), ("--force",)])
def test_a_fifo_is_not_replaced_by_an_export(tmp_path: Path, options: tuple[str, ...]) -> None:
    target = tmp_path / "fifo"
    os.mkfifo(target)
    run = export("dc", make_package(tmp_path, signed=False), options=("-o", target, *options))
    assert (run.code, "not an ordinary file" in run.said()) == (2, True)
    assert stat.S_ISFIFO(target.stat().st_mode)


def test_a_link_to_nothing_is_not_replaced_by_an_export(tmp_path: Path) -> None:
    target = tmp_path / "link"
    target.symlink_to(tmp_path / "nothing")
    run = export("dc", make_package(tmp_path, signed=False), options=("-o", target, "--force"))
    assert (run.code, target.is_symlink()) == (2, True)


def test_a_file_in_a_folder_that_does_not_exist_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    for form in ("dc", "tei"):
        run = export(form, package, options=("-o", tmp_path / "typo" / "dc.xml"))
        assert (run.code, "its folder does not exist" in run.said()) == (2, True)
        assert not (tmp_path / "typo").exists()


def test_force_without_a_file_is_refused(tmp_path: Path) -> None:
    assert export("dc", make_package(tmp_path), options=("--force",)).code == 2


def test_nothing_is_written_into_a_package(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    run = export("dc", package, options=("-o", package / "metadata" / "dc.xml"))
    assert run.code == 2
    assert not (package / "metadata" / "dc.xml").exists()


@pytest.mark.parametrize("name", ["package.attestations", "package.attestations/export"])
@pytest.mark.parametrize(
    "command", [("export", "--to", "dc"), ("export", "--to", "ocfl"), ("export", "--to", "ro-crate"),
                ("provenance", "--to", "svg"), ("report",)],
)  # fmt: skip
def test_nothing_is_written_among_the_attestations_beside_a_package(
    tmp_path: Path, command: tuple[str, ...], name: str
) -> None:
    package, target = make_package(tmp_path, signed=False), tmp_path / name
    if target.parent != tmp_path:
        target.parent.mkdir()
    first, *options = command
    run = archtool(first, package, *options, "-o", target)
    assert run.code == 2
    assert "the attestations beside the package" in run.said() or "let the name end in .html" in run.said()
    assert not target.exists()


def test_a_file_may_be_named_like_a_sidecar_if_no_package_is_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "letters.attestations"
    assert export("dc", make_package(tmp_path, signed=False), options=("-o", target)).code == 0


def test_a_folder_is_no_place_for_one_joined_file_and_a_file_none_for_many(tmp_path: Path) -> None:
    packages = pack_letters(tmp_path)[:2]
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    joined = export("dc", *packages, options=("-o", tmp_path / "folder"))
    assert (joined.code, "is a folder" in joined.err) == (2, True)
    apart = export("tei", *packages, options=("-o", tmp_path / "file"))
    assert (apart.code, "is a file" in apart.err) == (2, True)


def test_packages_of_the_same_name_are_not_written_over_each_other(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    packages = [make_package(folder, signed=False) for folder in folders]
    run = export("tei", *packages, options=("-o", tmp_path / "out"))
    assert run.code == 2
    assert "would both become" in run.said()
    assert not (tmp_path / "out").exists()


def test_a_package_that_cannot_be_exported_is_named_and_the_others_are_exported(tmp_path: Path) -> None:
    good, other = make_package(tmp_path, signed=False), tmp_path / "nothing"
    run = export("dc", good, other, options=("-o", tmp_path / "dc.xml"))
    assert run.code == 3
    assert run.out == f"exported 1 of 2 packages to {tmp_path / 'dc.xml'}\n"
    assert f"{other}: there is no such folder or archive" in run.said()


def test_results_in_json_name_the_file_of_each_package_and_what_was_found(tmp_path: Path) -> None:
    good, other = pack_full(tmp_path), tmp_path / "nothing"
    target = tmp_path / "out"
    run = export("tei", good, other, options=("-o", target, "--json"))
    assert run.code == 3
    first, second = run.objects
    assert (first["schema"], first["subject"], first["exit_code"]) == ("archtool/export/1", str(good), 0)
    assert first["facts"] == {
        "form": "tei", "media_type": "application/tei+xml", "file": str(target / "full.tei.xml")
    }  # fmt: skip
    assert [f["code"] for f in first["findings"]] == ["export.text-left-out", "export.characters-escaped"]
    assert (second["exit_code"], second["facts"]["file"]) == (3, None)


def test_json_without_a_file_is_refused_because_the_export_itself_is_on_stdout(tmp_path: Path) -> None:
    assert export("dc", make_package(tmp_path), options=("--json",)).code == 2


def test_nothing_is_said_to_be_written_if_no_package_can_be_exported(tmp_path: Path) -> None:
    target = tmp_path / "dc.xml"
    run = export("dc", tmp_path / "a", tmp_path / "b", options=("-o", target))
    assert (run.code, run.out) == (3, "exported none of 2 packages: nothing was written\n")
    assert not target.exists()


def test_a_package_that_is_named_in_two_ways_is_exported_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = make_package(tmp_path, signed=False)
    monkeypatch.chdir(tmp_path)
    run = export("dc", package, Path("package"))
    assert (run.code, run.out.count("<dc:title>")) == (0, 1)


@pytest.mark.parametrize("form", ["svg", "Mermaid", "dot"])
def test_a_form_of_the_history_leads_to_the_command_that_draws_it(tmp_path: Path, form: str) -> None:
    run = export(form, tmp_path)
    assert (run.code, f"archtool provenance BAG --to {form.casefold()}" in run.said()) == (2, True)


def test_the_hint_about_left_out_characters_leads_to_the_file_that_has_them(tmp_path: Path) -> None:
    hostile = pack_hostile(tmp_path)
    assert "archtool provenance --to prov-json" in export("prov-n", hostile).said()
    assert "archtool show" in export("bibtex", hostile).said()
