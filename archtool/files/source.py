"""The interface of a source of a bag's files: a folder (`Tree`), an archive, or a view of one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Protocol, Self

from archtool.files.file_kinds import FoundFile
from archtool.findings import Finding


class Sink(Protocol):
    """A receiver of all bytes of a file, in order: a hasher, a line counter, a decoder."""

    def update(self, data: memoryview, /) -> None:
        """Process the next bytes; their memory is reused afterwards."""


class InlineSink:
    """A sink that computes nothing, such as a writer or a counter: the reading thread calls it."""


class ClosedOnExit:
    """A context manager that calls its own `close` at the end of the `with` block."""

    def close(self) -> None:
        """Release all resources; a subclass defines which."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class FileSource(Protocol):
    """Files below one root, named by `/`-separated paths. One thread at a time can use it."""

    @property
    def is_sequential(self) -> bool:
        """Whether the bytes can only be read from the beginning: going back means to start again."""

    @property
    def serialisation(self) -> str | None:
        """The format of the archive that contains the files, for instance `tar.gz`; `None` for a folder."""

    @property
    def folder_name(self) -> str | None:
        """The name of the bag's folder in the archive, empty where there is none; `None` for a folder."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings about the archive that contains the files; none for a folder, whose walk reports all."""

    @property
    def is_whole(self) -> bool:
        """Whether the list of files is complete: the archive was read to its end."""

    def walk(self) -> Iterator[FoundFile]:
        """Yield all entries except folders that are not empty."""

    def size_of(self, path: str) -> int:
        """Return the size in bytes of a file that can be opened.

        Raises:
            NotAFileError: not a regular file.
            OSError: missing, or not permitted.
        """

    def read_bytes(self, path: str, limit_bytes: int) -> bytes:
        """Read a small file completely.

        Raises:
            NotAFileError: not a regular file.
            OSError: missing, unreadable, or larger than the limit (`EFBIG`).
        """

    def stream(self, path: str, sinks: Sequence[Sink]) -> int:
        """Pass every byte of a file to every sink, once and in order; return the number of bytes.

        Raises:
            SourceChangedError: the file changed while being read.
            OSError: missing, unreadable or not a file (`NotAFileError`).
        """

    def modified_at_ns(self, path: str) -> int:
        """Return the time of a file's last modification, in nanoseconds of the system's epoch."""

    def position(self, path: str) -> int:
        """Return where a file's bytes begin: files are read fastest in the order of their positions."""

    def reopen(self) -> Self:
        """Return a second view of the same files with new handles, for another thread or a second read."""

    def close(self) -> None:
        """Close every handle."""

    def __enter__(self) -> Self:
        """Return the source itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every handle."""
