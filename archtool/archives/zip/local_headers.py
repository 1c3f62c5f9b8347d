"""What stands around a member's data in a zip, held against what the directory says of it.

Source: APPNOTE.TXT 6.3 (PKWARE), §4.3.7 (header before the data), §4.3.9 (sizes that follow the data).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from archtool.archives.errors import DamagedError
from archtool.archives.zip.end_records import MAX_OFFSET, read_at
from archtool.archives.zip.extra_fields import Extra, parse_extra, true_numbers

_LOCAL = struct.Struct("<4s5H3L2H")
HEADER_MARK, _SIGNATURE = b"PK\3\4", b"PK\7\x08"
MARKS = (HEADER_MARK, b"PK\1\2", b"PK\5\6", b"PK\6\6")
"""How a member, the directory and its two last records begin."""
_FOLLOWING, _FOLLOWING_WIDE = struct.Struct("<3L"), struct.Struct("<L2Q")
ENCRYPTED, SIZES_FOLLOW, UTF8 = 1, 8, 0x800
UNREADABLE_FLAGS = ENCRYPTED | 0x2060  # and patches, strong encryption, a hidden directory
_WHERE = "the header before the data says:"


@dataclass(frozen=True, slots=True)
class HeaderFields:
    """What one header says of a member."""

    flags: int
    method: int
    crc32: int
    packed_bytes: int
    size_bytes: int
    name: bytes
    is_wide: bool
    """Whether it writes a size with 64 bits."""


@dataclass(frozen=True, slots=True)
class LocalHeader:
    """The header before the data."""

    said: HeaderFields
    extra: Extra
    data_at: int


def read_local(headers: BinaryIO, offset: int) -> LocalHeader:
    """The header that begins at this byte.

    Raises:
        DamagedError: none begins there, or it is cut off.
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


def contradictions(local: LocalHeader, said: HeaderFields) -> Iterator[str]:
    """What the header before the data says otherwise than the directory: the first thing.

    Where the numbers follow the data (§4.4.4, bit 3), the header was written before they were known: each of
    them is zero, or already the true one. libarchive and Info-ZIP write the size and leave the others zero.
    """
    other = local.said
    if other.name != said.name:
        yield f"{_WHERE} another name"
    elif other.method != said.method:
        yield f"{_WHERE} another method"
    elif (other.flags ^ said.flags) & (UNREADABLE_FLAGS | SIZES_FOLLOW | UTF8):
        yield f"{_WHERE} other flags (encrypted, sizes that follow, a name in UTF-8)"
    else:
        numbers = (
            ("a size of", other.size_bytes, said.size_bytes),
            ("packed into", other.packed_bytes, said.packed_bytes),
            ("the checksum (CRC-32)", other.crc32, said.crc32),
        )
        may_be_unknown = bool(other.flags & SIZES_FOLLOW)
        for what, before, true in numbers:
            if before != true and (before or not may_be_unknown):
                yield f"{_WHERE} {what} {before:,}; the directory says {true:,}"
                return


def following_bytes(headers: BinaryIO, local: LocalHeader, said: HeaderFields) -> int | None:
    """How many bytes the checksum and sizes after the data take; `None` where they are not there.

    Nobody needs them who has a directory, but some tools take so many bytes for them as their own rules say:
    they are there where they are announced, with or without a signature, and as wide as the headers' sizes.
    """
    if not said.flags & SIZES_FOLLOW:
        return 0
    form = _FOLLOWING_WIDE if local.said.is_wide or said.is_wide else _FOLLOWING
    true = form.pack(said.crc32, said.packed_bytes, said.size_bytes)
    at = local.data_at + said.packed_bytes
    if at >= MAX_OFFSET:
        return None
    headers.seek(at)
    found = headers.read(len(_SIGNATURE) + len(true))
    for expected in (_SIGNATURE + true, true):
        if found.startswith(expected):
            return len(expected)
    return None
