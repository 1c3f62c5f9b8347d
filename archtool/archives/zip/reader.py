"""Reads the members of a zip and their data, and checks that the members do not overlap."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from archtool.archives import finding_kinds
from archtool.archives.errors import DamagedError, ExpandsTooFarError
from archtool.archives.limits import MIN_JUDGED_BYTES
from archtool.archives.members import ArchiveFindings, Member
from archtool.archives.streams import BLOCK_BYTES
from archtool.archives.zip.directory import ZipEntry, only_backslashes, read_entries
from archtool.archives.zip.end_records import find_directory
from archtool.archives.zip.local_headers import MARKS
from archtool.files.file_kinds import FileKind
from archtool.files.source import Sink

STORED, DEFLATED = 0, 8
_METHODS = (STORED, DEFLATED)
_UNREADABLE = -1
_METHOD_NAMES = {
    1: "shrunk", 6: "imploded", 9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "xz",
    96: "a JPEG variant", 97: "WavPack", 98: "PPMd",
}  # fmt: skip
"""The common names of methods of APPNOTE.TXT §4.4.5 that occur."""


def read_members(
    file: BinaryIO, headers: BinaryIO, max_expansion: int, findings: ArchiveFindings
) -> Iterator[Member]:
    """Yield each member of a zip; `headers` is the zip file opened a second time.

    Raises:
        DamagedError: the directory is missing or broken.
        ExpandsTooFarError: the declared sizes exceed the limit.
    """
    directory = find_directory(file)
    extents: list[tuple[int, int, str]] = []
    declared_bytes = 0
    are_slashes = only_backslashes(file, directory)
    if are_slashes:
        findings.add(finding_kinds.BACKSLASHES, "the names in the zip contain `\\`, which was read as `/`")
    for entry in read_entries(file, directory, headers, are_slashes=are_slashes):
        member = entry.member
        declared_bytes += member.size_bytes
        if declared_bytes > max(MIN_JUDGED_BYTES, directory.end * max_expansion):
            raise ExpandsTooFarError(
                f"{directory.end:,} bytes declare more than {max_expansion:,} times as many"
            )
        extents.append((entry.begin, entry.end, member.name))
        yield _usable(entry, findings)
    modulus = 2**64 if directory.is_wide else 65_536  # old tools count no further
    if (len(extents) - directory.entries) % modulus:
        message = f"the zip declares {directory.entries:,} members, but has {len(extents):,}"
        findings.add(finding_kinds.LYING_SIZE, message)
    _check_extents(file, extents, directory.offset, findings)


def _usable(entry: ZipEntry, findings: ArchiveFindings) -> Member:
    member = entry.member
    for contradiction in entry.contradictions:
        findings.add(finding_kinds.LYING_SIZE, contradiction, member.name)
    if entry.has_backslash:
        findings.add(finding_kinds.BACKSLASH, "some tools read the `\\` in its name as a `/`", member.name)
    if entry.why_unreadable is not None or member.method not in _METHODS:
        name = _METHOD_NAMES.get(member.method)
        method = f"{member.method} ({name})" if name else str(member.method)
        reason = entry.why_unreadable or f"it is packed with method {method}, which archtool does not read"
        findings.add(finding_kinds.MEMBER_UNREADABLE, reason, member.name)
        member = replace(member, method=_UNREADABLE)
    if member.kind is FileKind.FOLDER and member.size_bytes:
        findings.add(finding_kinds.LYING_SIZE, f"a folder of {member.size_bytes:,} bytes", member.name)
    return member


def _check_extents(
    file: BinaryIO, extents: list[tuple[int, int, str]], end: int, findings: ArchiveFindings
) -> None:
    """Report members that overlap (a bomb or a trick), and bytes between members, which are hidden."""
    reached = 0
    for begin, stop, name in sorted(extents):
        if begin < reached:
            findings.add(finding_kinds.LYING_SIZE, "its data overlap another member's", name)
        _check_gap(file, reached, begin, f"before byte {begin:,}", findings)
        reached = max(reached, stop)
    if reached > end:
        findings.add(finding_kinds.LYING_SIZE, "the data of a member overlap the directory")
    _check_gap(file, reached, end, "before the directory", findings)


def _check_gap(file: BinaryIO, begin: int, end: int, where: str, findings: ArchiveFindings) -> None:
    """Report bytes between members; marks in them mislead programs that read a zip from its beginning."""
    if begin >= end:
        return
    file.seek(begin)
    left, last = end - begin, b""
    while left:
        block = file.read(min(left, BLOCK_BYTES))
        if not block or any(mark in last + block for mark in MARKS):
            findings.add(finding_kinds.LYING_SIZE, f"a false mark of a member or directory {where}")
            return
        left, last = left - len(block), block[-3:]
    findings.add(finding_kinds.FOREIGN_DATA, f"{end - begin:,} bytes {where}")


def stream_member(file: BinaryIO, member: Member, sinks: Sequence[Sink]) -> bool:
    """Pass a member's bytes to every sink; return whether they fit the archive's checksum.

    Raises:
        DamagedError: the data are broken, or do not have the declared size.
    """
    crc32 = size_bytes = 0
    for block in _blocks(file, member):
        size_bytes += len(block)
        if size_bytes > member.size_bytes:
            raise DamagedError(f"it expands to more than the declared {member.size_bytes:,} bytes")
        crc32 = zlib.crc32(block, crc32)
        view = memoryview(block)
        for sink in sinks:
            sink.update(view)
    if size_bytes != member.size_bytes:
        raise DamagedError(f"it expands to {size_bytes:,} bytes, not to {member.size_bytes:,}")
    return crc32 == member.crc32


def _blocks(file: BinaryIO, member: Member) -> Iterator[bytes]:
    if member.method == STORED:
        return _packed_blocks(file, member)
    if member.method == DEFLATED:
        return _inflated_blocks(file, member)
    raise DamagedError("it is encrypted, or packed with a method that archtool does not read")


def _packed_blocks(file: BinaryIO, member: Member) -> Iterator[bytes]:
    file.seek(member.offset)
    left = member.packed_bytes
    while left:
        block = file.read(min(left, BLOCK_BYTES))
        if not block:
            raise DamagedError(f"truncated {left:,} bytes before the member's end")
        left -= len(block)
        yield block


def _inflated_blocks(file: BinaryIO, member: Member) -> Iterator[bytes]:
    inflater = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    try:
        for packed in _packed_blocks(file, member):
            if inflater.eof:
                raise DamagedError("other data follow the end of the packed data")
            rest = packed
            while rest and not inflater.eof:
                yield inflater.decompress(rest, BLOCK_BYTES)
                rest = inflater.unconsumed_tail
            if inflater.unused_data:
                raise DamagedError("other data follow the end of the packed data")
        while block := inflater.decompress(b"", BLOCK_BYTES):
            yield block
    except zlib.error as error:
        raise DamagedError(f"the packed data are broken: {error}") from error
    if not inflater.eof:
        raise DamagedError("the packed data are truncated")
