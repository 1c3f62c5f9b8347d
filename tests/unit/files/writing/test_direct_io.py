"""Direct writes store the same bytes as writes through the cache; on a slow disk they are not used."""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from archtool.errors import StorageError
from archtool.files.hashing.block_reader import BLOCK_BYTES
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.tree import Tree
from archtool.files.writing import copy_file, direct_io
from archtool.files.writing.copy_file import copy_and_hash
from archtool.files.writing.direct_io import FIRST_BYTES, DirectWriter
from archtool.files.writing.writeback import EARLY_BYTES
from unit.files.folders import make_files

WHOLE = os.urandom(BLOCK_BYTES) * (FIRST_BYTES // BLOCK_BYTES + 2)


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direct_io, "_slow", set())


@pytest.fixture
def file(tmp_path: Path) -> Iterator[int]:
    descriptor = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    yield descriptor
    os.close(descriptor)


def block(data: bytes = b"x" * BLOCK_BYTES) -> memoryview:
    """Return memory that begins at a page."""
    memory = mmap.mmap(-1, BLOCK_BYTES)
    memory[: len(data)] = data
    return memoryview(memory)[: len(data)]


def goes_past(descriptor: int) -> bool:
    return bool(fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_DIRECT)


def can_go_past(folder: Path) -> bool:
    """Return whether the file system of the tests supports direct writes."""
    try:
        os.close(os.open(folder / "tried", os.O_WRONLY | os.O_CREAT | os.O_DIRECT))
    except OSError:
        return False
    return True


def refuse(number: int) -> OSError:
    return OSError(number, os.strerror(number))


@pytest.mark.parametrize("tail", [b"", b"e", b"the end", b"x" * 4096, b"y" * 5000])
def test_a_large_copy_of_any_length_has_the_same_bytes(tail: bytes, tmp_path: Path) -> None:
    source = make_files(tmp_path / "source", {"film": WHOLE + tail})
    with Tree(source) as tree:
        record = copy_and_hash(tree, "film", tmp_path / "film", [Algorithm.SHA512])
    assert (tmp_path / "film").read_bytes() == WHOLE + tail
    assert record.digests == (digest_bytes(Algorithm.SHA512, WHOLE + tail),)


@pytest.mark.parametrize("size", [FIRST_BYTES - 1, FIRST_BYTES])
def test_only_large_files_of_a_folder_are_written_past_the_cache(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(copy_file, "DirectWriter", lambda file: asked.append(file) or DirectWriter(file))
    source = make_files(tmp_path / "source", {"film": WHOLE[:size]})
    with Tree(source) as tree:
        copy_and_hash(tree, "film", tmp_path / "film", [Algorithm.SHA512])
    assert len(asked) == (size == FIRST_BYTES)
    assert (tmp_path / "film").read_bytes() == WHOLE[:size]


def test_blocks_go_past_the_cache_and_the_end_of_a_file_through_it(file: int, tmp_path: Path) -> None:
    way = DirectWriter(file)
    assert goes_past(file) == can_go_past(tmp_path)
    left = [len(way.write(block())) for _ in range(3)]
    assert left == ([0] * 3 if can_go_past(tmp_path) else [BLOCK_BYTES] * 3)
    assert bytes(way.write(block(b"the end"))) == b"the end"
    assert not goes_past(file), "what is left may be of any length"
    assert len(way.write(block())) == BLOCK_BYTES, "it is not begun again"


def test_without_direct_io_every_block_is_written_through_the_cache(
    file: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.delattr(os, "O_DIRECT")
        assert len(DirectWriter(file).write(block())) == BLOCK_BYTES
    really_set = fcntl.fcntl

    def refuse_flag(descriptor: int, command: int, flags: int = 0) -> int:
        if flags & os.O_DIRECT:
            raise refuse(errno.EINVAL)
        return really_set(descriptor, command, flags)

    monkeypatch.setattr(direct_io.fcntl, "fcntl", refuse_flag)
    assert len(DirectWriter(file).write(block())) == BLOCK_BYTES


def test_a_disk_with_another_alignment_gets_the_rest_through_the_cache(
    file: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DirectWriter, "_switch", lambda _way, on: on)  # independent of the disk of the tests
    way = DirectWriter(file)
    really_write = os.write
    answers = iter([8192, errno.EINVAL])

    def write(descriptor: int, data: memoryview) -> int:
        answer = next(answers)
        if answer == errno.EINVAL:
            raise refuse(answer)
        return really_write(descriptor, data[:answer])

    with monkeypatch.context() as patch:
        patch.setattr(direct_io.os, "write", write)
        assert len(way.write(block())) == BLOCK_BYTES - 8192
    assert len(way.write(block())) == BLOCK_BYTES


def test_a_full_disk_is_reported_and_leaves_no_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(_descriptor: int, _data: memoryview) -> int:
        raise refuse(errno.ENOSPC)

    source = make_files(tmp_path / "source", {"film": WHOLE})
    monkeypatch.setattr(DirectWriter, "_switch", lambda _way, on: on)
    monkeypatch.setattr(direct_io.os, "write", write)
    with Tree(source) as tree, pytest.raises(StorageError, match="No space left"):
        copy_and_hash(tree, "film", tmp_path / "film", [Algorithm.SHA512])
    assert not (tmp_path / "film").exists()


@pytest.mark.parametrize(("takes_it", "begun"), [(True, 0), (False, 2)])
def test_early_writing_begins_only_with_bytes_that_are_not_on_the_disk(
    takes_it: bool, begun: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(copy_file, "begin_writing", lambda _file, _offset, size: asked.append(size))
    monkeypatch.setattr(DirectWriter, "_switch", lambda _way, on: on and takes_it)
    monkeypatch.setattr(direct_io, "_WINDOW_SECONDS", 1000.0)  # also on a busy machine
    source = make_files(tmp_path / "source", {"film": b""})
    os.truncate(source / "film", 2 * EARLY_BYTES)
    with Tree(source) as tree:
        copy_and_hash(tree, "film", tmp_path / "film", [Algorithm.SHA512])
    assert len(asked) == begun


class Disk:
    """A disk that writes every block in a fixed time of its own clock."""

    def __init__(self, seconds: float) -> None:
        self.now = 0.0
        self._seconds = seconds

    def write(self, _descriptor: int, data: memoryview) -> int:
        self.now += self._seconds
        return len(data)


@pytest.mark.parametrize(("seconds", "others", "is_slow"), [(0.09, 0.01, True), (0.02, 0.08, False)])
def test_a_slow_disk_is_written_through_the_cache(
    seconds: float, others: float, is_slow: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each write takes the given seconds, and reading the next block takes the rest."""
    disk = Disk(seconds)
    monkeypatch.setattr(direct_io.os, "write", disk.write)
    monkeypatch.setattr(DirectWriter, "_switch", lambda _way, on: on)
    with (tmp_path / "one").open("wb") as one, (tmp_path / "other").open("wb") as other:
        way = DirectWriter(one.fileno(), lambda: disk.now)
        left = []
        for _ in range(30):
            left.append(len(way.write(block())))
            disk.now += others
        assert left[:10] == [0] * 10, "a bad moment is no slow disk"
        assert left[-1] == (BLOCK_BYTES if is_slow else 0)
        again = DirectWriter(other.fileno(), lambda: disk.now)
        assert len(again.write(block())) == left[-1], "what is known of a disk holds for its other files"
