"""Writes reproducible archives: the same members make the same bytes on every machine and at any time.

Owners, permissions and times are fixed, names are in the caller's order, and nothing is compressed: the
output of a compressor changes with its version.
"""

from __future__ import annotations

import tarfile
import zipfile
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Protocol

from archtool.errors import InputError
from archtool.files.hashing.stream import source_changed
from archtool.files.paths import shown
from archtool.files.source import Sink
from archtool.files.writing.storage_errors import storage_errors

_FILE_MODE = 0o644
_ZIP_MADE_ON_UNIX = 3
_ZIP_FIRST_YEAR, _ZIP_LAST_YEAR = 1980, 2107
_ZIP64_FROM_BYTES = 2**31 - 1
_RECORD = tarfile.RECORDSIZE


class ArchiveWriter(Protocol):
    """The writer of one archive."""

    def begin(self, name: str, size_bytes: int) -> Sink:
        """Begin a member; the bytes that its sink receives become its data.

        Raises:
            InputError: this format cannot store such a name.
            StorageError: the archive cannot be written.
        """

    def end(self) -> None:
        """End the member.

        Raises:
            SourceChangedError: the member has not the announced size.
        """

    def close(self) -> None:
        """Finish the archive."""

    def abandon(self) -> None:
        """Close an unfinished archive that will not be used."""


def create_archive(target: Path, format_name: str, modified_at: datetime) -> ArchiveWriter:
    """Begin an archive; the target must not exist. All members get the given time.

    Raises:
        StorageError: the target cannot be written.
    """
    with storage_errors(target):
        return TarWriter(target, modified_at) if format_name == "tar" else ZipWriter(target, modified_at)


class TarWriter:
    """Writes a tar in the POSIX format of 2001 (pax), which allows names and sizes of any length."""

    def __init__(self, target: Path, modified_at: datetime) -> None:
        self._target = target
        self._modified = int(modified_at.timestamp())
        self._file = target.open("xb")
        self._name, self._size, self._written = "", 0, 0

    def begin(self, name: str, size_bytes: int) -> Sink:
        """See `ArchiveWriter`."""
        header = tarfile.TarInfo(name)
        header.size, header.mtime, header.mode = size_bytes, self._modified, _FILE_MODE
        self._name, self._size, self._written = name, size_bytes, 0
        with storage_errors(self._target):
            self._file.write(header.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape"))
        return self

    def update(self, data: memoryview, /) -> None:
        """Write the member's next bytes."""
        self._written += len(data)
        with storage_errors(self._target):
            self._file.write(data)

    def end(self) -> None:
        """See `ArchiveWriter`."""
        if self._written != self._size:
            raise source_changed(self._name, self._size, self._written)
        with storage_errors(self._target):
            self._file.write(bytes(-self._size % tarfile.BLOCKSIZE))

    def close(self) -> None:
        """See `ArchiveWriter`."""
        with storage_errors(self._target), self._file as file:
            end = file.tell() + 2 * tarfile.BLOCKSIZE
            file.write(bytes(2 * tarfile.BLOCKSIZE + -end % _RECORD))

    def abandon(self) -> None:
        """See `ArchiveWriter`."""
        with suppress(OSError):  # the disk can be full
            self._file.close()


class ZipWriter:
    """Writes a zip with uncompressed members."""

    def __init__(self, target: Path, modified_at: datetime) -> None:
        self._target = target
        at = modified_at.astimezone(UTC)  # a zip's times have no zone
        year = min(max(at.year, _ZIP_FIRST_YEAR), _ZIP_LAST_YEAR)
        self._modified = (year, at.month, at.day, at.hour, at.minute, at.second)
        self._zip = zipfile.ZipFile(target, "x", zipfile.ZIP_STORED, strict_timestamps=True)
        self._member: IO[bytes] = BytesIO()
        self._name, self._size, self._written = "", 0, 0

    def begin(self, name: str, size_bytes: int) -> Sink:
        """See `ArchiveWriter`."""
        try:
            name.encode("utf-8")
        except UnicodeEncodeError:
            raise InputError(
                f"a zip cannot store a name that is not UTF-8: {shown(name)}",
                hint="rename the file, or make a tar: --archive tar",
            ) from None
        header = zipfile.ZipInfo(name, self._modified)
        header.create_system, header.external_attr = _ZIP_MADE_ON_UNIX, (0o100000 | _FILE_MODE) << 16
        self._name, self._size, self._written = name, size_bytes, 0
        with storage_errors(self._target):
            self._member = self._zip.open(header, "w", force_zip64=size_bytes > _ZIP64_FROM_BYTES)
        return self

    def update(self, data: memoryview, /) -> None:
        """Write the member's next bytes."""
        self._written += len(data)
        if self._written <= self._size:  # a larger member is refused at its end
            with storage_errors(self._target):
                self._member.write(data)

    def end(self) -> None:
        """See `ArchiveWriter`."""
        with storage_errors(self._target):
            self._member.close()
        if self._written != self._size:
            raise source_changed(self._name, self._size, self._written)

    def close(self) -> None:
        """See `ArchiveWriter`."""
        with storage_errors(self._target):
            self._zip.close()

    def abandon(self) -> None:
        """See `ArchiveWriter`."""
        with suppress(OSError, ValueError, RuntimeError):
            self._member.close()
        with suppress(OSError, ValueError):
            self._zip.close()
