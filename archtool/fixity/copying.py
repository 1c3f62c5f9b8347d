"""Copies many files below one folder, each digested in the same read, with little Python for each.

The target folder is one that this run has made and nobody else knows of (`staging`).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from archtool.fixity.digests import Algorithm
from archtool.fixity.effort import Pace
from archtool.fixity.pouring import changed, identity
from archtool.fixity.source import FileSource
from archtool.fixity.storing import cannot_write
from archtool.fixity.transfer import WRITE_FLAGS, copy_and_hash
from archtool.fixity.tree import HAS_HANDLES, Tree

_SMALL_BYTES = 64 * 1024  # read and written in one call each

Copied = tuple[int, tuple[str, ...]]
"""Size in bytes, and the digests in the order of the algorithms: a process hands back thousands of them, and
plain values pass ten times as quickly as records do."""


class Copier:
    """From one source into one folder. The handle of the folder written to last is kept."""

    def __init__(
        self, source: FileSource, root: Path, algorithms: Sequence[Algorithm], pace: Pace | None = None
    ) -> None:
        self._source = source
        self._root = root
        self._algorithms = algorithms
        self._pace = pace
        self._hashers = [algorithm.hash_at_once for algorithm in algorithms]
        self._folder: str | None = None
        self._handle = -1

    def copy(self, path: str, name: str) -> Copied:
        """Copy a file of the source to `name` below the folder; see `transfer.copy_and_hash`.

        Raises:
            SourceChangedError: it changed while being read.
            StorageError: it cannot be written.
            OSError: the source is missing, unreadable or not a file.
        """
        if isinstance(self._source, Tree) and HAS_HANDLES:
            copied = self._copy_small(self._source, path, name)
            if copied is not None:
                return copied
        sinks = [] if self._pace is None else [self._pace]
        record = copy_and_hash(self._source, path, self._root / name, self._algorithms, sinks)
        return record.size_bytes, tuple(digest.hex for digest in record.digests)

    def _copy_small(self, source: Tree, path: str, name: str) -> Copied | None:
        """The whole file in one read; `None` where it is larger."""
        file = source.open_file(path)
        try:
            before = os.fstat(file)
            if before.st_size >= _SMALL_BYTES:
                return None
            data = os.read(file, _SMALL_BYTES)
            if len(data) != before.st_size or identity(os.fstat(file)) != identity(before):
                raise changed(path, before.st_size, len(data))
            _check_still_named(source, path, before)
        finally:
            os.close(file)
        if self._pace is not None:
            self._pace.spend(len(data))
        digests = tuple([make(data).hexdigest() for make in self._hashers])
        try:
            self._write(name, data, before.st_mtime_ns)
        except OSError as error:
            raise cannot_write(self._root / name, error) from error
        return len(data), digests

    def _write(self, name: str, data: bytes, modified_at_ns: int) -> None:
        folder, _, last = name.rpartition("/")
        handle = self._folder_handle(folder)
        file = os.open(last, WRITE_FLAGS, 0o666, dir_fd=handle)
        try:
            _write_whole(file, data, modified_at_ns)
        except BaseException:
            os.unlink(last, dir_fd=handle)
            raise

    def _folder_handle(self, folder: str) -> int:
        if folder != self._folder:
            self.close()
            where = self._root / folder
            where.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(where, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY | os.O_NOFOLLOW)
            self._folder = folder
        return self._handle

    def close(self) -> None:
        """Let go of the handle."""
        if self._folder is not None:
            os.close(self._handle)
            self._folder = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _write_whole(file: int, data: bytes, modified_at_ns: int) -> None:
    try:
        written = os.write(file, data)
        while written < len(data):  # nearly never: the disk is about to be full
            written += os.write(file, memoryview(data)[written:])
        os.utime(file, ns=(modified_at_ns, modified_at_ns))
    finally:
        os.close(file)  # some file systems say only now that the disk is full


def _check_still_named(source: Tree, path: str, status: os.stat_result) -> None:
    """Whether the name still stands for the file that was read."""
    try:
        named = source.stat(path)
        is_same = (named.st_dev, named.st_ino) == (status.st_dev, status.st_ino)
    except FileNotFoundError:
        is_same = False
    if not is_same:
        raise changed(path, status.st_size, status.st_size)
