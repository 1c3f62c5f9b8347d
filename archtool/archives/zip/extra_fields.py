"""Parses the extra fields of a zip's headers: numbers that need 64 bits, a second name, and exact times.

The time of the header itself has two-second steps, no zone, and the years 1980 to 2107.

Source: APPNOTE.TXT 6.3 (PKWARE), §4.5 (format), §4.5.3 (numbers), §4.5.5 (times of NTFS), §4.6.9 (name);
extrafld.txt of Info-ZIP, "Extended Timestamp Extra Field".
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from archtool.archives.errors import DamagedError
from archtool.archives.zip.end_records import FULL_16, FULL_32
from archtool.files.file_times import NS_PER_SECOND

_HEAD = struct.Struct("<HH")  # type, and number of bytes that follow
_NUMBERS, _NAME = 1, 0x7075
_UNIX_TIME, _NTFS_TIMES = 0x5455, 0x000A
_HAS_MODIFIED = 1  # the flag of the modification time
_UNIX_FORM = struct.Struct("<Bl")
_NTFS_FORM = struct.Struct("<LHHQQQ")  # reserved; attribute and its size; modified, accessed, created
_NTFS_ATTRIBUTE, _NTFS_BYTES = 1, 24
_NTFS_EPOCH_SECONDS = 11_644_473_600  # from 1601 to 1970
_NS_PER_TICK, _TICKS_PER_SECOND = 100, 10_000_000


_USED = frozenset((_NUMBERS, _NAME, _UNIX_TIME, _NTFS_TIMES))


@dataclass(frozen=True, slots=True)
class Extra:
    """The extra fields of one header that archtool uses."""

    numbers: bytes = b""
    name: bytes | None = None
    """The second name, in UTF-8."""
    modified_at_ns: int | None = None
    """The modification time in nanoseconds since 1970, if a field states it."""
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
        elif (
            tag in _USED and found.setdefault(tag, raw[:length]) != raw[:length] and tag in (_NUMBERS, _NAME)
        ):
            fault = "two extra fields of one type contradict each other"
        raw = raw[length:]
    if any(raw):  # some writers align the data with up to three zeros
        fault = f"{len(raw):,} bytes at the end of its extra fields belong to no field"
    name = found.get(_NAME)
    time_ns = _modified_at_ns(found)
    return Extra(found.get(_NUMBERS, b""), name[5:] if name else None, time_ns, fault)


def _modified_at_ns(found: Mapping[int, bytes]) -> int | None:
    """Return the time in the most exact field; a field of another form than usual states nothing."""
    ntfs, unix = found.get(_NTFS_TIMES, b""), found.get(_UNIX_TIME, b"")
    if len(ntfs) == _NTFS_FORM.size:
        _, attribute, size, modified, _, _ = _NTFS_FORM.unpack(ntfs)
        ticks: int = modified - _NTFS_EPOCH_SECONDS * _TICKS_PER_SECOND
        if (attribute, size) == (_NTFS_ATTRIBUTE, _NTFS_BYTES) and modified:
            return ticks * _NS_PER_TICK
    if len(unix) >= _UNIX_FORM.size:
        flags, seconds = _UNIX_FORM.unpack_from(unix)
        return seconds * NS_PER_SECOND if flags & _HAS_MODIFIED else None
    return None


def format_times(modified_at_ns: int) -> bytes:
    """Format the fields for a modification time, as far as they can store it.

    Programs on Unix read the first one, in seconds until 2038; 7-Zip and Windows read the second one, in
    steps of 100 nanoseconds since 1601.
    """
    fields = b""
    seconds, ticks = modified_at_ns // NS_PER_SECOND, modified_at_ns // _NS_PER_TICK
    if -(2**31) <= seconds < 2**31:
        data = _UNIX_FORM.pack(_HAS_MODIFIED, seconds)
        fields += _HEAD.pack(_UNIX_TIME, len(data)) + data
    ticks += _NTFS_EPOCH_SECONDS * _TICKS_PER_SECOND
    if 0 < ticks < 2**63:
        data = _NTFS_FORM.pack(0, _NTFS_ATTRIBUTE, _NTFS_BYTES, ticks, ticks, ticks)
        fields += _HEAD.pack(_NTFS_TIMES, len(data)) + data
    return fields


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
