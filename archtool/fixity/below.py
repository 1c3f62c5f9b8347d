"""One folder of a source, taken for a source itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from archtool.findings import Finding
from archtool.fixity.filekinds import FoundFile
from archtool.fixity.source import FileSource, Sink


class Below:
    """The files below one folder of a source, by their paths from there on.

    It does not close the source: whoever opened that one does.
    """

    def __init__(self, source: FileSource, folder: str) -> None:
        self._source = source
        self._prefix = f"{folder}/"
        self.is_sequential = source.is_sequential
        self.serialisation = source.serialisation
        self.is_whole = source.is_whole

    @property
    def findings(self) -> tuple[Finding, ...]:
        """See `FileSource`."""
        return self._source.findings

    def walk(self) -> Iterator[FoundFile]:
        """See `FileSource`."""
        length = len(self._prefix)
        for found in self._source.walk():
            if found.path.startswith(self._prefix):
                yield found._replace(path=found.path[length:])

    def size_of(self, path: str) -> int:
        """See `FileSource`."""
        return self._source.size_of(self._prefix + path)

    def read_bytes(self, path: str, limit_bytes: int) -> bytes:
        """See `FileSource`."""
        return self._source.read_bytes(self._prefix + path, limit_bytes)

    def pour(self, path: str, sinks: Sequence[Sink]) -> int:
        """See `FileSource`."""
        return self._source.pour(self._prefix + path, sinks)

    def modified_at_ns(self, path: str) -> int:
        """See `FileSource`."""
        return self._source.modified_at_ns(self._prefix + path)

    def position(self, path: str) -> int:
        """See `FileSource`."""
        return self._source.position(self._prefix + path)

    def again(self) -> Below:
        """See `FileSource`."""
        return Below(self._source.again(), self._prefix.rstrip("/"))

    def close(self) -> None:
        """Let go of the source: for views that `again` gave."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
