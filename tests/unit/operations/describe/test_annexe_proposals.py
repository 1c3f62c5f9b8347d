"""Proposed annexes of a text: only of one that can be read and is not too large."""

from __future__ import annotations

import os
from pathlib import Path

from archtool.operations.describe.boundaries import propose_annexes
from archtool.operations.describe.draft_files import open_folder, select_files
from archtool.operations.limits import MAX_PROPOSED_BYTES

TEXT = "To the sections.\n\n***\n\nAnnexe:\nList of the delegates.\n"
LONG = "The bureau has met.\n" * 200_000  # more than one block


def proposed(folder: Path, text: str) -> list[str]:
    (folder / "letter.txt").write_text(text)
    return propose_annexes(folder, "letter.txt", "letter.txt")


def test_an_annexe_at_the_end_of_a_long_text_is_proposed(tmp_path: Path) -> None:
    lines = proposed(tmp_path, LONG + TEXT)
    assert any("“Annexe: List of the delegates.”" in line for line in lines), lines
    assert sum("- id: annexe-" in line for line in lines) == 1


def test_a_text_that_is_very_large_gets_no_proposals(tmp_path: Path) -> None:
    assert proposed(tmp_path, TEXT)
    os.truncate(tmp_path / "letter.txt", MAX_PROPOSED_BYTES + 1)
    assert propose_annexes(tmp_path, "letter.txt", "letter.txt") == []


def test_a_text_that_is_gone_gets_no_proposals(tmp_path: Path) -> None:
    assert propose_annexes(tmp_path, "letter.txt", "letter.txt") == []


def test_a_long_text_is_a_transcription_by_its_first_bytes(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text(LONG)
    (tmp_path / "other.txt").write_bytes(b"%PDF-1.7\n" + bytes(5_000_000))
    with open_folder(tmp_path) as tree:
        assert select_files(tree, tmp_path).texts == ["letter.txt"]
