"""Reads each file once: every digest, every look at its content and the copy come from the same bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from archtool.errors import SourceChangedError, StorageError
from archtool.fixity.digests import Algorithm, Digest
from archtool.fixity.paths import shown
from archtool.fixity.records import FileRecord
from archtool.fixity.tree import Tree

BLOCK_BYTES = 1024 * 1024  # larger blocks were not faster; smaller ones cost a call each


class Sink(Protocol):
    """Something that is shown every byte of a file, in order: a hasher, a line counter, a decoder."""

    def update(self, data: memoryview, /) -> None:
        """Take in the next bytes; the memory is used again afterwards."""


def hash_file(
    tree: Tree, path: str, algorithms: Sequence[Algorithm], sinks: Sequence[Sink] = ()
) -> FileRecord:
    """Digest one file where it lies.

    Raises:
        SourceChangedError: it changed while being read.
        OSError: missing, unreadable or not a file (`NotAFileError`).
    """
    descriptor = tree.open_file(path)
    try:
        hashers = [algorithm.hasher() for algorithm in algorithms]
        size_bytes = _pour(tree, path, descriptor, [*hashers, *sinks])
    finally:
        os.close(descriptor)
    digests = tuple(Digest(a, h.hexdigest()) for a, h in zip(algorithms, hashers, strict=True))
    return FileRecord(path, size_bytes, digests)


def copy_and_hash(
    tree: Tree, path: str, target: Path, algorithms: Sequence[Algorithm], sinks: Sequence[Sink] = ()
) -> FileRecord:
    """Copy one payload file and digest it in the same read; the time of its last change is kept.

    The target must not exist; it appears whole or not at all. It is not flushed here: `staging` does
    that for all files together.

    Raises:
        SourceChangedError: the file grew, shrank or was replaced while being read.
        StorageError: the target cannot be written (full, read-only).
        OSError: the source is missing, unreadable or not a file (`NotAFileError`).

    Source: RFC 8493 §2.1.3 (payload manifest), §2.4 (algorithms).
    """
    writer = _Writer(target)
    try:
        try:
            record = hash_file(tree, path, algorithms, [writer, *sinks])
            writer.keep_time_of(tree.stat(path))
        finally:
            writer.close()
    except BaseException:
        target.unlink()
        raise
    return record


class _Writer:
    """A sink that stores; its own failures are ours, not the source's."""

    def __init__(self, target: Path) -> None:
        self.target = target
        with _storing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | getattr(os, "O_BINARY", 0)
            self._descriptor = os.open(target, flags, 0o666)

    def update(self, data: memoryview, /) -> None:
        with _storing(self.target):
            while data:
                data = data[os.write(self._descriptor, data) :]

    def keep_time_of(self, source: os.stat_result) -> None:
        with _storing(self.target):
            os.utime(self.target, ns=(source.st_mtime_ns, source.st_mtime_ns))

    def close(self) -> None:
        with _storing(self.target):  # some file systems say only now that the disk is full
            os.close(self._descriptor)


class _storing:  # noqa: N801 - reads as a phrase: `with _storing(target):`
    """Turns a failing write into what it means for whoever asked for it."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise StorageError(
                f"cannot write {shown(str(self.target))}: {error.strerror or error}",
                hint="free some space or choose another target; nothing was changed",
            ) from error


def _pour(tree: Tree, path: str, descriptor: int, sinks: Sequence[Sink]) -> int:
    """Show every byte of an open file to every sink, and make sure that it held still."""
    before = os.fstat(descriptor)
    size_bytes = 0
    for block in _blocks(descriptor, before.st_size):
        size_bytes += len(block)
        for sink in sinks:
            sink.update(block)
        if size_bytes > before.st_size:  # a file that grows as fast as it is read has no end
            break
    after = os.fstat(descriptor)
    if size_bytes != before.st_size or _identity(before) != _identity(after) or not _is_at(tree, path, after):
        raise SourceChangedError(
            f"{shown(path)} changed while it was being read ({before.st_size:,} bytes before, "
            f"{size_bytes:,} read)",
            hint="wait until nothing writes to it any more, then run the same command again",
        )
    return size_bytes


def _blocks(descriptor: int, size_bytes: int) -> Iterator[memoryview]:
    # no larger than the file: clearing a whole block cost more than reading a small one
    buffer = bytearray(min(BLOCK_BYTES, size_bytes + 1))
    view = memoryview(buffer)
    with os.fdopen(descriptor, "rb", buffering=0, closefd=False) as raw:
        while count := raw.readinto(buffer):
            yield view[:count]


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    # not ctime: making a hard link or reading an attribute elsewhere is no change of the bytes
    return status.st_size, status.st_mtime_ns, status.st_ino


def _is_at(tree: Tree, path: str, status: os.stat_result) -> bool:
    try:
        named = tree.stat(path)
    except FileNotFoundError:
        return False
    return (named.st_dev, named.st_ino) == (status.st_dev, status.st_ino)
