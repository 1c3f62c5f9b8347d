"""Copies files below one folder, each digested in the same read, with little Python for each small one.

The target folder is one that this run has made and nobody else knows of (`staging`).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from archtool.files.file_kinds import identity
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.stream import changed
from archtool.files.source import ClosedOnExit, FileSource, Sink
from archtool.files.tree import HAS_HANDLES, Tree
from archtool.files.workers.concurrency import Pace
from archtool.files.writing.copy_file import copy_and_hash
from archtool.files.writing.new_files import NewFiles

_SMALL_BYTES = 64 * 1024  # read and written in one call each

Copied = tuple[int, tuple[str, ...]]
"""Size in bytes, and the digests in the order of the algorithms: a process hands back thousands of them, and
plain values pass ten times as quickly as records do."""


class BulkCopier(ClosedOnExit):
    """From one source into one folder; `written` is who writes there, where somebody writes already."""

    def __init__(
        self,
        source: FileSource,
        root: Path,
        algorithms: Sequence[Algorithm],
        pace: Pace | None = None,
        written: NewFiles | None = None,
    ) -> None:
        self._source = source
        self._root = root
        self._algorithms = algorithms
        self._pace = pace
        self._hashers = [algorithm.hash_at_once for algorithm in algorithms]
        self._written = written or NewFiles(str(root))

    def copy(self, path: str, name: str, sinks: Sequence[Sink] = ()) -> Copied:
        """Copy a file of the source to `name` below the folder; see `transfer.copy_and_hash`.

        Raises:
            SourceChangedError: it changed while being read.
            StorageError: it cannot be written.
            OSError: the source is missing, unreadable or not a file.
        """
        sinks = sinks if self._pace is None else [*sinks, self._pace]
        if isinstance(self._source, Tree) and HAS_HANDLES:
            copied = self._copy_small(self._source, path, name, sinks)
            if copied is not None:
                return copied
        record = copy_and_hash(self._source, path, self._root / name, self._algorithms, sinks)
        return record.size_bytes, tuple(digest.hex for digest in record.digests)

    def _copy_small(self, source: Tree, path: str, name: str, sinks: Sequence[Sink]) -> Copied | None:
        """The whole file in one read; `None` where it is larger."""
        file, before = source.open_and_look(path)
        try:
            if before.st_size >= _SMALL_BYTES:
                return None
            data = os.read(file, _SMALL_BYTES)
            for sink in sinks:  # before the last look: what is seen in it is seen of a file that held still
                sink.update(memoryview(data))
            if len(data) != before.st_size or identity(os.fstat(file)) != identity(before):
                raise changed(path, before.st_size, len(data))
            _check_still_named(source, path, before)
        finally:
            os.close(file)
        digests = tuple([make(data).hexdigest() for make in self._hashers])
        self._written.write(name, data, before.st_mtime_ns)
        return len(data), digests

    def close(self) -> None:
        """Let go of the handles."""
        self._written.close()


def _check_still_named(source: Tree, path: str, status: os.stat_result) -> None:
    """Whether the name still stands for the file that was read."""
    try:
        named = source.stat(path)
        is_same = (named.st_dev, named.st_ino) == (status.st_dev, status.st_ino)
    except FileNotFoundError:
        is_same = False
    if not is_same:
        raise changed(path, status.st_size, status.st_size)
