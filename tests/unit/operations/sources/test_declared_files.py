"""A declared file that does not exist: the name that is meant is proposed, if it can be told."""

from __future__ import annotations

from pathlib import Path

from unit.operations.sources.source_folders import HEAD, surveyed


def test_a_path_in_another_form_is_proposed_and_its_file_is_no_stray(tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "letter.txt").write_text("x")
    findings = surveyed(tmp_path, HEAD + "transcription: scans\\letter.txt\n").findings
    assert [finding.hint for finding in findings if finding.code == "payload.missing"] == [
        "did you mean `scans/letter.txt`? Folders are separated by `/`"
    ]
    assert "payload.undeclared" not in {finding.code for finding in findings}


def test_a_path_with_a_drive_is_answered_with_its_form(tmp_path: Path) -> None:
    (finding,) = surveyed(tmp_path, HEAD + 'transcription: "C:/letter.txt"\n').findings
    assert finding.hint is not None
    assert finding.hint.startswith("paths are relative to the folder of the description")
