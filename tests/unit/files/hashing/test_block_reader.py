"""Large files are read once for all digests; bulk copies of small files are as safe as single copies."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import time
from pathlib import Path

import pytest

from archtool.errors import SourceChangedError, StorageError
from archtool.files.hashing import block_reader
from archtool.files.hashing.block_reader import BLOCK_BYTES, read_blocks
from archtool.files.hashing.digests import Algorithm
from archtool.files.tree import NotAFileError, Tree
from archtool.files.workers.concurrency import Pace
from archtool.files.writing import bulk_copy, tree_operations, writeback
from archtool.files.writing.bulk_copy import BulkCopier
from unit.files.folders import make_files, open_handles

BOTH = (Algorithm.SHA256, Algorithm.SHA512)
LARGE = os.urandom(BLOCK_BYTES) * 9 + b"end"


@pytest.mark.parametrize("names", [("sha256",), ("sha256", "sha512", "md5")])
@pytest.mark.parametrize("data", [LARGE, b"letter", b""])
def test_every_consumer_gets_all_bytes_in_order(names: tuple[str, ...], data: bytes, tmp_path: Path) -> None:
    path = make_files(tmp_path, {"file": data}) / "file"
    hashers = [hashlib.new(name) for name in names]
    with path.open("rb") as file:
        consumers = [hasher.update for hasher in hashers]
        assert read_blocks(file.fileno(), consumers, len(data), Pace(10**15)) == len(data)
    assert [h.digest() for h in hashers] == [hashlib.new(name, data).digest() for name in names]
    assert threading.active_count() == 1


@pytest.mark.parametrize("consumers", [1, 2])
def test_an_endless_file_is_read_only_to_the_expected_size(consumers: int) -> None:
    with Path("/dev/zero").open("rb") as endless:
        shown = read_blocks(endless.fileno(), [lambda _: None] * consumers, 10 * BLOCK_BYTES)
    assert 10 * BLOCK_BYTES < shown <= 11 * BLOCK_BYTES


@pytest.mark.parametrize("fails_at", [1, 9])
def test_an_error_of_a_consumer_in_another_thread_is_raised(fails_at: int, tmp_path: Path) -> None:
    path = make_files(tmp_path, {"large": LARGE}) / "large"
    shown = 0

    def fail(_: memoryview) -> None:
        nonlocal shown
        shown += 1
        if shown == fails_at:
            raise ValueError("a bug")

    with path.open("rb") as file, pytest.raises(ValueError, match="a bug"):
        read_blocks(file.fileno(), [fail, lambda _: None], len(LARGE))
    assert threading.active_count() == 1


def test_a_slow_consumer_never_gets_an_overwritten_block(tmp_path: Path) -> None:
    pages = [bytes([number]) * BLOCK_BYTES for number in range(12)]
    path = make_files(tmp_path, {"large": b"".join(pages)}) / "large"
    seen: list[int] = []

    def consume_slowly(block: memoryview) -> None:
        first = block[0]
        time.sleep(0.005)
        assert block[0] == block[-1] == first
        seen.append(first)

    with path.open("rb") as file:
        read_blocks(file.fileno(), [consume_slowly, lambda _: None], path.stat().st_size)
    assert seen == list(range(12))


def test_without_readv_the_same_bytes_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(block_reader.os, "readv")
    path = make_files(tmp_path, {"file": LARGE}) / "file"
    hasher = hashlib.sha256()
    with path.open("rb") as file:
        read_blocks(file.fileno(), [hasher.update], len(LARGE))
    assert hasher.digest() == hashlib.sha256(LARGE).digest()


def test_many_files_are_copied_with_their_digests_and_times(tmp_path: Path) -> None:
    letters = {f"{n % 3}/letter {n}": b"letter" * n for n in range(20)} | {"scan": LARGE}
    source, before = make_files(tmp_path / "source", letters), open_handles()
    os.utime(source / "scan", ns=(1, 5_000_000_007))
    (tmp_path / "copy").mkdir()
    with Tree(source) as tree, BulkCopier(tree, tmp_path / "copy", BOTH, Pace(10**15)) as copier:
        copied = {path: copier.copy(path, f"data/{path}") for path in letters}
    for path, (size_bytes, digests) in copied.items():
        copy = tmp_path / "copy/data" / path
        assert copy.read_bytes() == letters[path]
        assert copy.stat().st_mtime_ns == (source / path).stat().st_mtime_ns
        expected = tuple(hashlib.new(a.value, letters[path]).hexdigest() for a in BOTH)
        assert (size_bytes, digests) == (len(letters[path]), expected)
    assert open_handles() == before


@pytest.mark.parametrize("change", ["grow", "replace", "remove"])
def test_a_small_source_that_changes_while_it_is_read_is_not_copied(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_files(tmp_path / "source", {"letter": b"letter", "other": b"another"})

    def meddle(descriptor: int, size_bytes: int) -> bytes:
        data = really_read(descriptor, size_bytes)
        if change == "grow":
            (source / "letter").write_bytes(b"a longer letter")
        elif change == "replace":
            (source / "other").rename(source / "letter")
        else:
            (source / "letter").unlink()
        return data

    really_read = os.read
    (tmp_path / "copy").mkdir()
    with Tree(source) as tree, BulkCopier(tree, tmp_path / "copy", BOTH) as copier:
        monkeypatch.setattr(bulk_copy.os, "read", meddle)
        with pytest.raises(SourceChangedError, match="letter changed while"):
            copier.copy("letter", "data/letter")
        monkeypatch.undo()
    assert not (tmp_path / "copy/data/letter").exists()


def test_a_small_copy_replaces_nothing_and_only_files_are_copied(tmp_path: Path) -> None:
    make_files(tmp_path, {"source/letter": b"new", "copy/letter": b"old"})
    os.mkfifo(tmp_path / "source/fifo")
    with Tree(tmp_path / "source") as tree, BulkCopier(tree, tmp_path / "copy", BOTH) as copier:
        with pytest.raises(StorageError, match="File exists"):
            copier.copy("letter", "letter")
        with pytest.raises(NotAFileError):
            copier.copy("fifo", "fifo")
    assert (tmp_path / "copy/letter").read_bytes() == b"old"


def test_a_small_write_that_fails_leaves_no_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = make_files(tmp_path / "source", {"letter": b"letter"})

    def disk_is_full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    (tmp_path / "copy").mkdir()
    with Tree(source) as tree, BulkCopier(tree, tmp_path / "copy", BOTH) as copier:
        monkeypatch.setattr(bulk_copy.os, "write", disk_is_full)
        with pytest.raises(StorageError, match="No space left"):
            copier.copy("letter", "data/letter")
        monkeypatch.undo()
    assert list((tmp_path / "copy/data").iterdir()) == []


@pytest.mark.parametrize("files", [3, 70])
@pytest.mark.parametrize("at_once", [True, False])
def test_a_folder_with_any_number_of_files_is_flushed_completely(
    files: int, at_once: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_files(tmp_path / "made", {f"{n % 2}/f{n}": b"x" for n in range(files)})
    flushed: list[Path] = []
    asked: list[Path] = []

    def flush_at_once(folder: Path) -> bool:
        asked.append(folder)
        return at_once

    monkeypatch.setattr(tree_operations, "flush", flushed.append)
    monkeypatch.setattr(tree_operations, "flush_file_system_of", flush_at_once)
    tree_operations.flush_folder(root)
    assert asked == ([root] if files == 70 else [])
    assert set(flushed) == (set() if at_once and files == 70 else {root, *root.rglob("*")})


def test_a_failing_flush_of_a_file_system_raises_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing:
        def syncfs(self, _descriptor: int) -> int:
            return -1

    monkeypatch.setattr(writeback, "_libc", Failing)
    monkeypatch.setattr(writeback, "_kernel", lambda: (6, 1))
    with pytest.raises(OSError, match=str(tmp_path)):
        writeback.flush_file_system_of(tmp_path)


def test_a_current_linux_flushes_a_file_system_with_one_call(tmp_path: Path) -> None:
    is_known = sys.platform.startswith("linux") and writeback._kernel() >= (5, 8)
    assert writeback.flush_file_system_of(tmp_path) == is_known


def test_an_old_kernel_or_another_system_is_flushed_file_by_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(writeback, "_kernel", lambda: (5, 4))
        assert not writeback.flush_file_system_of(tmp_path)
    monkeypatch.setattr(writeback, "_libc", lambda: None)
    assert not writeback.flush_file_system_of(tmp_path)
    writeback.begin_writing(-1, 0, 10)  # does nothing, and needs no file
