"""Refuses files that two common programs read as two different archives.

Each program looks for an archive in its own place: tar, bsdtar and Python's tarfile at the first byte (a
header with a right checksum is a tar, whatever the first bytes look like), unzip, 7-Zip and Python's zipfile
for the last record of a zip near the end, bsdtar and 7-Zip for a disk image at byte 32,768. An archive is
read only if every one of these places leads to the same content, and if the ending of its name agrees.

A zip, a docx or an epub in the data of one member is no second reading: the manifest lists that member.

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
_TAIL_BYTES = (
    128 * 1024
)  # the last record of a zip and its comment have at most 65,557; Info-ZIP reads 66,000
_ZIP_END, _ZIP_END_MARK = struct.Struct("<4s4H2LH"), b"PK\5\6"
_LOCATOR, _LOCATOR_MARK, _WIDE_END_BYTES = struct.Struct("<4sLQL"), b"PK\6\7", 56
_WIDE_SIZE_AT, _WIDE_SIZE = 40, struct.Struct("<Q")
_ZIP_MARKS = (b"PK\3\4", b"PK\1\2", _ZIP_END_MARK)
_IMAGE_AT, _IMAGE_MARKS = 32769, (b"CD001", b"BEA01", b"NSR02", b"NSR03", b"CDROM")
# How compressed files and archives begin that bsdtar or 7-Zip recognise before they look for a tar header.
# A name of a member can begin like text, so only marks that are no text are here.
_BEFORE_TAR = (
    b"\x1f\x8b", b"\x1f\x9d", b"\x1f\xa0", b"BZh91AY&SY", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd",
    b"\x04\x22\x4d\x18", b"\x02\x21\x4c\x18", b"LZIP\0", b"LZIP\1", b"\x89LZO\0", b"\x5d\0\0", b"LRZI\0",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07", b"MSCF\0", b"!<arch>\n", b"xar!\0", b"PK\3\4", _ZIP_END_MARK, b"\xed\xab\xee\xdb",
)  # fmt: skip
_UUENCODED = re.compile(rb"begin(-base64)? [0-7]{3,4} [^\n\0]*\n")

_ENDINGS = {
    ".zip": "zip", ".tar": "tar",
    ".tar.gz": "tar.gz", ".tgz": "tar.gz", ".taz": "tar.gz", ".gz": "tar.gz",
    ".tar.bz2": "tar.bz2", ".tbz2": "tar.bz2", ".tbz": "tar.bz2", ".tb2": "tar.bz2", ".bz2": "tar.bz2",
    ".tar.xz": "tar.xz", ".txz": "tar.xz", ".xz": "tar.xz",
    ".zst": "", ".tzst": "", ".lz": "", ".tlz": "", ".lzma": "", ".lz4": "", ".lzo": "", ".z": "", ".7z": "",
    ".rar": "", ".iso": "", ".cab": "", ".cpio": "", ".ar": "", ".xar": "",
}  # fmt: skip
"""Ending of a name → the format that programs expect under it; nothing where archtool does not read it."""
_UNDER_TAR = frozenset(("tar", "tar.gz", "tar.bz2", "tar.xz"))
"""Every program that reads a tar finds out by itself how it is compressed, so many a `.tar` is."""


def refuse_other_ending(path: Path, format_name: str) -> None:
    """Refuse an archive whose name says that it is of another format; a name without such an ending passes.

    Raises:
        TwoReadingsError: see above.
    """
    name = path.name.lower()
    ending = max((e for e in _ENDINGS if name.endswith(e)), key=len, default=None)
    if ending is None or _ENDINGS[ending] == format_name or (ending == ".tar" and format_name in _UNDER_TAR):
        return
    stem = path.name[: -len(ending)]
    raise TwoReadingsError(
        f"{shown(str(path))} ends in {ending}, but holds a {format_name}: programs that go by the name read "
        "something else than programs that go by the content",
        hint=f"if you know who made it, rename it to {shown(stem)}.{format_name} and run this again; "
        "otherwise ask for a correct archive",
    )


def refuse_other_beginning(file: BinaryIO, format_name: str, path: Path) -> None:
    """Refuse a file that begins like an archive of another format than the one that is read.

    Raises:
        TwoReadingsError: see above.
    """
    file.seek(0)
    head = file.read(_BLOCK_BYTES)
    file.seek(_IMAGE_AT)
    image = file.read(len(_IMAGE_MARKS[0]))
    file.seek(0)
    if format_name != "tar" and is_tar_header(head):
        raise _refused(path, format_name, "its first bytes are the header of a tar too")
    if format_name == "tar" and (head.startswith(_BEFORE_TAR) or _UUENCODED.match(head)):
        raise _refused(path, format_name, "it begins like a compressed file or another archive too")
    if format_name in ("tar", "zip") and image in _IMAGE_MARKS:
        raise _refused(path, format_name, f"at byte {_IMAGE_AT:,} it has the mark of a disk image too")


def is_tar_header(block: bytes) -> bool:
    """Whether a block is a tar header for any program: its checksum is right in some way to write it."""
    if len(block) < _BLOCK_BYTES or not any(block):
        return False
    field = block[_CHECKSUM]
    match = _OCTAL_DIGITS.match(field)
    if match is not None:
        said = int(match[1], 8)
    elif field[0] & 0x80:  # GNU tar and libarchive: base 256
        said = int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    else:
        return False
    counted = block[:148] + b" " * 8 + block[156:_BLOCK_BYTES]
    unsigned = sum(counted)
    signed = unsigned - 256 * sum(byte > 0x7F for byte in counted)  # as some old systems added them up
    return said in (unsigned, signed)


def find_archive_mark(rest: bytes) -> str | None:
    """What archive begins in the bytes behind the end of a tar; `None` where none does.

    `rest` begins at a multiple of 512 bytes from the beginning of the tar.
    """
    for at in range(0, len(rest) - _BLOCK_BYTES + 1, _BLOCK_BYTES):
        if is_tar_header(rest[at : at + _BLOCK_BYTES]):
            return "the header of another tar"
    return "the mark of a zip" if any(mark in rest for mark in _ZIP_MARKS) else None


def refuse_zip_at_end(file: BinaryIO, format_name: str, path: Path, members: Iterable[Member]) -> None:
    """Refuse a file that is no zip and ends with the last record of one, outside the data of its members.

    `members` are the files of the bag where it is a plain tar, and none where it is compressed.

    Raises:
        TwoReadingsError: see above.
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
            raise _refused(path, format_name, f"at byte {last - _ZIP_END.size:,} it has the end of a zip too")


def _stored_bytes(member: Member) -> int:
    return member.size_bytes if member.pieces is None else sum(length for _, length in member.pieces)


def _zip_ends(file: BinaryIO, tail: bytes, begin: int) -> Iterator[tuple[int, int]]:
    """From where to where a zip's directory and last record reach, for each that some program would find."""
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
    """Where the directory begins by the record for large zips, if there is one."""
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


def _refused(path: Path, format_name: str, why: str) -> TwoReadingsError:
    return TwoReadingsError(
        f"{shown(str(path))} is a {format_name}, but {why}: other programs would extract other files from it",
        hint="do not extract it before you know who made it; ask them for an archive made anew",
    )


def second_archive(path: Path, format_name: str, what: str) -> TwoReadingsError:
    """The error for an archive that follows behind the end mark of the one that is read."""
    return _refused(path, format_name, what)
