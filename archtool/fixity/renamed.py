"""A source in which some files have other names than on the disk.

A description names `lettre-é.txt` in one Unicode form, macOS hands the name out in another: the same file.
The package gets the name of the description, the bytes come from the file that is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self

from archtool.findings import Finding
from archtool.fixity.filekinds import FoundFile
from archtool.fixity.source import FileSource, Sink


class Renamed:
    """The files of a source, some of them by other names."""

    def __init__(self, source: FileSource, names_on_disk: Mapping[str, str]) -> None:
        """`names_on_disk` has the real name of each file that is named otherwise here."""
        self._source = source
        self._names = names_on_disk
        self._shown_as = {real: name for name, real in names_on_disk.items()}
        self.is_sequential = source.is_sequential
        self.serialisation = source.serialisation
        self.is_whole = source.is_whole

    @property
    def findings(self) -> tuple[Finding, ...]:
        """See `FileSource`."""
        return self._source.findings

    def _real(self, path: str) -> str:
        return self._names.get(path, path)

    def walk(self) -> Iterator[FoundFile]:
        """See `FileSource`."""
        for found in self._source.walk():
            yield found._replace(path=self._shown_as.get(found.path, found.path))

    def size_of(self, path: str) -> int:
        """See `FileSource`."""
        return self._source.size_of(self._real(path))

    def read_bytes(self, path: str, limit_bytes: int) -> bytes:
        """See `FileSource`."""
        return self._source.read_bytes(self._real(path), limit_bytes)

    def pour(self, path: str, sinks: Sequence[Sink]) -> int:
        """See `FileSource`."""
        return self._source.pour(self._real(path), sinks)

    def modified_at_ns(self, path: str) -> int:
        """See `FileSource`."""
        return self._source.modified_at_ns(self._real(path))

    def position(self, path: str) -> int:
        """See `FileSource`."""
        return self._source.position(self._real(path))

    def again(self) -> Renamed:
        """See `FileSource`."""
        return Renamed(self._source.again(), self._names)

    def close(self) -> None:
        """Let go of the source: for views that `again` gave."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
