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
_MAX_OFFSET = 2**63  # no file is longer, and seeking further is no answer but an error
_FULL_32, _FULL_16 = 0xFFFFFFFF, 0xFFFF
_EXTRA_ZIP64, _EXTRA_NAME = 1, 0x7075
_ENCRYPTED, _SIZES_FOLLOW, _UTF8 = 1, 8, 0x800
_UNREADABLE_FLAGS = _ENCRYPTED | 0x2060  # and patches, strong encryption, a hidden directory
_MAX_VERSION = 63  # of the format, in tenths: who writes a higher one asks that nobody tries
_MADE_ON_UNIX, _MADE_ON_MAC = 3, 19
_NO_FILES = frozenset((stat.S_IFLNK, stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFCHR, stat.S_IFBLK))
DESCRIPTOR_BYTES = 24  # sizes that follow the data, at most


@dataclass(frozen=True, slots=True)
class Directory:
    """Where the directory lies."""

    offset: int
    size_bytes: int
    entries: int
    end: int
    """Where the records about the directory itself begin: it must reach up to there."""
    is_wide: bool
    """Whether there is a record for large zips: the others count 65,536 entries as none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A member, and how the archive tells of it."""

    member: Member
    header_offset: int
    why_unreadable: str | None
    contradictions: tuple[str, ...]
    """What is said in two places otherwise, so that tools differ in what they extract."""


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
    is_wide = _is_wide(file, end)
    if is_wide:
        said = (entries, _FULL_16), (length, _FULL_32), (offset, _FULL_32)
        entries, length, offset, end = _read_zip64(file, end)
        for (narrow, full), wide in zip(said, (entries, length, offset), strict=True):
            if narrow not in (wide, full):
                raise DamagedError("the two last records of the zip say different things of its directory")
    elif disk or first_disk:
        raise DamagedError("it is one part of several of a zip")
    if offset + length != end:
        raise DamagedError("the zip's directory does not lie where its last record says")
    return Directory(offset, length, entries, end, is_wide)


def _is_wide(file: BinaryIO, end: int) -> bool:
    """Whether there is a record for large zips: some tools believe it even where it is not needed."""
    locator_at = end - _END_64_LOCATOR.size
    return locator_at >= 0 and _read_at(file, locator_at, 4) == b"PK\6\7"


def _read_zip64(file: BinaryIO, end: int) -> tuple[int, int, int, int]:
    locator_at = end - _END_64_LOCATOR.size
    _, _, record_at, parts = _END_64_LOCATOR.unpack(_read_at(file, locator_at, _END_64_LOCATOR.size))
    if parts > 1:
        raise DamagedError("it is one part of several of a zip")
    if record_at > locator_at:
        raise DamagedError("the record about the directory of a large zip is missing")
    record = _END_64.unpack(_read_at(file, record_at, _END_64.size))
    said_bytes, follows = record[1] + 12, locator_at - record_at
    if record[0] != b"PK\6\6" or record[4] or record[5] or record[6] != record[7] or said_bytes != follows:
        raise DamagedError("the record about the directory of a large zip is broken")
    return record[7], record[8], record[9], record_at


def _read_at(file: BinaryIO, offset: int, size_bytes: int) -> bytes:
    if not 0 <= offset < _MAX_OFFSET:
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
    _, made_by, version, flags, method, time, date, crc, packed, size = fixed[:10]
    size, packed, offset = _wide_sizes(size, packed, fixed[16], extra)
    local = _read_local(headers, offset)
    said = _Said(flags, method, crc, packed, size, raw_name)
    name, other = _read_name(raw_name, (extra, local.extra), is_utf8=bool(flags & _UTF8))
    mode = fixed[15] >> 16
    kind, odd = _kind(mode, name, is_unix=made_by >> 8 in (_MADE_ON_UNIX, _MADE_ON_MAC))
    modified = _unix_time(date, time) * 1_000_000_000
    member = Member(name.rstrip("/"), kind, size, local.data_at, modified, packed, method, crc)
    contradictions = (f for f in (_contradiction(local, said), other, odd) if f is not None)
    return Entry(member, offset, _why_unreadable(flags | local.said.flags, version), tuple(contradictions))


def _why_unreadable(flags: int, version: int) -> str | None:
    if flags & _UNREADABLE_FLAGS:
        return "encrypted, or a patch to another file"
    if version > _MAX_VERSION:
        return f"to be unpacked by version {version / 10} of zip, which there is not"
    return None


def _wide_sizes(size: int, packed: int, offset: int, extra: bytes) -> tuple[int, int, int]:
    """The true numbers where they do not fit into 32 bits (§4.5.3)."""
    wide = iter(struct.unpack(f"<{len(found) // 8}Q", found) if (found := _zip64_extra(extra)) else ())
    try:
        values = [next(wide) if value == _FULL_32 else value for value in (size, packed, offset)]
    except StopIteration:
        raise DamagedError("an entry of the zip's directory lacks its true sizes") from None
    return values[0], values[1], values[2]


def _zip64_extra(extra: bytes) -> bytes:
    found = _extra_field(extra, _EXTRA_ZIP64)
    return found[: len(found) // 8 * 8]


def _extra_field(extra: bytes, wanted: int) -> bytes:
    while len(extra) >= 4:
        tag, length = struct.unpack_from("<HH", extra)
        if tag == wanted:
            return extra[4 : 4 + length]
        extra = extra[4 + length :]
    return b""


@dataclass(frozen=True, slots=True)
class _Said:
    """What one header says of a member."""

    flags: int
    method: int
    crc32: int
    packed_bytes: int
    size_bytes: int
    name: bytes


@dataclass(frozen=True, slots=True)
class _Local:
    """The header before the data."""

    said: _Said
    extra: bytes
    data_at: int


def _read_local(headers: BinaryIO, offset: int) -> _Local:
    local = _LOCAL.unpack(_read_at(headers, offset, _LOCAL.size))
    signature, _, flags, method, _, _, crc, packed, size, name_length, extra_length = local
    if signature != b"PK\3\4":
        raise DamagedError(f"no member begins at byte {offset:,}")
    name, extra = headers.read(name_length), headers.read(extra_length)
    size, packed, _ = _wide_sizes(size, packed, 0, extra)
    data_at = offset + _LOCAL.size + name_length + extra_length
    return _Local(_Said(flags, method, crc, packed, size, name), extra, data_at)


def _contradiction(local: _Local, said: _Said) -> str | None:
    """What the header before the data says otherwise than the directory."""
    other = local.said
    where = "the header before the data says:"
    if other.name != said.name:
        return f"{where} another name"
    if other.method != said.method or (other.flags ^ said.flags) & (
        _UNREADABLE_FLAGS | _SIZES_FOLLOW | _UTF8
    ):
        return f"{where} another method"
    if other.flags & _SIZES_FOLLOW and not (other.size_bytes or other.packed_bytes or other.crc32):
        return None
    if (other.size_bytes, other.packed_bytes) != (said.size_bytes, said.packed_bytes):
        return f"{where} {other.size_bytes:,} bytes, and not {said.size_bytes:,}"
    return None if other.crc32 == said.crc32 else f"{where} another checksum"


def _kind(mode: int, name: str, *, is_unix: bool) -> tuple[FileKind, str | None]:
    """What a member is: by its mode and by the end of its name, which must agree."""
    kind = FileKind.FOLDER if name.endswith("/") else FileKind.FILE
    if stat.S_IFMT(mode) in _NO_FILES:  # whichever system it was made on: some tools do not ask
        return FileKind.of_mode(mode), None
    if is_unix and stat.S_IFMT(mode) and FileKind.of_mode(mode) is not kind:
        return kind, f"a {kind.value} by its name, and a {FileKind.of_mode(mode).value} by its mode"
    if "\\" in name and not is_unix:
        return kind, "a name with a `\\`, which some tools read as a `/`"
    return kind, None


def _read_name(raw: bytes, extras: tuple[bytes, ...], *, is_utf8: bool) -> tuple[str, str | None]:
    """The name, and where a second one in an extra field (§4.6.9) is another one.

    The second one is there for names in a code page that nobody knows: only of those it is believed.
    """
    name = decode_name(raw, is_utf8=is_utf8)
    said = {field[5:] for field in (_extra_field(extra, _EXTRA_NAME) for extra in extras) if field}
    others = {decode_name(other, is_utf8=True) for other in said}
    if not others or others == {name}:
        return name, None
    if len(others) == 1 and not is_utf8 and not _is_utf8(raw):
        return others.pop(), None
    return name, "its name in an extra field is another one"


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def decode_name(raw: bytes, *, is_utf8: bool) -> str:
    """A name of a zip: UTF-8 where it says so or is so; otherwise the code page of the first zips."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "surrogateescape") if is_utf8 else raw.decode("cp437")


def _unix_time(date: int, time: int) -> int:
    year, month, day = 1980 + (date >> 9), max(1, date >> 5 & 15), max(1, date & 31)
    return timegm((year, min(month, 12), day, time >> 11, time >> 5 & 63, (time & 31) * 2))
