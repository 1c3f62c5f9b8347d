"""Parses the extra fields of a zip's headers: numbers that need 64 bits, and a second name.

Source: APPNOTE.TXT 6.3 (PKWARE), §4.5 (format), §4.5.3 (numbers), §4.6.9 (name).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from archtool.archives.errors import DamagedError
from archtool.archives.zip.end_records import FULL_16, FULL_32

_HEAD = struct.Struct("<HH")  # type, and number of bytes that follow
_NUMBERS, _NAME = 1, 0x7075


@dataclass(frozen=True, slots=True)
class Extra:
    """The extra fields of one header that archtool uses."""

    numbers: bytes = b""
    name: bytes | None = None
    """The second name, in UTF-8."""
    fault: str | None = None
    """Why tools read the fields in different ways."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one header; all but the disk number are in bytes."""

    size: int
    packed: int
    offset: int
    disk: int
    is_wide: bool
    """Whether a size is written with 64 bits: then the sizes after the data are as well (§4.3.9.2)."""


def parse_extra(raw: bytes) -> Extra:
    """Parse the fields; of unused fields only the form is checked."""
    found: dict[int, bytes] = {}
    fault = None
    while len(raw) >= _HEAD.size:
        tag, length = _HEAD.unpack_from(raw)
        raw = raw[_HEAD.size :]
        if length > len(raw):
            fault = f"an extra field declares {length:,} bytes, but {len(raw):,} are left"
            raw = b""
        elif tag in (_NUMBERS, _NAME) and found.setdefault(tag, raw[:length]) != raw[:length]:
            fault = "two extra fields of one type contradict each other"
        raw = raw[length:]
    if any(raw):  # some writers align the data with up to three zeros
        fault = f"{len(raw):,} bytes at the end of its extra fields belong to no field"
    name = found.get(_NAME)
    return Extra(found.get(_NUMBERS, b""), name[5:] if name else None, fault)


def true_numbers(size: int, packed: int, offset: int, disk: int, extra: Extra) -> Numbers:
    """Return the numbers of a header, taken from the extra field where they do not fit into the header.

    Raises:
        DamagedError: the extra field lacks one of them.
    """
    rest, values = extra.numbers, []
    for number, full, width in (
        (size, FULL_32, 8),
        (packed, FULL_32, 8),
        (offset, FULL_32, 8),
        (disk, FULL_16, 4),
    ):
        true = number
        if number == full:
            if len(rest) < width:
                raise DamagedError("a header of the zip lacks its true sizes")
            true, rest = int.from_bytes(rest[:width], "little"), rest[width:]
        values.append(true)
    return Numbers(values[0], values[1], values[2], values[3], is_wide=FULL_32 in (size, packed))
