"""Reads a file once for all its digests and for further sinks of its bytes."""

from __future__ import annotations

from collections.abc import Sequence

from archtool.files.hashing.digests import Algorithm, Digest
from archtool.files.hashing.file_record import FileRecord
from archtool.files.read_once import ReadOnceSource
from archtool.files.source import FileSource, Sink


def hash_file(
    source: FileSource, path: str, algorithms: Sequence[Algorithm], sinks: Sequence[Sink] = ()
) -> FileRecord:
    """Digest one file of a source; the sinks receive its bytes in the same read.

    Raises:
        SourceChangedError: the file changed while being read.
        OSError: missing, unreadable or not a file (`NotAFileError`).
    """
    if isinstance(source, ReadOnceSource) and (kept := source.kept(path)) is not None:
        for sink in sinks:
            sink.update(memoryview(kept))
        return FileRecord(path, len(kept), tuple([source.digest_of_kept(path, a) for a in algorithms]))
    hashers = [algorithm.hasher() for algorithm in algorithms]
    size_bytes = source.stream(path, [*hashers, *sinks])
    digests = tuple([Digest(a, h.hexdigest()) for a, h in zip(algorithms, hashers, strict=True)])
    return FileRecord(path, size_bytes, digests)
