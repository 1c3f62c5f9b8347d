"""A source without files: it stands for a package that is gone, or for an archive that cannot be read."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence

from archtool.files.file_kinds import FoundFile
from archtool.files.source import ClosedOnExit, Sink
from archtool.findings import Finding


class NoFiles(ClosedOnExit):
    """See `FileSource`; every file is missing."""

    is_sequential = True
    serialisation: str | None = None
    folder_name: str | None = None
    findings: tuple[Finding, ...] = ()
    is_whole = True

    def walk(self) -> Iterator[FoundFile]:
        """Yield nothing."""
        return iter(())

    def size_of(self, path: str) -> int:
        """Raise: there is no such file."""
        raise _missing(path)

    def read_bytes(self, path: str, limit_bytes: int) -> bytes:
        """Raise: there is no such file."""
        del limit_bytes
        raise _missing(path)

    def stream(self, path: str, sinks: Sequence[Sink]) -> int:
        """Raise: there is no such file."""
        del sinks
        raise _missing(path)

    def modified_at_ns(self, path: str) -> int:
        """Raise: there is no such file."""
        raise _missing(path)

    def position(self, path: str) -> int:
        """Return 0."""
        del path
        return 0

    def reopen(self) -> NoFiles:
        """Return a source without files."""
        return NoFiles()


def _missing(path: str) -> FileNotFoundError:
    return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
