"""Views of a source: its files under other paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Self

from archtool.files.file_kinds import FoundFile
from archtool.files.source import ClosedOnExit, FileSource, Sink
from archtool.findings import Finding


class SourceView(ClosedOnExit):
    """A source that passes every call on to another source; subclasses override methods.

    Do not close a view of a source that the caller opened: the caller closes that source. `close` is for the
    views that `reopen` returns, which own their source.
    """

    def __init__(self, source: FileSource) -> None:
        self.inner = source
        """The source whose files this view shows."""
        self.is_sequential = source.is_sequential
        self.serialisation = source.serialisation
        self.folder_name = source.folder_name

    def _inner_path(self, path: str) -> str:
        """Return the path that a file of this view has in the inner source."""
        return path

    def _view_of(self, source: FileSource) -> Self:
        """Return a view of another source with the settings of this one."""
        return type(self)(source)

    @property
    def is_whole(self) -> bool:
        """See `FileSource`."""
        return self.inner.is_whole

    @property
    def findings(self) -> tuple[Finding, ...]:
        """See `FileSource`."""
        return self.inner.findings

    def walk(self) -> Iterator[FoundFile]:
        """See `FileSource`."""
        return self.inner.walk()

    def size_of(self, path: str) -> int:
        """See `FileSource`."""
        return self.inner.size_of(self._inner_path(path))

    def read_bytes(self, path: str, limit_bytes: int) -> bytes:
        """See `FileSource`."""
        return self.inner.read_bytes(self._inner_path(path), limit_bytes)

    def stream(self, path: str, sinks: Sequence[Sink]) -> int:
        """See `FileSource`."""
        return self.inner.stream(self._inner_path(path), sinks)

    def modified_at_ns(self, path: str) -> int:
        """See `FileSource`."""
        return self.inner.modified_at_ns(self._inner_path(path))

    def position(self, path: str) -> int:
        """See `FileSource`."""
        return self.inner.position(self._inner_path(path))

    def reopen(self) -> Self:
        """See `FileSource`."""
        return self._view_of(self.inner.reopen())

    def close(self) -> None:
        """Close the inner source."""
        self.inner.close()


class Subtree(SourceView):
    """The files of one folder of a source; their paths are relative to that folder."""

    def __init__(self, source: FileSource, folder: str) -> None:
        super().__init__(source)
        self._folder = folder

    def _inner_path(self, path: str) -> str:
        return f"{self._folder}/{path}"

    def _view_of(self, source: FileSource) -> Self:
        return type(self)(source, self._folder)

    def walk(self) -> Iterator[FoundFile]:
        """See `FileSource`."""
        prefix = f"{self._folder}/"
        for found in self.inner.walk():
            if found.path.startswith(prefix):
                yield found._replace(path=found.path.removeprefix(prefix))


class RenamedSource(SourceView):
    """A source in which some files have other names than on the disk.

    A description names `lettre-é.txt` in one Unicode form, and macOS returns the name in another form: both
    mean one file. The package gets the name in the description, and the bytes of the file on the disk.
    """

    def __init__(self, source: FileSource, names_on_disk: Mapping[str, str]) -> None:
        """`names_on_disk` maps the name of a file in this view to its name on the disk."""
        super().__init__(source)
        self._names = names_on_disk
        self._names_in_view = {on_disk: name for name, on_disk in names_on_disk.items()}

    def _inner_path(self, path: str) -> str:
        return self._names.get(path, path)

    def _view_of(self, source: FileSource) -> Self:
        return type(self)(source, self._names)

    def walk(self) -> Iterator[FoundFile]:
        """See `FileSource`."""
        for found in self.inner.walk():
            yield found._replace(path=self._names_in_view.get(found.path, found.path))
