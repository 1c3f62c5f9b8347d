"""Writes reproducible archives: the same members make the same bytes on every machine and at any time.

Owners and permissions are fixed, times and the order of names are the caller's, and nothing is compressed:
the output of a compressor changes with its version.
"""

from __future__ import annotations

import tarfile
import zipfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, Protocol

from archtool.archives.zip.extra_fields import format_times
from archtool.errors import InputError
from archtool.files.file_times import NS_PER_SECOND
from archtool.files.hashing.stream import source_changed
from archtool.files.paths import shown
from archtool.files.source import Sink
from archtool.files.writing.storage_errors import storage_errors

_FILE_MODE = 0o644
_ZIP_MADE_ON_UNIX = 3
_ZIP_FIRST_YEAR, _ZIP_LAST_YEAR = 1980, 2107
_TAR_END_SECONDS = 8**11  # eleven octal digits
_ZIP64_FROM_BYTES = 2**31 - 1
_RECORD = tarfile.RECORDSIZE


class ArchiveWriter(Protocol):
    """The writer of one archive."""

    def begin(self, name: str, size_bytes: int, modified_at_ns: int | None = None) -> Sink:
        """Begin a member; the bytes that its sink receives become its data.

        It gets the given time, in nanoseconds since 1970, otherwise that of the archive.

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
    """Begin an archive; the target must not exist. Members without a time of their own get the given one.

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

    def begin(self, name: str, size_bytes: int, modified_at_ns: int | None = None) -> Sink:
        """See `ArchiveWriter`."""
        header = tarfile.TarInfo(name)
        header.size, header.mtime, header.mode = size_bytes, self._modified, _FILE_MODE
        if modified_at_ns is not None:
            _set_tar_time(header, modified_at_ns)
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
        self._modified = _zip_date(modified_at)
        self._zip = zipfile.ZipFile(target, "x", zipfile.ZIP_STORED, strict_timestamps=True)
        self._member: IO[bytes] = BytesIO()
        self._name, self._size, self._written = "", 0, 0

    def begin(self, name: str, size_bytes: int, modified_at_ns: int | None = None) -> Sink:
        """See `ArchiveWriter`."""
        try:
            name.encode("utf-8")
        except UnicodeEncodeError:
            raise InputError(
                f"a zip cannot store a name that is not UTF-8: {shown(name)}",
                hint="rename the file, or make a tar: --archive tar",
            ) from None
        header = zipfile.ZipInfo(name, self._modified)
        if modified_at_ns is not None:
            _set_zip_time(header, modified_at_ns)
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


def _set_tar_time(header: tarfile.TarInfo, modified_at_ns: int) -> None:
    """Set the time of a member; what its header cannot store goes into an attribute (pax), exactly."""
    header.mtime, fraction = divmod(modified_at_ns, NS_PER_SECOND)
    if fraction or not 0 <= header.mtime < _TAR_END_SECONDS:
        seconds, fraction = divmod(abs(modified_at_ns), NS_PER_SECOND)
        sign = "-" if modified_at_ns < 0 else ""
        header.pax_headers = {"mtime": f"{sign}{seconds}.{fraction:09d}".rstrip("0").rstrip(".")}


def _set_zip_time(header: zipfile.ZipInfo, modified_at_ns: int) -> None:
    """Set the time of a member: in even seconds for every program, more exactly in its extra fields."""
    with suppress(OverflowError):  # no calendar has the time: the date of the archive stays
        seconds = timedelta(seconds=modified_at_ns // NS_PER_SECOND)
        header.date_time = _zip_date(datetime.fromtimestamp(0, UTC) + seconds)
    header.extra = format_times(modified_at_ns)


def _zip_date(moment: datetime) -> tuple[int, int, int, int, int, int]:
    at = moment.astimezone(UTC)  # a zip's times have no zone
    year = min(max(at.year, _ZIP_FIRST_YEAR), _ZIP_LAST_YEAR)
    return (year, at.month, at.day, at.hour, at.minute, at.second)
