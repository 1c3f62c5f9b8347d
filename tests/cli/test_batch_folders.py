"""A cell with a folder that cannot be used has one finding, which explains everything else in its row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from batches import batch, findings_of
from command_line import Run
from tables import write_table


def check(folder: Path, *rows: dict[str, str], options: tuple[str | Path, ...] = ()) -> Run:
    """Check a table whose packages have a text in a folder each."""
    for name in ("001", "002"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "letter.txt").write_text("A text.\n")
    cells = {"title": "Letter", "transcription": "letter.txt", "source": "Ours.", "rights.original": "UND"}
    table = write_table(folder / "letters.csv", [cells | row for row in rows])
    return batch(table, folder.parent / "out", "--check", *options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "letters"


@pytest.mark.parametrize("name", ["\\\\server\\share\\001", "C:\\001", "/srv/001", "~/001", "~", "../001"])
def test_a_folder_that_is_no_path_inside_is_the_only_finding_of_its_row(folder: Path, name: str) -> None:
    (folder / "other").mkdir(parents=True)
    (folder / "other" / "remark.txt").write_text("Not of a package.\n")
    seen = check(folder, {"package": "1", "folder": "001"}, {"package": "2", "folder": name})
    assert [(f["code"], f["row"], f["column_name"]) for f in findings_of(seen)] == [
        ("description.file-path", 3, "folder")
    ]
    assert [(answer["job"], answer["exit_code"]) for answer in seen.objects] == [("1", 0), ("2", 3)]


def test_other_faults_of_the_row_are_reported_in_the_same_round(folder: Path) -> None:
    seen = check(folder, {"package": "1", "folder": "/srv", "language": "french", "title": ""})
    assert {f["code"] for f in findings_of(seen)} == {
        "description.file-path", "description.language", "description.missing-key",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["099", "001/letter.txt"])
def test_a_folder_that_does_not_exist_is_to_be_corrected_in_its_cell(folder: Path, name: str) -> None:
    seen = check(folder, {"package": "1", "folder": name})
    (answer,) = seen.objects
    assert (
        "letters.csv, row 2, column folder: the folder of the sources cannot be opened" in answer["message"]
    )
    assert answer["hint"] == "correct this cell, or the name of the folder"
    assert findings_of(seen) == []


def test_a_missing_folder_and_the_other_faults_of_its_row_are_reported_together(folder: Path) -> None:
    seen = check(folder, {"package": "1", "folder": "099", "language": "french"})
    assert {f["code"] for f in findings_of(seen) if f["severity"] == "error"} == {
        "payload.folder-unusable", "description.language",
    }  # fmt: skip


def test_a_folder_of_a_mapping_is_to_be_corrected_in_the_mapping(folder: Path) -> None:
    folder.mkdir()
    text = "archtool: 1\ncolumns: {}\nconstants: { folder: 'box {package}' }\n"
    (folder / "mapping.yaml").write_text(text)
    seen = check(folder, {"package": "1"}, options=("--mapping", folder / "mapping.yaml"))
    assert seen.objects[0]["hint"] == "correct `folder` in the mapping, or the name of the folder"


def test_a_wrong_folder_of_all_files_is_to_be_corrected_on_the_command_line(folder: Path) -> None:
    seen = check(folder, {"package": "1", "folder": "001"}, options=("--files", folder / "nowhere"))
    assert "--files" in seen.objects[0]["hint"]


def test_undeclared_files_are_reported_if_each_row_has_its_folder(folder: Path) -> None:
    seen = check(folder, {"package": "1", "folder": ""}, {"package": "2", "folder": ""})
    assert "payload.undeclared" in {finding["code"] for finding in findings_of(seen)}


def test_a_line_with_a_folder_that_is_no_path_inside_makes_no_files_undeclared(folder: Path) -> None:
    (folder / "001").mkdir(parents=True)
    (folder / "001" / "letter.txt").write_text("A text.\n")
    line = {
        "package": "1",
        "folder": "C:/001/..",
        "description": {"archtool": 1, "transcription": "letter.txt"},
    }
    (folder / "letters.jsonl").write_text(json.dumps(line) + "\n")
    seen = batch(folder / "letters.jsonl", folder.parent / "out", "--check")
    assert [finding["code"] for finding in findings_of(seen)] == ["batch.package"]
