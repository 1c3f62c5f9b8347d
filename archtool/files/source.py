"""What every place that holds a bag's files can do: a folder (`Tree`) and an archive of one alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from archtool.files.file_kinds import FoundFile
    from archtool.findings import Finding


class Sink(Protocol):
    """Something that is shown every byte of a file, in order: a hasher, a line counter, a decoder."""

    def update(self, data: memoryview, /) -> None:
        """Take in the next bytes; the memory is used again afterwards."""


class StoringSink:
    """A sink that waits for a disk and not for a processor: whoever reads can serve it meanwhile."""


class ClosedOnExit:
    """A context manager that calls its own `close` at the end of the `with` block."""

    def close(self) -> None:
        """Release what is held open; a subclass says what that is."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class FileSource(Protocol):
    """Files below one root, named by `/`-separated paths. Not for use by two threads at once."""

    @property
    def is_sequential(self) -> bool:
        """Whether its bytes can only be had from the beginning on: to go back is to begin again."""

    @property
    def serialisation(self) -> str | None:
        """The format of the archive that holds the files, for instance `tar.gz`; `None` for a folder."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be said of what holds the files; nothing of a folder, for the walk tells all."""

    @property
    def is_whole(self) -> bool:
        """Whether all that is there could be seen."""

    def walk(self) -> Iterator[FoundFile]:
        """Everything there is but folders with something in them."""

    def size_of(self, path: str) -> int:
        """The size of a file that can be opened, in bytes.

        Raises:
            NotAFileError: not a regular file.
            OSError: missing, or may not be read.
        """

    def read_bytes(self, path: str, limit_bytes: int) -> bytes:
        """Read a small file whole.

        Raises:
            NotAFileError: not a regular file.
            OSError: missing, unreadable, or larger than the limit (`EFBIG`).
        """

    def stream(self, path: str, sinks: Sequence[Sink]) -> int:
        """Show every byte of a file to every sink, once and in order; gives their number.

        Raises:
            SourceChangedError: it changed while being read.
            OSError: missing, unreadable or not a file (`NotAFileError`).
        """

    def modified_at_ns(self, path: str) -> int:
        """The time of a file's last change, in nanoseconds of the system's epoch."""

    def position(self, path: str) -> int:
        """Where a file's bytes begin: files are read fastest in the order of their positions."""

    def again(self) -> Self:
        """A second view of the same files through fresh handles, for another thread or another look."""

    def close(self) -> None:
        """Let go of every handle."""

    def __enter__(self) -> Self:
        """Give itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of every handle."""
