"""The directory of a zip, entry by entry, each held against the header that stands before its data.

`zipfile` keeps every entry in memory and believes the directory; here nothing is believed of which the
archive says two things. Source: APPNOTE.TXT 6.3 (PKWARE), §4.3 and §4.5.3.
"""

from __future__ import annotations

import os
import stat
import struct
from calendar import timegm
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from archtool.fixity.filekinds import FileKind
from archtool.serialisation.errors import DamagedError
from archtool.serialisation.members import Member

_END = struct.Struct("<4s4H2LH")  # end of the central directory
_END_64_LOCATOR = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_MAX_COMMENT_BYTES = 0xFFFF
_FULL_32, _FULL_16 = 0xFFFFFFFF, 0xFFFF
_EXTRA_ZIP64 = 1
_ENCRYPTED, _SIZES_FOLLOW, _UTF8 = 1, 8, 0x800
_MADE_ON_UNIX = 3
DESCRIPTOR_BYTES = 24  # sizes that follow the data, at most


@dataclass(frozen=True, slots=True)
class Directory:
    """Where the directory lies."""

    offset: int
    size_bytes: int
    entries: int
    end: int
    """Where the records about the directory itself begin: it must reach up to there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A member, and how the archive tells of it."""

    member: Member
    header_offset: int
    is_encrypted: bool
    contradiction: str | None
    """What the header before the data says otherwise."""


def find_directory(file: BinaryIO) -> Directory:
    """Find the directory from the end of the file.

    Raises:
        DamagedError: there is none, or it is not where it is said to be.
    """
    size = file.seek(0, os.SEEK_END)
    begin = max(0, size - _MAX_COMMENT_BYTES - _END.size)
    file.seek(begin)
    tail = file.read(size - begin)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise DamagedError("the directory at the end of the zip is missing")
    _, disk, first_disk, _, entries, length, offset, comment = _END.unpack_from(tail, at)
    if at + _END.size + comment != len(tail):
        raise DamagedError("the zip does not end where its last record says")
    end = begin + at
    if _FULL_16 in (entries, disk) or _FULL_32 in (length, offset):
        entries, length, offset, end = _read_zip64(file, end)
    elif disk or first_disk:
        raise DamagedError("it is one part of several of a zip")
    if offset + length != end:
        raise DamagedError("the zip's directory does not lie where its last record says")
    return Directory(offset, length, entries, end)


def _read_zip64(file: BinaryIO, end: int) -> tuple[int, int, int, int]:
    locator_at = end - _END_64_LOCATOR.size
    signature, _, record_at, _ = _END_64_LOCATOR.unpack(_read_at(file, locator_at, _END_64_LOCATOR.size))
    if signature != b"PK\6\7" or record_at > locator_at:
        raise DamagedError("the record about the directory of a large zip is missing")
    record = _END_64.unpack(_read_at(file, record_at, _END_64.size))
    if record[0] != b"PK\6\6" or record[4] or record[5]:
        raise DamagedError("the record about the directory of a large zip is broken")
    return record[7], record[8], record[9], record_at


def _read_at(file: BinaryIO, offset: int, size_bytes: int) -> bytes:
    if offset < 0:
        raise DamagedError("the zip is cut off")
    file.seek(offset)
    data = file.read(size_bytes)
    if len(data) < size_bytes:
        raise DamagedError("the zip is cut off")
    return data


def read_entries(file: BinaryIO, directory: Directory, headers: BinaryIO) -> Iterator[Entry]:
    """Each entry of the directory; `headers` is the same file opened a second time.

    Raises:
        DamagedError: the directory is broken here.
    """
    file.seek(directory.offset)
    left = directory.size_bytes
    while left >= _ENTRY.size:
        fixed = _ENTRY.unpack(file.read(_ENTRY.size))
        if fixed[0] != b"PK\1\2":
            raise DamagedError("the zip's directory is broken")
        lengths = fixed[10:13]
        left -= _ENTRY.size + sum(lengths)
        if left < 0:
            raise DamagedError("the zip's directory is broken")
        name, extra, _ = (file.read(length) for length in lengths)
        yield _entry(fixed, name, extra, headers)
    if left:
        raise DamagedError("the zip's directory is broken at its end")


def _entry(fixed: tuple[int, ...], raw_name: bytes, extra: bytes, headers: BinaryIO) -> Entry:
    _, made_by, _, flags, method, time, date, crc, packed, size = fixed[:10]
    size, packed, offset = _wide_sizes(size, packed, fixed[16], extra)
    name = decode_name(raw_name, is_utf8=bool(flags & _UTF8))
    data_at, contradiction = _hold_against_local(headers, offset, fixed, raw_name, (size, packed))
    kind = _kind(made_by, fixed[15], name)
    modified = _unix_time(date, time) * 1_000_000_000
    member = Member(name.rstrip("/"), kind, size, data_at, modified, packed, method, crc)
    return Entry(member, offset, bool(flags & _ENCRYPTED), contradiction)


def _wide_sizes(size: int, packed: int, offset: int, extra: bytes) -> tuple[int, int, int]:
    """The true numbers where they do not fit into 32 bits (§4.5.3)."""
    wide = iter(struct.unpack(f"<{len(found) // 8}Q", found) if (found := _zip64_extra(extra)) else ())
    try:
        values = [next(wide) if value == _FULL_32 else value for value in (size, packed, offset)]
    except StopIteration:
        raise DamagedError("an entry of the zip's directory lacks its true sizes") from None
    return values[0], values[1], values[2]


def _zip64_extra(extra: bytes) -> bytes:
    while len(extra) >= 4:
        tag, length = struct.unpack_from("<HH", extra)
        if tag == _EXTRA_ZIP64:
            found = extra[4 : 4 + length]
            return found[: len(found) // 8 * 8]
        extra = extra[4 + length :]
    return b""


def _hold_against_local(
    headers: BinaryIO, offset: int, fixed: tuple[int, ...], name: bytes, sizes: tuple[int, int]
) -> tuple[int, str | None]:
    """Where the data begin, and what the header before them says otherwise than the directory."""
    local = _LOCAL.unpack(_read_at(headers, offset, _LOCAL.size))
    signature, _, flags, method, _, _, crc, packed, size, name_length, extra_length = local
    if signature != b"PK\3\4":
        raise DamagedError(f"no member begins at byte {offset:,}")
    begin = offset + _LOCAL.size + name_length + extra_length
    if headers.read(name_length) != name:
        return begin, "another name"
    if method != fixed[4] or (flags ^ fixed[3]) & (_ENCRYPTED | _SIZES_FOLLOW):
        return begin, "another method"
    if flags & _SIZES_FOLLOW and not (size or packed or crc):
        return begin, None
    size, packed, _ = _wide_sizes(size, packed, 0, headers.read(extra_length))
    if (size, packed) != sizes:
        return begin, f"{size:,} bytes, and not {sizes[0]:,}"
    return begin, None if crc == fixed[7] else "another checksum"


def _kind(made_by: int, attributes: int, name: str) -> FileKind:
    mode = attributes >> 16 if made_by >> 8 == _MADE_ON_UNIX else 0
    if stat.S_IFMT(mode):
        return FileKind.of_mode(mode)
    return FileKind.FOLDER if name.endswith("/") else FileKind.FILE


def decode_name(raw: bytes, *, is_utf8: bool) -> str:
    """A name of a zip: UTF-8 where it says so or is so; otherwise the code page of the first zips."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "surrogateescape") if is_utf8 else raw.decode("cp437")


def _unix_time(date: int, time: int) -> int:
    year, month, day = 1980 + (date >> 9), max(1, date >> 5 & 15), max(1, date & 31)
    return timegm((year, min(month, 12), day, time >> 11, time >> 5 & 63, (time & 31) * 2))
