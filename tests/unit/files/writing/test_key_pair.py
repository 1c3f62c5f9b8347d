"""A new key pair exists with both halves, or not at all."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from archtool.errors import StorageError
from archtool.files.writing import atomic_rename, key_pair

LINE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE archivist@example.org\n"


def test_a_key_whose_second_half_cannot_be_placed_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = atomic_rename.rename_to_new

    def fail_for_private(source: Path, target: Path) -> None:
        if target.name == "key":
            raise OSError(errno.EIO, "Input/output error")
        rename(source, target)

    monkeypatch.setattr(atomic_rename, "rename_to_new", fail_for_private)
    with pytest.raises(StorageError, match="cannot write"):
        key_pair.write_key_pair(tmp_path / "key", b"private", LINE)
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_the_disk_does_not_confirm_is_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(key_pair, "flush", refuse)
    with pytest.raises(StorageError, match="in place, but may not be on the disk"):
        key_pair.write_key_pair(tmp_path / "key", b"private", LINE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key", "key.pub"]


def test_a_public_half_from_another_program_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "key.pub").write_text(LINE)
    key_pair.clear_half_pair(tmp_path / "key")
    assert (tmp_path / "key.pub").read_text() == LINE
