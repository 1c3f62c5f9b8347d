"""Reads a file of a bag into memory, and compares it with its digests in the same read."""

from __future__ import annotations

from collections.abc import Sequence

from archtool.bagit.fixity import FixityTask, Outcome, check_file
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.file_record import FileRecord
from archtool.files.hashing.hash_file import hash_file
from archtool.files.source import FileSource, Sink


def read_compared(source: FileSource, task: FixityTask, sink: Sink) -> Outcome:
    """Read a file into a sink, and compare it with its digests.

    A file that differs is read once more; the sink receives the bytes of the first read only.
    """
    sinks = [sink]

    def read(path: str, algorithms: Sequence[Algorithm]) -> FileRecord:
        return hash_file(source, path, algorithms, [sinks.pop()] if sinks else [])

    return check_file(task, read)
