"""Copies a file and computes its digests in one read: the copy and the digests come from the same bytes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.file_record import FileRecord
from archtool.files.hashing.hash_file import hash_file
from archtool.files.source import FileSource, InlineSink, Sink
from archtool.files.tree import Tree
from archtool.files.writing.blocked import while_blocked
from archtool.files.writing.direct_io import FIRST_BYTES, DirectWriter
from archtool.files.writing.new_files import WRITE_FLAGS
from archtool.files.writing.storage_errors import storage_errors
from archtool.files.writing.writeback import EARLY_BYTES, begin_writing


def copy_and_hash(
    source: FileSource, path: str, target: Path, algorithms: Sequence[Algorithm], sinks: Sequence[Sink] = ()
) -> FileRecord:
    """Copy one payload file and digest it in the same read; its modification time is kept.

    The target must not exist; a failed copy is removed. It is not flushed here: `staging` does that for all
    files together.

    Raises:
        SourceChangedError: the file grew, shrank or was replaced while being read.
        StorageError: the target cannot be written (full, read-only).
        OSError: the source is missing, unreadable or not a file (`NotAFileError`).

    Source: RFC 8493 §2.1.3 (payload manifest), §2.4 (algorithms).
    """
    writer = _Writer(target)
    try:
        try:
            if isinstance(source, Tree) and source.stat(path).st_size >= FIRST_BYTES:
                writer.bypass_cache()
            record = hash_file(source, path, algorithms, [writer, *sinks])
            writer.keep_time(source.modified_at_ns(path))
        finally:
            writer.close()
    except BaseException:
        while_blocked(os.unlink, target)
        raise
    return record


class _Writer(InlineSink):
    """A sink that writes a file; its failures are `StorageError`s, not errors of the source."""

    def __init__(self, target: Path) -> None:
        self.target = target
        with storage_errors(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(target, WRITE_FLAGS, 0o666)
        self._written_bytes = self._flushed_bytes = 0
        self._direct: DirectWriter | None = None

    def bypass_cache(self) -> None:
        """Write past the system's cache; only for large files, and for blocks in aligned memory."""
        self._direct = DirectWriter(self._descriptor)

    def update(self, data: memoryview, /) -> None:
        self._written_bytes += len(data)
        with storage_errors(self.target):
            if self._direct is not None:
                data = self._direct.write(data)
                if not data:  # it is on the disk
                    self._flushed_bytes = self._written_bytes
            while data:
                data = data[os.write(self._descriptor, data) :]
        pending = self._written_bytes - self._flushed_bytes
        if pending >= EARLY_BYTES:  # otherwise the disk begins only when the whole file is written
            begin_writing(self._descriptor, self._flushed_bytes, pending)
            self._flushed_bytes = self._written_bytes

    def keep_time(self, modified_at_ns: int) -> None:
        with storage_errors(self.target):
            while_blocked(os.utime, self.target, ns=(modified_at_ns, modified_at_ns))

    def close(self) -> None:
        with storage_errors(self.target):  # some file systems report only now that the disk is full
            os.close(self._descriptor)
