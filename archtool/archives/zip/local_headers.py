"""Reads the headers around a member's data in a zip, and compares them with the directory.

Source: APPNOTE.TXT 6.3 (PKWARE), §4.3.7 (header before the data), §4.3.9 (sizes that follow the data).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from archtool.archives.errors import DamagedError
from archtool.archives.limits import MAX_OFFSET
from archtool.archives.zip.end_records import read_at
from archtool.archives.zip.extra_fields import Extra, parse_extra, true_numbers

_LOCAL = struct.Struct("<4s5H3L2H")
HEADER_MARK, _SIGNATURE = b"PK\3\4", b"PK\7\x08"
MARKS = (HEADER_MARK, b"PK\1\2", b"PK\5\6", b"PK\6\6")
"""The first bytes of a member, of the directory and of its two last records."""
_FOLLOWING, _FOLLOWING_WIDE = struct.Struct("<3L"), struct.Struct("<L2Q")
ENCRYPTED, SIZES_FOLLOW, UTF8 = 1, 8, 0x800
UNREADABLE_FLAGS = ENCRYPTED | 0x2060  # and patches, strong encryption, a hidden directory
_WHERE = "the header before the data has"


@dataclass(frozen=True, slots=True)
class HeaderFields:
    """The values of one header of a member."""

    flags: int
    method: int
    crc32: int
    packed_bytes: int
    size_bytes: int
    name: bytes
    is_wide: bool
    """Whether a size is written with 64 bits."""


@dataclass(frozen=True, slots=True)
class LocalHeader:
    """The header before the data."""

    fields: HeaderFields
    extra: Extra
    data_at: int


def read_local(headers: BinaryIO, offset: int) -> LocalHeader:
    """Read the header that begins at a byte.

    Raises:
        DamagedError: none begins there, or it is truncated.
    """
    fixed = _LOCAL.unpack(read_at(headers, offset, _LOCAL.size))
    signature, _, flags, method, _, _, crc, packed, size, name_length, extra_length = fixed
    if signature != HEADER_MARK:
        raise DamagedError(f"no member begins at byte {offset:,}")
    name, extra = headers.read(name_length), parse_extra(headers.read(extra_length))
    true = true_numbers(size, packed, 0, 0, extra)
    data_at = offset + _LOCAL.size + name_length + extra_length
    return LocalHeader(
        HeaderFields(flags, method, crc, true.packed, true.size, name, true.is_wide), extra, data_at
    )


def contradictions(local: LocalHeader, entry: HeaderFields) -> Iterator[str]:
    """Yield the first difference between the header before the data and the directory's entry.

    Where the numbers follow the data (§4.4.4, bit 3), the header was written before they were known: each of
    them is zero, or already the true one. libarchive and Info-ZIP write the size and leave the others zero.
    """
    other = local.fields
    if other.name != entry.name:
        yield f"{_WHERE} another name than the directory"
    elif other.method != entry.method:
        yield f"{_WHERE} another method than the directory"
    elif (other.flags ^ entry.flags) & (UNREADABLE_FLAGS | SIZES_FOLLOW | UTF8):
        yield f"{_WHERE} other flags than the directory (encrypted, sizes that follow, a name in UTF-8)"
    else:
        numbers = (
            ("the size", other.size_bytes, entry.size_bytes),
            ("the packed size", other.packed_bytes, entry.packed_bytes),
            ("the checksum (CRC-32)", other.crc32, entry.crc32),
        )
        can_be_unknown = bool(other.flags & SIZES_FOLLOW)
        for label, before, true in numbers:
            if before != true and (before or not can_be_unknown):
                yield f"{_WHERE} {label} {before:,}, but the directory has {true:,}"
                return


def following_bytes(headers: BinaryIO, local: LocalHeader, entry: HeaderFields) -> int | None:
    """Return the number of bytes of checksum and sizes after the data; `None` where they are missing.

    They are redundant where there is a directory, but some tools skip as many bytes as their own rules say.
    So they must be there where they are announced, with or without a signature, as wide as in the headers.
    """
    if not entry.flags & SIZES_FOLLOW:
        return 0
    form = _FOLLOWING_WIDE if local.fields.is_wide or entry.is_wide else _FOLLOWING
    true = form.pack(entry.crc32, entry.packed_bytes, entry.size_bytes)
    at = local.data_at + entry.packed_bytes
    if at >= MAX_OFFSET:
        return None
    headers.seek(at)
    found = headers.read(len(_SIGNATURE) + len(true))
    for expected in (_SIGNATURE + true, true):
        if found.startswith(expected):
            return len(expected)
    return None
