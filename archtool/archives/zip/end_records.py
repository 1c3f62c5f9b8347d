"""Reads the records at the end of a zip, which contain the position of its directory.

Source: APPNOTE.TXT 6.3 (PKWARE), §4.3.14 to §4.3.16, §4.4.19 to §4.4.24.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from typing import BinaryIO

from archtool.archives.errors import DamagedError
from archtool.archives.limits import MAX_OFFSET

_END = struct.Struct("<4s4H2LH")  # end of the central directory
_END_64_LOCATOR = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_MAX_COMMENT_BYTES = 0xFFFF
FULL_32, FULL_16 = 0xFFFFFFFF, 0xFFFF  # "the true number does not fit here" (§4.4.1.4)
_ONE_PART = "it is one part of several of a zip"
_CONTRADICTION = "the two last records of the zip contradict each other about its directory"


@dataclass(frozen=True, slots=True)
class Directory:
    """The position of the directory."""

    offset: int
    size_bytes: int
    entries: int
    end: int
    """Where the records about the directory begin: the directory must end there."""
    is_wide: bool
    """Whether there is a record for large zips; without it 65,536 entries are counted as 0."""


def find_directory(file: BinaryIO) -> Directory:
    """Find the directory from the end of the file.

    Raises:
        DamagedError: there is none, or it is not at the recorded position.
    """
    size = file.seek(0, os.SEEK_END)
    begin = max(0, size - _MAX_COMMENT_BYTES - _END.size)
    file.seek(begin)
    tail = file.read(size - begin)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise DamagedError("the directory at the end of the zip is missing")
    *numbers, comment = _END.unpack_from(tail, at)[1:]
    end_of_comment = at + _END.size + comment
    # zeros can follow (bsdtar fills a pipe up to a record of 10,240 bytes): every reader ignores them
    if end_of_comment > len(tail) or any(tail[end_of_comment:]):
        raise DamagedError("the zip does not end where its last record says")
    end = begin + at
    directory = _read_wide(file, end, numbers) if _is_wide(file, end) else _read_narrow(end, numbers)
    if not directory.is_wide and FULL_32 in (directory.offset, directory.size_bytes):
        raise DamagedError("the record about the directory of a large zip is missing")
    if directory.offset + directory.size_bytes != directory.end:
        raise DamagedError("the zip's directory is not where its last record says")
    return directory


def _read_narrow(end: int, numbers: list[int]) -> Directory:
    disk, first_disk, on_disk, entries, length, offset = numbers
    if disk or first_disk or on_disk != entries:
        raise DamagedError(_ONE_PART)
    return Directory(offset, length, entries, end, is_wide=False)


def _is_wide(file: BinaryIO, end: int) -> bool:
    """Return whether there is a record for large zips: some tools use it even where it is not needed."""
    locator_at = end - _END_64_LOCATOR.size
    return locator_at >= 0 and read_at(file, locator_at, 4) == b"PK\6\7"


def _read_wide(file: BinaryIO, end: int, numbers: list[int]) -> Directory:
    locator_at = end - _END_64_LOCATOR.size
    _, disk, record_at, parts = _END_64_LOCATOR.unpack(read_at(file, locator_at, _END_64_LOCATOR.size))
    if disk or parts > 1:
        raise DamagedError(_ONE_PART)
    if parts != 1 or record_at > locator_at:
        raise DamagedError("the record about the directory of a large zip is not at its recorded position")
    record = _END_64.unpack(read_at(file, record_at, _END_64.size))
    is_sized = record[1] + 12 == locator_at - record_at
    if record[0] != b"PK\6\6" or record[4] or record[5] or record[6] != record[7] or not is_sized:
        raise DamagedError("the record about the directory of a large zip is broken")
    # each number in the plain record must be equal, or the value for a number that does not fit
    for narrow, wide, full in zip(numbers, record[4:], 4 * [FULL_16] + 2 * [FULL_32], strict=True):
        if narrow not in (wide, full):
            raise DamagedError(_CONTRADICTION)
    entries, length, offset = record[7:]
    return Directory(offset, length, entries, record_at, is_wide=True)


def read_at(file: BinaryIO, offset: int, size_bytes: int) -> bytes:
    """Read exactly the given number of bytes from an offset.

    Raises:
        DamagedError: the file ends before.
    """
    if not 0 <= offset < MAX_OFFSET:
        raise DamagedError("the zip is truncated")
    file.seek(offset)
    data = file.read(size_bytes)
    if len(data) < size_bytes:
        raise DamagedError("the zip is truncated")
    return data
