"""The paths in the cells of a row: patterns, backslashes, and what cannot be used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archtool.batch.sources.rows.described_files import DescribedFiles
from archtool.batch.sources.rows.file_names import FileNames
from archtool.batch.sources.rows.source_places import SourcePlaces
from archtool.description.table.cells import CellPlaces
from archtool.findings import Place

CELLS = CellPlaces(Place("letters.csv", row=2), {}, {}, {})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "scans").mkdir()
    for name in ("scans/1.jpg", "scans/2.jpg", "letter.txt"):
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def resolved(folder: Path, values: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    values, findings = DescribedFiles(FileNames(frozenset()), folder, "b1").resolve(values, CELLS)
    return values, [finding.message for finding in findings]


def test_a_row_without_a_transcription_gets_none(folder: Path) -> None:
    values, faults = resolved(folder, {"files": [{"file": r"scans\1.jpg"}]})
    assert (values, faults) == ({"files": [{"file": "scans/1.jpg"}]}, [])


def test_a_transcription_on_another_disk_is_reported_and_left_out(folder: Path) -> None:
    values, (fault,) = resolved(folder, {"title": "A", "transcription": r"C:\letters\letter.txt"})
    assert values == {"title": "A"}
    assert "is an absolute path of Windows" in fault


def test_the_file_of_a_transcription_with_more_fields_is_read_as_well(folder: Path) -> None:
    values, faults = resolved(folder, {"transcription": {"file": r".\letter.txt", "language": "fr"}})
    assert (values["transcription"], faults) == ({"file": "letter.txt", "language": "fr"}, [])


def test_a_file_without_a_name_keeps_its_fields_and_its_place(folder: Path) -> None:
    described = DescribedFiles(FileNames(frozenset()), folder, "b1")
    files = [{"role": "facsimile"}, {"file": "scans/*.jpg"}]
    values, faults = described.resolve({"files": files}, CELLS)
    assert [one.get("file") for one in values["files"]] == [None, "scans/1.jpg", "scans/2.jpg"]
    assert not faults
    places = described.places(CELLS)
    assert isinstance(places, SourcePlaces)
    assert (places.items, places.at(("files", 9), None)) == ([0, 1, 1], CELLS.at(("files", 9), None))


def test_the_own_folder_with_a_backslash_is_the_folder_itself(folder: Path) -> None:
    assert FileNames(frozenset()).folder(folder, ".\\").paths == (".",)


def test_a_folder_with_a_name_too_long_for_any_disk_does_not_exist(folder: Path) -> None:
    name = "x" * 300 + "\\"
    assert FileNames(frozenset()).folder(folder, name).paths == (name,)


def test_patterns_in_many_folders_find_the_files_of_each(tmp_path: Path) -> None:
    names = FileNames(frozenset())
    for number in range(40):
        inner = tmp_path / f"b{number}"
        inner.mkdir()
        (inner / f"{number}.jpg").write_bytes(b"x")
    for number in (*range(40), 0):
        assert names.files(tmp_path / f"b{number}", "*.jpg", "").paths == (f"{number}.jpg",)
    assert len(names._listings) < 40  # bounded: one batch can have any number of folders
