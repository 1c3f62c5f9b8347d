"""Copies files into one folder, each digested in the same read, with little Python for each small file.

The target folder must be one that this run has made and that no other process uses (`staging`).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from archtool.files.file_kinds import identity
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.stream import source_changed
from archtool.files.source import ClosedOnExit, FileSource, Sink
from archtool.files.tree import HAS_HANDLES, Tree
from archtool.files.workers.concurrency import Pace
from archtool.files.writing.copy_file import copy_and_hash
from archtool.files.writing.new_files import NewFiles

_SMALL_BYTES = 64 * 1024  # read and written in one call each

Copied = tuple[int, tuple[str, ...]]
"""Size in bytes, and the digests in the order of the algorithms: a process returns thousands of them, and
plain values are sent ten times as fast as records."""


class BulkCopier(ClosedOnExit):
    """Copies files from one source into one folder; `new_files` is the folder's writer, if there is one."""

    def __init__(
        self,
        source: FileSource,
        root: Path,
        algorithms: Sequence[Algorithm],
        pace: Pace | None = None,
        new_files: NewFiles | None = None,
    ) -> None:
        self._source = source
        self._root = root
        self._algorithms = algorithms
        self._pace = pace
        self._hashers = [algorithm.hash_at_once for algorithm in algorithms]
        self._new_files = new_files or NewFiles(str(root))

    def copy(self, path: str, name: str, sinks: Sequence[Sink] = ()) -> Copied:
        """Copy a file of the source to `name` below the folder, which must not exist; pass it to the sinks.

        Raises:
            SourceChangedError: the file changed while being read.
            StorageError: the copy cannot be written.
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
        """Copy a file in one read; return `None` where it is too large for that."""
        file, before = source.open_with_status(path)
        try:
            if before.st_size >= _SMALL_BYTES:
                return None
            data = os.read(file, _SMALL_BYTES)
            for sink in sinks:  # before the check below: what a sink finds is true of an unchanged file
                sink.update(memoryview(data))
            if len(data) != before.st_size or identity(os.fstat(file)) != identity(before):
                raise source_changed(path, before.st_size, len(data))
            _check_still_named(source, path, before)
        finally:
            os.close(file)
        digests = tuple([make(data).hexdigest() for make in self._hashers])
        self._new_files.write(name, data, before.st_mtime_ns)
        return len(data), digests

    def close(self) -> None:
        """Close the handles."""
        self._new_files.close()


def _check_still_named(source: Tree, path: str, status: os.stat_result) -> None:
    """Check that the path still names the file that was read."""
    try:
        named = source.stat(path)
        is_same = (named.st_dev, named.st_ino) == (status.st_dev, status.st_ino)
    except FileNotFoundError:
        is_same = False
    if not is_same:
        raise source_changed(path, status.st_size, status.st_size)
