"""What ended runs left beside a target is found, and only what belongs to it."""

from __future__ import annotations

from pathlib import Path

from archtool.files.writing.leftovers import RECEIPT, abandoned_in, abandoned_with_receipt, stage_prefix

SUFFIX = "0123456789ab.partial"


def left(folder: Path, target: str, receipt: str | None) -> Path:
    path = folder / f"{stage_prefix(folder / target)}{SUFFIX}"
    path.mkdir()
    if receipt is not None:
        (path / RECEIPT).write_text(receipt)
    return path


def test_only_the_receipts_of_a_target_are_found(tmp_path: Path) -> None:
    own = left(tmp_path, "letter", "a receipt")
    left(tmp_path, "other", "another receipt")
    assert list(abandoned_with_receipt(tmp_path / "letter")) == [(own, "a receipt")]


def test_a_folder_without_a_receipt_is_left_over_and_has_nothing_in_place(tmp_path: Path) -> None:
    own = left(tmp_path, "letter", None)
    assert abandoned_in(tmp_path) == [own]
    assert list(abandoned_with_receipt(tmp_path / "letter")) == []


def test_a_file_or_a_link_with_the_name_of_a_leftover_is_found_too(tmp_path: Path) -> None:
    link = tmp_path / f"{stage_prefix(tmp_path / 'letter')}{SUFFIX}"
    link.symlink_to(tmp_path)
    assert abandoned_in(tmp_path) == [link]
