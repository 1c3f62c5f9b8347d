"""An error after a rename states that the file is in place, though perhaps not on the disk."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from archtool.errors import StorageError
from archtool.files.writing import durability
from archtool.files.writing.durability import NotOnDiskError, flush_name, uninterrupted
from archtool.files.writing.storage_errors import cannot_write
from archtool.operations.open_package import add_tag_files
from archtool.operations.open_package.by_products import describe_by_product


def refuse(*_: object) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_a_name_that_the_disk_does_not_confirm_is_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durability, "flush", refuse)
    with pytest.raises(NotOnDiskError) as raised:
        flush_name(tmp_path, "letter.txt")
    assert raised.value.name == "letter.txt"
    said = cannot_write(tmp_path / "letter.txt", raised.value)
    assert "is in place" in said.message
    assert "nothing was changed" not in str(said.hint)


def test_work_in_a_thread_is_done_without_delaying_signals() -> None:
    done: list[bool] = []

    def work() -> None:
        with uninterrupted():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_a_tag_manifest_that_is_not_replaced_is_reported_with_what_is_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_confirmed: bool
) -> None:
    def fail(_staged: Path, _root: Path, name: str) -> None:
        error = OSError(errno.EIO, "Input/output error")
        raise error if is_confirmed else NotOnDiskError(name, error)

    monkeypatch.setattr(add_tag_files, "replace_file", fail)
    (tmp_path / "bag").mkdir()
    with pytest.raises(StorageError, match="in place"):
        add_tag_files.add_tag_files(
            tmp_path / "bag", {"note.txt": b"Seen."}, {"tagmanifest-sha512.txt": b"x  y\n"}
        )
    assert (tmp_path / "bag" / "note.txt").read_bytes() == b"Seen."


def test_by_products_are_named_and_lookalikes_are_not(tmp_path: Path) -> None:
    files = {"batch-results.csv": b"x", "batch-journal.jsonl": b"{}", "summary.html": b"<html>"}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "p.attestations" / "letters").mkdir(parents=True)
    (tmp_path / ".archtool-1.partial").mkdir()
    assert describe_by_product(tmp_path / "p.attestations") is None
    assert describe_by_product(tmp_path / "batch-journal.jsonl") == "the journal of a batch"
    assert (
        describe_by_product(tmp_path / ".archtool-1.partial")
        == "left over from an interrupted run of archtool"
    )
    assert describe_by_product(tmp_path / "gone.csv") is None
    assert describe_by_product(tmp_path / "summary.html") is None
