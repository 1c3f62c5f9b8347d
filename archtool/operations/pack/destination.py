"""Writes the files of a package into a folder, into one archive or nowhere; knows nothing about packages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from archtool.files.hashing.digests import Algorithm, Digest
from archtool.files.hashing.file_record import FileRecord
from archtool.files.hashing.hash_file import hash_file
from archtool.files.source import FileSource, Sink
from archtool.files.writing.bulk_copy import BulkCopier
from archtool.files.writing.new_files import NewFiles


class NewFile(NamedTuple):
    """A file to be copied: its name in the package, and its size in the source."""

    name: str
    size_bytes: int
    modified_at_ns: int | None = None
    """The time that it gets in an archive; by default that of all members. In a folder it keeps its own."""


class Destination(Protocol):
    """Receives files, each once; an archive keeps their order."""

    def copy(
        self, source: FileSource, path: str, new: NewFile, algorithms: Sequence[Algorithm],
        sinks: Sequence[Sink],
    ) -> FileRecord:  # fmt: skip
        """Copy a file of the source and digest it in the same read; return its record.

        Raises:
            SourceChangedError: it changed while being read, or is not of the given size.
            StorageError: it cannot be written.
            OSError: the source is missing, unreadable or not a file.
        """

    def write(self, name: str, data: bytes) -> None:
        """Write a small file.

        Raises:
            StorageError: it cannot be written.
        """

    def __enter__(self) -> Self:
        """Return itself."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Finish writing; after an error the written files are unusable."""


class FolderDestination:
    """A folder: the form of a package that every tool reads."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._files = NewFiles(str(root))
        self._copier: tuple[FileSource, Sequence[Algorithm], BulkCopier] | None = None

    def copy(
        self, source: FileSource, path: str, new: NewFile, algorithms: Sequence[Algorithm],
        sinks: Sequence[Sink],
    ) -> FileRecord:  # fmt: skip
        """See `Destination`."""
        # size and time are those of the read
        size, digests = self._copier_of(source, algorithms).copy(path, new.name, sinks)
        return FileRecord(new.name, size, tuple(map(Digest, algorithms, digests)))

    def _copier_of(self, source: FileSource, algorithms: Sequence[Algorithm]) -> BulkCopier:
        """Return the copier of the previous file if source and algorithms are the same, else a new one."""
        if self._copier is not None and self._copier[0] is source and self._copier[1] == algorithms:
            return self._copier[2]
        copier = BulkCopier(source, self.root, algorithms, new_files=self._files)
        self._copier = source, algorithms, copier
        return copier

    def write(self, name: str, data: bytes) -> None:
        """See `Destination`."""
        self._files.write(name, data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._files.close()


class DryDestination:
    """Reads and digests what a package would hold, and writes nothing."""

    def copy(
        self, source: FileSource, path: str, new: NewFile, algorithms: Sequence[Algorithm],
        sinks: Sequence[Sink],
    ) -> FileRecord:  # fmt: skip
        """See `Destination`."""
        # the size at the time of the read counts, as in a folder
        record = hash_file(source, path, algorithms, sinks)
        return FileRecord(new.name, record.size_bytes, record.digests)

    def write(self, name: str, data: bytes) -> None:
        """See `Destination`."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        pass


class ArchiveDestination:
    """One archive file with one base folder, which is the package."""

    def __init__(self, target: Path, format_name: str, base: str, modified_at: datetime) -> None:
        from archtool.archives.writer import create_archive  # lazy: brings tarfile, folders do not need it

        self._base = base
        self._writer = create_archive(target, format_name, modified_at)

    def copy(
        self, source: FileSource, path: str, new: NewFile, algorithms: Sequence[Algorithm],
        sinks: Sequence[Sink],
    ) -> FileRecord:  # fmt: skip
        """See `Destination`."""
        sink = self._writer.begin(f"{self._base}/{new.name}", new.size_bytes, new.modified_at_ns)
        record = hash_file(source, path, algorithms, [sink, *sinks])
        self._writer.end()
        return FileRecord(new.name, record.size_bytes, record.digests)

    def write(self, name: str, data: bytes) -> None:
        """See `Destination`."""
        self._writer.begin(f"{self._base}/{name}", len(data)).update(memoryview(data))
        self._writer.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None:
            self._writer.close()
        else:
            self._writer.abandon()
