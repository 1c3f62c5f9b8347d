"""Tar, header by header: the standard library reads each header, the way from one to the next is ours.

`tarfile` itself takes a broken header for the end of the archive and says nothing.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator, Sequence
from typing import IO, cast

from archtool.archives import finding_kinds
from archtool.archives.ambiguity import find_archive_mark
from archtool.archives.errors import DamagedError
from archtool.archives.limits import (
    MAX_HEADER_BYTES,
    MAX_HEADERS_REPEATED,
    MAX_MEMBER_HEADER_BYTES,
    MAX_SPARSE_PIECES,
)
from archtool.archives.members import ArchiveFindings, Member
from archtool.archives.streams import BLOCK_BYTES, TarStream
from archtool.archives.tar.strictness import VOLUME_LABEL, HeaderChecks
from archtool.files.file_kinds import FileKind
from archtool.files.source import Sink

_KINDS = {
    tarfile.REGTYPE: FileKind.FILE,
    tarfile.AREGTYPE: FileKind.FILE,
    tarfile.CONTTYPE: FileKind.FILE,
    tarfile.DIRTYPE: FileKind.FOLDER,
    tarfile.SYMTYPE: FileKind.LINK,
    tarfile.LNKTYPE: FileKind.HARD_LINK,
    tarfile.FIFOTYPE: FileKind.FIFO,
    tarfile.CHRTYPE: FileKind.DEVICE,
    tarfile.BLKTYPE: FileKind.DEVICE,
}
_OTHER_TYPES = {
    b"D": "a folder of an incremental backup (GNU tar's option -g)",
    b"M": "the rest of a file that begins in another volume (GNU tar's option -M)",
    b"N": "a list of names in an old form of GNU tar",
}
_END_MISSING = "the end mark of two empty blocks is missing"
MAX_SIZE_BYTES = 2**63  # no file system holds more, and seeking would overflow


class _Headers:
    """The stream as `tarfile` may use it: no single read of more than a header can take."""

    def __init__(self, stream: TarStream) -> None:
        self._stream = stream
        self._ahead = b""
        self._taken = 0
        self.checks = HeaderChecks()

    def next_block(self) -> bytes:
        """The block that the next member begins with."""
        self.checks.begin()
        self._taken = 0
        self._ahead = self._stream.read(tarfile.BLOCKSIZE)
        return self._ahead

    def read(self, size_bytes: int = -1, /) -> bytes:
        if not 0 <= size_bytes <= MAX_HEADER_BYTES:
            raise DamagedError(f"a header says that it takes {size_bytes:,} bytes")
        self._taken += size_bytes
        if self._taken > MAX_MEMBER_HEADER_BYTES:
            raise DamagedError(f"the headers of a member take more than {MAX_MEMBER_HEADER_BYTES:,} bytes")
        begin = self.tell()
        ahead, self._ahead = self._ahead[:size_bytes], self._ahead[size_bytes:]
        data = ahead + self._stream.read(size_bytes - len(ahead))
        self.checks.show(data, begin)
        return data

    def tell(self) -> int:
        return self._stream.tell() - len(self._ahead)


def read_headers(stream: TarStream, sightings: ArchiveFindings) -> Iterator[Member]:
    """Each member, in the order of the archive; the stream may be read on from each to its end.

    Raises:
        DamagedError: cut off or broken here.
    """
    headers = _Headers(stream)
    # for writing, since so it reads nothing by itself when it is made
    tar = tarfile.TarFile(
        fileobj=cast("IO[bytes]", headers), mode="w", encoding="utf-8", errors="surrogateescape"
    )
    tar.offset = 0
    while _go_to_next(tar.offset, stream, headers, sightings):
        header = _read_header(tar)
        yield _member(header, headers.checks, sightings)
        if len(tar.pax_headers) > MAX_HEADERS_REPEATED:
            raise DamagedError(f"more than {MAX_HEADERS_REPEATED:,} attributes are said to hold for all")


def _go_to_next(begin: int, stream: TarStream, headers: _Headers, sightings: ArchiveFindings) -> bool:
    """Stand before the next header; `False` at the end."""
    if begin != stream.tell():
        stream.seek(begin - 1)
        if not stream.read(1):  # a seek behind the end says nothing
            raise DamagedError(f"cut off before byte {begin:,}")
    block = headers.next_block()
    if not block:
        if getattr(stream, "has_foreign_data", False):
            raise DamagedError("something else follows the compressed data, before the tar's end mark")
        sightings.see(finding_kinds.END_MISSING, _END_MISSING)
    elif block.count(0) == len(block):
        _check_rest(stream, begin, sightings)
        return False
    return bool(block)


def _read_header(tar: tarfile.TarFile) -> tarfile.TarInfo:
    begin = tar.offset
    try:
        header = tarfile.TarInfo.fromtarfile(tar)
    except (tarfile.TarError, ValueError, OverflowError, RecursionError, LookupError) as error:
        raise DamagedError(f"no tar header at byte {begin:,}: {error}") from error
    if not begin < tar.offset < MAX_SIZE_BYTES or not 0 <= header.size < MAX_SIZE_BYTES:
        raise DamagedError(f"a header at byte {begin:,} leads back, or beyond any file")
    return header


def _check_rest(stream: TarStream, begin: int, sightings: ArchiveFindings) -> None:
    """After the end mark only zeros may follow: anything else nobody would look at."""
    position = stream.tell()
    has_foreign_data = False
    while block := stream.read(BLOCK_BYTES):
        if block.count(0) != len(block):
            if not has_foreign_data:
                message = f"something follows the tar's end mark at byte {position:,}"
                sightings.see(finding_kinds.FOREIGN_DATA, message)
            has_foreign_data = True
            mark = find_archive_mark(block)
            if mark is not None:
                sightings.second_archive = f"{mark} follows its end mark, at byte {position:,} or later"
                return
        position += len(block)
    if has_foreign_data:
        return
    if position < begin + 2 * tarfile.BLOCKSIZE:
        sightings.see(finding_kinds.END_MISSING, _END_MISSING)
    if getattr(stream, "has_foreign_data", False):
        sightings.see(finding_kinds.FOREIGN_DATA, "something else follows the compressed data")


def _member(header: tarfile.TarInfo, checks: HeaderChecks, sightings: ArchiveFindings) -> Member:
    kind = _KINDS.get(header.type, FileKind.DEVICE)
    for fault in checks.faults:
        sightings.see(finding_kinds.LYING_SIZE, fault, header.name)
    if kind is FileKind.FILE and (checks.is_named_as_folder or header.name.endswith("/")):
        sightings.see(finding_kinds.LYING_SIZE, "a folder by its name, and a file by its type", header.name)
    if kind is not FileKind.FILE and header.type != tarfile.GNUTYPE_SPARSE and header.size:
        message = f"something that is no file is said to have {header.size:,} bytes"
        sightings.see(finding_kinds.LYING_SIZE, message, header.name)
    kind, pieces = _sparse(header, kind, checks, sightings)
    is_label = header.type == VOLUME_LABEL
    if is_label and header.offset_data != tarfile.BLOCKSIZE:
        sightings.see(
            finding_kinds.LYING_SIZE, "a volume label that is not the first thing in the tar", header.name
        )
    if header.type not in _KINDS and pieces is None and not is_label and not checks.sparse.is_sparse:
        what = _OTHER_TYPES.get(header.type, f"a member of unknown type {header.type!r}")
        sightings.see(finding_kinds.MEMBER_UNREADABLE, what, header.name)
    modified = header.mtime if abs(header.mtime) < 2**40 else 0  # a time that no system can keep
    size = header.size if kind is FileKind.FILE else 0
    return Member(
        header.name.rstrip("/"), kind, size, header.offset_data, int(modified * 1_000_000_000),
        pieces=pieces,
        points_to=header.linkname if kind is FileKind.HARD_LINK else None,
        is_label=is_label,
    )  # fmt: skip


def _sparse(
    header: tarfile.TarInfo, kind: FileKind, checks: HeaderChecks, sightings: ArchiveFindings
) -> tuple[FileKind, tuple[tuple[int, int], ...] | None]:
    """What a member is, and its pieces where it is a sparse file that can be read."""
    if not checks.sparse.is_sparse and header.sparse is None and not checks.is_star_sparse:
        return kind, None
    if checks.is_star_sparse:
        sightings.see(finding_kinds.MEMBER_UNREADABLE, "a sparse file in the form of star", header.name)
        return FileKind.DEVICE, None
    if header.type not in (tarfile.REGTYPE, tarfile.GNUTYPE_SPARSE):  # libarchive gives up here
        message = f"a member of type {header.type!r} is said to be a sparse file"
        sightings.see(finding_kinds.LYING_SIZE, message, header.name)
        return kind, None
    found = checks.sparse.read()
    fault = found.fault(header) if found else "the map of the sparse file is not written as it must be"
    if "size" in header.pax_headers:
        fault = "the size of the sparse file is written in two places"
    if found is None or fault is not None:
        sightings.see(finding_kinds.LYING_SIZE, str(fault), header.name)
        return FileKind.DEVICE, None
    if not sightings.may_hold(len(found.pieces)):
        why = f"it is one of sparse files with more than {MAX_SPARSE_PIECES:,} pieces"
        sightings.see(finding_kinds.MEMBER_UNREADABLE, why, header.name)
        return FileKind.DEVICE, None
    return FileKind.FILE, found.pieces


def stream_member(stream: TarStream, member: Member, sinks: Sequence[Sink]) -> int:
    """Show a member's bytes to every sink; between the pieces of a sparse file lie zeros.

    Raises:
        DamagedError: the archive ends before the member does.
    """
    if not member.size_bytes:  # nothing to seek for: in a compressed tar that is to read all before it
        return 0
    stream.seek(member.offset)
    reached = 0
    for offset, length in member.pieces if member.pieces is not None else ((0, member.size_bytes),):
        _pour_zeros(offset - reached, sinks)
        _pour_stored(stream, length, sinks)
        reached = offset + length
    _pour_zeros(member.size_bytes - reached, sinks)
    return member.size_bytes


def _pour_stored(stream: TarStream, left: int, sinks: Sequence[Sink]) -> None:
    while left:
        block = stream.read(min(left, BLOCK_BYTES))
        if not block:
            raise DamagedError(f"cut off, {left:,} bytes before the member's end")
        view = memoryview(block)
        for sink in sinks:
            sink.update(view)
        left -= len(block)


def _pour_zeros(left: int, sinks: Sequence[Sink]) -> None:
    zeros = memoryview(bytes(min(left, BLOCK_BYTES)))
    while left:
        block = zeros[:left]
        for sink in sinks:
            sink.update(block)
        left -= len(block)
