"""The payload of a package as the folder of an RO-Crate."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archtool.errors import InputError, MaterialRefusedError, UsageError
from archtool.operations.export.crate_folder import crate_of_package
from archtool.operations.export.folder_forms import FOLDER_FORMS
from archtool.operations.export.request import FolderExport
from archtool.results import Result
from command_line import archtool
from crates import faults_of_crate
from packages import EXAMPLES, left_behind, make_package, pack, tree_bytes, write_letter

NOW = datetime(2026, 11, 30, tzinfo=UTC)
NAME = "ro-crate-metadata.json"


def export(target: Path, *packages: Path) -> Result:
    return FOLDER_FORMS["ro-crate"].export(FolderExport(packages, target, NOW, "0.1.0"), None)


def test_the_crate_has_the_payload_and_meets_all_requirements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "package"
    assert pack(EXAMPLES / "rakovsky-1932/description.yaml", package).code == 0
    export(tmp_path / "crate", package)
    found = tree_bytes(tmp_path / "crate")
    assert found.pop(NAME).decode() == crate_of_package(package, NOW)
    assert found == tree_bytes(package / "data")
    assert faults_of_crate(tmp_path / "crate", monkeypatch) == []


@pytest.mark.parametrize("options", [(), ("--keep-times",), ("--archive", "zip"), ("--algorithm", "sha256")])
def test_the_crate_of_a_package_is_the_one_that_it_would_have_sealed(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    sources = tmp_path / "sources"
    (sources / "scans").mkdir(parents=True)
    (sources / "scans/1.jpg").write_bytes(b"\xff\xd8\xff\xe0 picture")
    (sources / "notes.json").write_text("{}")
    files = "files: [{ file: scans/, role: facsimile }, { file: '*.json', role: other }]\n"
    description = write_letter(sources, files)
    assert pack(description, tmp_path / "without", *options).code == 0
    assert pack(description, tmp_path / "with", *options, "--crate").code == 0
    export(tmp_path / "first", tmp_path / "without")
    export(tmp_path / "second", tmp_path / "with")
    assert tree_bytes(tmp_path / "first") == tree_bytes(tmp_path / "second")


def test_a_damaged_package_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / "data/letter.txt").write_text("To the sektions.\n")
    with pytest.raises(MaterialRefusedError):
        export(tmp_path / "crate", package)
    assert not (tmp_path / "crate").exists()
    assert left_behind(tmp_path) == []


def test_a_crate_that_the_archivist_declared_is_not_replaced(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / NAME).write_text("{}")
    description = write_letter(sources, f"files: [{{ file: {NAME}, role: other }}]\n")
    assert pack(description, tmp_path / "package").code == 0
    with pytest.raises(InputError, match=NAME) as refused:
        export(tmp_path / "crate", tmp_path / "package")
    assert "--payload-only" in str(refused.value.hint)
    run = archtool("unpack", tmp_path / "package", "--payload-only", "-o", tmp_path / "plain")
    assert run.code == 0


def test_a_part_of_a_group_is_no_crate(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "more.txt").write_text("More.\n")
    description = write_letter(sources, "files: [{ file: more.txt, role: other }]\n")
    assert pack(description, tmp_path / "package", "--split-size", "1f").code == 0
    with pytest.raises(InputError, match="one part of a divided payload"):
        export(tmp_path / "crate", tmp_path / "package-1of2")


def test_a_bag_without_a_description_is_no_crate(tmp_path: Path) -> None:
    bag = tmp_path / "bag"
    (bag / "data").mkdir(parents=True)
    (bag / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    (bag / "manifest-sha512.txt").write_text("")
    with pytest.raises(InputError, match="has no description"):
        export(tmp_path / "crate", bag)


def test_several_packages_are_not_one_crate(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="one package, and 2 were given"):
        export(tmp_path / "crate", tmp_path / "a", tmp_path / "b")


def test_a_folder_that_exists_is_not_overwritten(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (tmp_path / "crate").mkdir()
    with pytest.raises(UsageError, match="already exists"):
        export(tmp_path / "crate", package)
