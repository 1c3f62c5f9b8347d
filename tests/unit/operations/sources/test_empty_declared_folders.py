"""A declared folder without files is one fault: one finding says so, where the folder is declared."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.operations.sources.source_folders import ONE, surveyed

SCANS = ONE + "files: [{ file: scans/, role: facsimile }]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one letter and an empty folder for its scans."""
    (tmp_path / "letter.txt").write_text("To the sections.\n")
    (tmp_path / "scans").mkdir()
    return tmp_path


@pytest.mark.parametrize("inside", ["", "verso"])
def test_an_empty_declared_folder_has_one_finding_at_its_declaration(folder: Path, inside: str) -> None:
    (folder / "scans" / inside).mkdir(exist_ok=True)
    (finding,) = surveyed(folder, SCANS).findings
    assert finding.place is not None
    assert (finding.code, finding.place.line) == ("payload.missing", 6)
    assert finding.hint == "if it is meant to be empty, add `empty-folders: keep` to the description"


def test_an_empty_folder_in_a_declared_one_with_files_is_a_warning(folder: Path) -> None:
    (folder / "scans/1.tif").write_text("II*")
    (folder / "scans/verso").mkdir()
    assert [f.code for f in surveyed(folder, SCANS).findings] == ["payload.empty-folder"]
