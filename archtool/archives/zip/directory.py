"""Reads the directory of a zip entry by entry, and compares each with the header before its data.

`zipfile` keeps every entry in memory and trusts the directory; this module reports everything on which the
two headers differ. Source: APPNOTE.TXT 6.3 (PKWARE), §4.3.12.
"""

from __future__ import annotations

import os
import stat
import struct
from calendar import timegm
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from archtool.archives.errors import DamagedError
from archtool.archives.members import Member
from archtool.archives.zip.end_records import Directory
from archtool.archives.zip.extra_fields import parse_extra, true_numbers
from archtool.archives.zip.local_headers import (
    ENCRYPTED,
    UNREADABLE_FLAGS,
    UTF8,
    HeaderFields,
    contradictions,
    following_bytes,
    read_local,
)
from archtool.files.file_kinds import FileKind
from archtool.files.file_times import NS_PER_SECOND

_ENTRY = struct.Struct("<4s6H3L5H2L")
_MAX_VERSION = 63  # of the format, in tenths: a higher one tells programs not to extract the member
_AES = 99  # §4.4.5: the true method is in an extra field
_MADE_ON_UNIX, _MADE_ON_MAC = 3, 19
_FOLDER_ON_DOS = 0x10
_FILE_OR_FOLDER = (FileKind.FILE, FileKind.FOLDER)
_FILES_AND_FOLDERS = (0, stat.S_IFREG, stat.S_IFDIR)


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """A member, and how the archive stores it."""

    member: Member
    begin: int
    """Where its header begins."""
    end: int
    """Where its data end, or the sizes that follow them."""
    why_unreadable: str | None
    has_backslash: bool
    """Whether its name contains a `\\` that some tools read as a `/`."""
    contradictions: tuple[str, ...]
    """Contradictions between its headers, which make tools extract different files."""


def only_backslashes(file: BinaryIO, directory: Directory) -> bool:
    r"""Return whether names in the zip contain `\`, and none a `/`, so that `\` separates folders.

    .NET before 4.6.1 writes such zips, and with it PowerShell's Compress-Archive. Read literally, such a zip
    contains no folder, and so no bag. A zip of any other program has a `/` in its first name with a folder.
    """
    file.seek(directory.offset)
    left, found = directory.size_bytes, False
    while left >= _ENTRY.size:
        fixed = _ENTRY.unpack(file.read(_ENTRY.size))
        name_length, *others = fixed[10:13]
        name = file.read(name_length)
        if fixed[0] != b"PK\1\2" or b"/" in name:
            return False
        if b"\\" in name:
            found = True
            if not _is_utf8(name):  # in some code pages the byte is half a character
                return False
        file.seek(sum(others), os.SEEK_CUR)
        left -= _ENTRY.size + name_length + sum(others)
    return found


def read_entries(
    file: BinaryIO, directory: Directory, headers: BinaryIO, *, are_slashes: bool = False
) -> Iterator[ZipEntry]:
    r"""Yield each entry of the directory; `headers` is the zip file opened a second time.

    With `are_slashes` each `\` of a name is read as a `/` (`only_backslashes`).

    Raises:
        DamagedError: the directory is broken at this place.
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
        yield _entry(fixed, name, extra, headers, are_slashes=are_slashes)
    if left:
        raise DamagedError("the zip's directory is broken at its end")


def _entry(
    fixed: tuple[int, ...], raw_name: bytes, raw_extra: bytes, headers: BinaryIO, *, are_slashes: bool
) -> ZipEntry:
    _, made_by, version, flags, method, time, date, crc, packed, size = fixed[:10]
    extra = parse_extra(raw_extra)
    true = true_numbers(size, packed, fixed[16], fixed[13], extra)
    local = read_local(headers, true.offset)
    fields = HeaderFields(flags, method, crc, true.packed, true.size, raw_name, true.is_wide)
    name, other_name = _read_name(raw_name, (extra.name, local.extra.name), is_utf8=bool(flags & UTF8))
    name = name.replace("\\", "/") if are_slashes else name
    is_unix = made_by >> 8 in (_MADE_ON_UNIX, _MADE_ON_MAC)
    kind, kind_fault = _kind(fixed[15], name, is_unix=is_unix)
    has_backslash = kind in _FILE_OR_FOLDER and "\\" in name and not (is_unix and "/" in name)
    follows = following_bytes(headers, local, fields)
    faults = [*contradictions(local, fields), other_name, kind_fault, extra.fault, local.extra.fault]
    faults += ["it is in another part of the zip"] if true.disk else []
    faults += ["the checksum and sizes that should follow its data are missing"] if follows is None else []
    modified = extra.modified_at_ns
    if modified is None:
        modified = _unix_time(date, time) * NS_PER_SECOND
    member = Member(
        name.rstrip("/"), kind, fields.size_bytes, local.data_at, modified, fields.packed_bytes, method, crc
    )
    end = local.data_at + fields.packed_bytes + (follows or 0)
    reason = _why_unreadable(flags | local.fields.flags, version, method)
    found = tuple(fault for fault in faults if fault is not None)
    return ZipEntry(member, true.offset, end, reason, has_backslash, found)


def _why_unreadable(flags: int, version: int, method: int) -> str | None:
    if flags & ENCRYPTED or method == _AES:
        return "it is encrypted"
    if flags & UNREADABLE_FLAGS:
        return "it is encrypted, or a patch to another file"
    if version > _MAX_VERSION:
        return f"it needs version {version / 10} of the zip format, which does not exist"
    return None


def _kind(attributes: int, name: str, *, is_unix: bool) -> tuple[FileKind, str | None]:
    """Return the kind of a member, and a fault where its mode, its attributes and its name disagree."""
    mode = attributes >> 16
    kind = FileKind.FOLDER if name.endswith("/") else FileKind.FILE
    if stat.S_IFMT(mode) not in _FILES_AND_FOLDERS:  # on every system: some tools ignore where it was made
        return FileKind.of_mode(mode), None
    if is_unix and stat.S_IFMT(mode) and FileKind.of_mode(mode) is not kind:
        return kind, f"a {kind.value} by its name, but a {FileKind.of_mode(mode).value} by its mode"
    if attributes & _FOLDER_ON_DOS and kind is FileKind.FILE:
        return kind, "a file by its name, but a folder by its attributes"
    return kind, None


def _read_name(raw: bytes, others_raw: tuple[bytes | None, ...], *, is_utf8: bool) -> tuple[str, str | None]:
    """Return the name, and a fault where a second name in an extra field (§4.6.9) differs.

    The second name is meant for names in an unknown code page, and is used only for those.
    """
    name = decode_name(raw, is_utf8=is_utf8)
    if is_utf8 and not _is_utf8(raw):
        return name, "its name is declared to be UTF-8 but is not"
    others = {decode_name(other, is_utf8=True) for other in others_raw if other is not None}
    if not others or others == {name}:
        return name, None
    if len(others) == 1 and not is_utf8 and not _is_utf8(raw):
        return others.pop(), None
    return name, "its name in an extra field differs"


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def decode_name(raw: bytes, *, is_utf8: bool) -> str:
    """Decode a name: as UTF-8 where it is declared or valid, otherwise in code page 437, the original one."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "surrogateescape") if is_utf8 else raw.decode("cp437")


def _unix_time(date: int, time: int) -> int:
    year, month, day = 1980 + (date >> 9), max(1, date >> 5 & 15), max(1, date & 31)
    return timegm((year, min(month, 12), day, time >> 11, time >> 5 & 63, (time & 31) * 2))
