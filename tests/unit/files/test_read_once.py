"""Tag files are read once: every later reading has the bytes, or the failure, of the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.errors import SourceChangedError
from archtool.files import read_once
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.hashing.hash_file import hash_file
from archtool.files.read_once import ReadOnceSource
from archtool.files.tree import Tree

SHA512 = Algorithm.SHA512


def test_a_file_that_is_hashed_after_it_was_read_has_the_bytes_of_the_first_reading(tmp_path: Path) -> None:
    (tmp_path / "bag-info.txt").write_bytes(b"Title: A\n")
    with Tree(tmp_path) as tree:
        source = ReadOnceSource(tree)
        assert source.read_bytes("bag-info.txt", 100) == b"Title: A\n"
        (tmp_path / "bag-info.txt").write_bytes(b"Title: B\n")
        record = hash_file(source, "bag-info.txt", [SHA512])
    assert (record.size_bytes, record.digests) == (9, (digest_bytes(SHA512, b"Title: A\n"),))


def test_a_large_file_that_changed_or_vanished_between_two_readings_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_once, "MAX_REMEMBERED_BYTES", 4)
    (tmp_path / "bag-info.txt").write_bytes(b"Title: A\n")
    with Tree(tmp_path) as tree:
        source = ReadOnceSource(tree)
        hash_file(source, "bag-info.txt", [SHA512])
        (tmp_path / "bag-info.txt").write_bytes(b"Title: B\n")
        with pytest.raises(SourceChangedError, match="changed between two readings"):
            hash_file(source, "bag-info.txt", [SHA512])
        (tmp_path / "bag-info.txt").unlink()
        for _ in range(2):
            with pytest.raises(FileNotFoundError):
                source.stream("bag-info.txt", [])
