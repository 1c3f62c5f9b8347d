"""Refuses files that two common programs read as two different archives.

Programs search for an archive in different places: tar, bsdtar and Python's tarfile at the first byte (a
header with a correct checksum is a tar, whatever its first bytes are), unzip, 7-Zip and Python's zipfile for
the last record of a zip near the end, bsdtar and 7-Zip for a disk image at byte 32,768. An archive is read
only if all these places lead to the same content, and if the suffix of its name agrees.

A zip, a docx or an epub in the data of one member is no second archive: the manifest lists that member.

Source: POSIX.1-2017, pax, "ustar Interchange Format"; APPNOTE.TXT 6.3 §4.3.16; RFC 1952 §2.3; ECMA-119 §8.1.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from archtool.archives.errors import TwoReadingsError
from archtool.archives.members import Member
from archtool.files.file_kinds import FileKind
from archtool.files.paths import shown

_BLOCK_BYTES = 512
_CHECKSUM = slice(148, 156)
_OCTAL_DIGITS = re.compile(rb"[ \t\0]*([0-7]+)")
_TAIL_BYTES = 128 * 1024  # a zip's last record has at most 65,557 with its comment; Info-ZIP reads 66,000
_ZIP_END, _ZIP_END_MARK = struct.Struct("<4s4H2LH"), b"PK\5\6"
_LOCATOR, _LOCATOR_MARK, _WIDE_END_BYTES = struct.Struct("<4sLQL"), b"PK\6\7", 56
_WIDE_SIZE_AT, _WIDE_SIZE = 40, struct.Struct("<Q")
_ZIP_MARKS = (b"PK\3\4", b"PK\1\2", _ZIP_END_MARK)
_IMAGE_AT, _IMAGE_MARKS = 32769, (b"CD001", b"BEA01", b"NSR02", b"NSR03", b"CDROM")
# The first bytes of compressed files and archives that bsdtar or 7-Zip recognise before a tar header.
# Only binary marks are listed: a tar begins with the name of its first member, which is text.
_BEFORE_TAR = (
    b"\x1f\x8b", b"\x1f\x9d", b"\x1f\xa0", b"BZh91AY&SY", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd",
    b"\x04\x22\x4d\x18", b"\x02\x21\x4c\x18", b"LZIP\0", b"LZIP\1", b"\x89LZO\0", b"\x5d\0\0", b"LRZI\0",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07", b"MSCF\0", b"!<arch>\n", b"xar!\0", b"PK\3\4", _ZIP_END_MARK, b"\xed\xab\xee\xdb",
)  # fmt: skip
_UUENCODED = re.compile(rb"begin(-base64)? [0-7]{3,4} [^\n\0]*\n")

_SUFFIXES = {
    ".zip": "zip", ".tar": "tar",
    ".tar.gz": "tar.gz", ".tgz": "tar.gz", ".taz": "tar.gz", ".gz": "tar.gz",
    ".tar.bz2": "tar.bz2", ".tbz2": "tar.bz2", ".tbz": "tar.bz2", ".tb2": "tar.bz2", ".bz2": "tar.bz2",
    ".tar.xz": "tar.xz", ".txz": "tar.xz", ".xz": "tar.xz",
    ".zst": "", ".tzst": "", ".lz": "", ".tlz": "", ".lzma": "", ".lz4": "", ".lzo": "", ".z": "", ".7z": "",
    ".rar": "", ".iso": "", ".cab": "", ".cpio": "", ".ar": "", ".xar": "",
}  # fmt: skip
"""Suffix of a name → the format that programs expect; empty where archtool does not read the format."""
_SUFFIX_TAR_FORMATS = frozenset(("tar", "tar.gz", "tar.bz2", "tar.xz"))
"""Programs that read a tar detect its compression, so a file named `.tar` can be compressed."""


def refuse_other_suffix(path: Path, format_name: str) -> None:
    """Refuse an archive whose name has the suffix of another format; a name without a known suffix passes.

    Raises:
        TwoReadingsError: the suffix is of another format.
    """
    name = path.name.lower()
    suffix = max((e for e in _SUFFIXES if name.endswith(e)), key=len, default=None)
    if suffix is None or _SUFFIXES[suffix] == format_name:
        return
    if suffix == ".tar" and format_name in _SUFFIX_TAR_FORMATS:
        return
    stem = path.name[: -len(suffix)]
    raise TwoReadingsError(
        f"{shown(str(path))} ends in {suffix}, but is a {format_name}: programs that rely on the name read "
        "something else than programs that rely on the content",
        hint=f"if you know who made it, rename it to {shown(stem)}.{format_name} and run this again; "
        "otherwise ask for a correct archive",
    )


def refuse_other_beginning(file: BinaryIO, format_name: str, path: Path) -> None:
    """Refuse a file whose first bytes are those of an archive in another format.

    Raises:
        TwoReadingsError: its first bytes fit another format.
    """
    file.seek(0)
    head = file.read(_BLOCK_BYTES)
    file.seek(_IMAGE_AT)
    image = file.read(len(_IMAGE_MARKS[0]))
    file.seek(0)
    if format_name != "tar" and is_tar_header(head):
        raise _refused(path, format_name, "its first bytes are also the header of a tar")
    if format_name == "tar" and (head.startswith(_BEFORE_TAR) or _UUENCODED.match(head)):
        raise _refused(path, format_name, "it also begins like a compressed file or another archive")
    if format_name in ("tar", "zip") and image in _IMAGE_MARKS:
        raise _refused(path, format_name, f"it also has the mark of a disk image at byte {_IMAGE_AT:,}")


def is_tar_header(block: bytes) -> bool:
    """Return whether some program reads a block as a tar header: its checksum is correct in one notation."""
    if len(block) < _BLOCK_BYTES or not any(block):
        return False
    field = block[_CHECKSUM]
    match = _OCTAL_DIGITS.match(field)
    if match is not None:
        checksum = int(match[1], 8)
    elif field[0] & 0x80:  # GNU tar and libarchive: base 256
        checksum = int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    else:
        return False
    counted = block[:148] + b" " * 8 + block[156:_BLOCK_BYTES]
    unsigned = sum(counted)
    signed = unsigned - 256 * sum(byte > 0x7F for byte in counted)  # the sum on some old systems
    return checksum in (unsigned, signed)


def find_archive_mark(rest: bytes) -> str | None:
    """Describe the archive in the bytes after the end of a tar; return `None` where there is none.

    `rest` begins at a multiple of 512 bytes from the beginning of the tar.
    """
    for at in range(0, len(rest) - _BLOCK_BYTES + 1, _BLOCK_BYTES):
        if is_tar_header(rest[at : at + _BLOCK_BYTES]):
            return "the header of another tar"
    return "the mark of a zip" if any(mark in rest for mark in _ZIP_MARKS) else None


def refuse_zip_at_end(file: BinaryIO, format_name: str, path: Path, members: Iterable[Member]) -> None:
    """Refuse a tar that ends with the last record of a zip, unless that is in the data of a member.

    `members` are the files of the bag in a plain tar, and empty for a compressed one.

    Raises:
        TwoReadingsError: the file ends with the last record of a zip.
    """
    size = file.seek(0, os.SEEK_END)
    begin = max(0, size - _TAIL_BYTES)
    file.seek(begin)
    tail = file.read(size - begin)
    ends = list(_zip_ends(file, tail, begin))
    file.seek(0)
    if not ends:
        return
    extents = [(m.offset, m.offset + _stored_bytes(m)) for m in members if m.kind is FileKind.FILE]
    for first, last in ends:
        if not any(start <= first and last <= stop for start, stop in extents):
            raise _refused(
                path, format_name, f"it also has the end of a zip at byte {last - _ZIP_END.size:,}"
            )


def _stored_bytes(member: Member) -> int:
    return member.size_bytes if member.pieces is None else sum(length for _, length in member.pieces)


def _zip_ends(file: BinaryIO, tail: bytes, begin: int) -> Iterator[tuple[int, int]]:
    """Yield begin and end of a zip's directory and last record, for each that some program would find."""
    at = tail.find(_ZIP_END_MARK)
    while at >= 0 and at + _ZIP_END.size <= len(tail):
        end = begin + at
        _, _, _, _, entries, size_bytes, offset, _ = _ZIP_END.unpack_from(tail, at)
        starts = {max(0, end - size_bytes), offset, *_wide_start(file, end)}
        found = [start for start in starts if _has_directory(file, start, end)]
        if found:
            yield min(found), end + _ZIP_END.size
        elif not entries and not size_bytes:
            yield end, end + _ZIP_END.size
        at = tail.find(_ZIP_END_MARK, at + 1)


def _wide_start(file: BinaryIO, end: int) -> tuple[int, ...]:
    """Return where the directory begins according to the record for large zips, if there is one."""
    at = end - _LOCATOR.size - _WIDE_END_BYTES
    if at < 0:
        return ()
    file.seek(at)
    record = file.read(_WIDE_END_BYTES + _LOCATOR.size)
    if not record.startswith(_LOCATOR_MARK, _WIDE_END_BYTES):
        return ()
    (size_bytes,) = _WIDE_SIZE.unpack_from(record, _WIDE_SIZE_AT)
    return (max(0, at - size_bytes),)


def _has_directory(file: BinaryIO, start: int, end: int) -> bool:
    if not 0 <= start < end:
        return False
    file.seek(start)
    return file.read(4) == b"PK\1\2"


def _refused(path: Path, format_name: str, reason: str) -> TwoReadingsError:
    return TwoReadingsError(
        f"{shown(str(path))} is a {format_name}, but {reason}: other programs would extract other files",
        hint="do not extract it before you know who made it; ask them to make the archive again",
    )


def second_archive(path: Path, format_name: str, description: str) -> TwoReadingsError:
    """Return the error for a second archive after the end mark of the first."""
    return _refused(path, format_name, description)
