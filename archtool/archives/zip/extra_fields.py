"""The extra fields of a zip's headers: numbers that need 64 bits, and a second name.

Source: APPNOTE.TXT 6.3 (PKWARE), §4.5 (how they are written), §4.5.3 (numbers), §4.6.9 (name).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from archtool.archives.errors import DamagedError
from archtool.archives.zip.end_records import FULL_16, FULL_32

_HEAD = struct.Struct("<HH")  # which one, and how many bytes follow
_NUMBERS, _NAME = 1, 0x7075


@dataclass(frozen=True, slots=True)
class Extra:
    """What is used of the extra fields of one header."""

    numbers: bytes = b""
    name: bytes | None = None
    """The second name, as bytes of UTF-8."""
    fault: str | None = None
    """Why tools differ in what they read here."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of one header, in bytes but for the disk."""

    size: int
    packed: int
    offset: int
    disk: int
    is_wide: bool
    """Whether a size is written with 64 bits: then those after the data are, too (§4.3.9.2)."""


def parse_extra(raw: bytes) -> Extra:
    """Take the fields apart; of those that are not used only the form is looked at."""
    found: dict[int, bytes] = {}
    fault = None
    while len(raw) >= _HEAD.size:
        tag, length = _HEAD.unpack_from(raw)
        raw = raw[_HEAD.size :]
        if length > len(raw):
            fault = f"an extra field is said to have {length:,} bytes, and {len(raw):,} are left"
            raw = b""
        elif tag in (_NUMBERS, _NAME) and found.setdefault(tag, raw[:length]) != raw[:length]:
            fault = "two extra fields of the same kind say different things"
        raw = raw[length:]
    if any(raw):  # up to three zeros are what some writers align the data with
        fault = f"{len(raw):,} bytes at the end of its extra fields are none"
    name = found.get(_NAME)
    return Extra(found.get(_NUMBERS, b""), name[5:] if name else None, fault)


def true_numbers(size: int, packed: int, offset: int, disk: int, extra: Extra) -> Numbers:
    """The numbers of a header, or those of the extra field where they do not fit into the header.

    Raises:
        DamagedError: the extra field lacks one of them.
    """
    rest, values = extra.numbers, []
    for said, full, width in (
        (size, FULL_32, 8),
        (packed, FULL_32, 8),
        (offset, FULL_32, 8),
        (disk, FULL_16, 4),
    ):
        true = said
        if said == full:
            if len(rest) < width:
                raise DamagedError("a header of the zip lacks its true sizes")
            true, rest = int.from_bytes(rest[:width], "little"), rest[width:]
        values.append(true)
    return Numbers(values[0], values[1], values[2], values[3], is_wide=FULL_32 in (size, packed))
