"""Reads a tar header by header: the standard library parses each header, this module finds the next one.

`tarfile` itself silently treats a broken header as the end of the archive.
"""

from __future__ import annotations

import re
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
    MAX_SIZE_BYTES,
    MAX_SPARSE_PIECES,
)
from archtool.archives.members import ArchiveFindings, Member
from archtool.archives.streams import BLOCK_BYTES, TarStream
from archtool.archives.tar.strictness import VOLUME_LABEL, HeaderChecks
from archtool.files.file_kinds import FileKind
from archtool.files.file_times import NS_PER_SECOND
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
_UNSUPPORTED_TYPES = {
    b"D": "a folder of an incremental backup (GNU tar's option -g)",
    b"M": "the rest of a file that begins in another volume (GNU tar's option -M)",
    b"N": "a list of names in an old format of GNU tar",
}
_LATEST_SECONDS = 2**40  # no system can store a later time
_EXACT_TIME = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]{1,30}))?")
_END_MISSING = "the end mark of two empty blocks is missing"


class _Headers:
    """The file object for `tarfile`: it limits the size of headers, and shows them to the checks."""

    def __init__(self, stream: TarStream) -> None:
        self._stream = stream
        self._buffer = b""
        self._header_bytes = 0
        self.checks = HeaderChecks()

    def next_block(self) -> bytes:
        """Read the first block of the next member."""
        self.checks.begin()
        self._header_bytes = 0
        self._buffer = self._stream.read(tarfile.BLOCKSIZE)
        return self._buffer

    def read(self, size_bytes: int = -1, /) -> bytes:
        if not 0 <= size_bytes <= MAX_HEADER_BYTES:
            raise DamagedError(f"a header declares a size of {size_bytes:,} bytes for itself")
        self._header_bytes += size_bytes
        if self._header_bytes > MAX_MEMBER_HEADER_BYTES:
            raise DamagedError(f"the headers of a member take more than {MAX_MEMBER_HEADER_BYTES:,} bytes")
        begin = self.tell()
        buffered, self._buffer = self._buffer[:size_bytes], self._buffer[size_bytes:]
        data = buffered + self._stream.read(size_bytes - len(buffered))
        self.checks.check(data, begin)
        return data

    def tell(self) -> int:
        return self._stream.tell() - len(self._buffer)


def read_headers(stream: TarStream, findings: ArchiveFindings) -> Iterator[Member]:
    """Yield each member, in the order of the archive; the caller can read its data from the stream.

    Raises:
        DamagedError: the archive is truncated or broken at this place.
    """
    headers = _Headers(stream)
    # opened for writing, since `tarfile` reads nothing then
    tar = tarfile.TarFile(
        fileobj=cast("IO[bytes]", headers), mode="w", encoding="utf-8", errors="surrogateescape"
    )
    tar.offset = 0
    while _go_to_next(tar.offset, stream, headers, findings):
        header = _read_header(tar)
        yield _member(header, headers.checks, findings)
        if len(tar.pax_headers) > MAX_HEADERS_REPEATED:
            raise DamagedError(f"more than {MAX_HEADERS_REPEATED:,} attributes apply to all members")


def _go_to_next(begin: int, stream: TarStream, headers: _Headers, findings: ArchiveFindings) -> bool:
    """Go to the next header; return False at the end."""
    if begin != stream.tell():
        stream.seek(begin - 1)
        if not stream.read(1):  # a seek beyond the end raises no error
            raise DamagedError(f"truncated before byte {begin:,}")
    block = headers.next_block()
    if not block:
        if getattr(stream, "has_foreign_data", False):
            raise DamagedError("other data follow the compressed data, before the tar's end mark")
        findings.add(finding_kinds.END_MISSING, _END_MISSING)
    elif block.count(0) == len(block):
        _check_rest(stream, begin, findings)
        return False
    return bool(block)


def _read_header(tar: tarfile.TarFile) -> tarfile.TarInfo:
    begin = tar.offset
    try:
        header = tarfile.TarInfo.fromtarfile(tar)
    except (tarfile.TarError, ValueError, OverflowError, RecursionError, LookupError) as error:
        raise DamagedError(f"no tar header at byte {begin:,}: {error}") from error
    if not begin < tar.offset < MAX_SIZE_BYTES or not 0 <= header.size < MAX_SIZE_BYTES:
        raise DamagedError(f"a header at byte {begin:,} leads backwards, or beyond the end of any file")
    return header


def _check_rest(stream: TarStream, begin: int, findings: ArchiveFindings) -> None:
    """Report bytes other than zeros after the end mark: other programs ignore them."""
    position = stream.tell()
    has_foreign_data = False
    while block := stream.read(BLOCK_BYTES):
        if block.count(0) != len(block):
            if not has_foreign_data:
                message = f"other data follow the tar's end mark at byte {position:,}"
                findings.add(finding_kinds.FOREIGN_DATA, message)
            has_foreign_data = True
            mark = find_archive_mark(block)
            if mark is not None:
                findings.second_archive = f"{mark} follows its end mark, at byte {position:,} or later"
                return
        position += len(block)
    if has_foreign_data:
        return
    if position < begin + 2 * tarfile.BLOCKSIZE:
        findings.add(finding_kinds.END_MISSING, _END_MISSING)
    if getattr(stream, "has_foreign_data", False):
        findings.add(finding_kinds.FOREIGN_DATA, "other data follow the compressed data")


def _member(header: tarfile.TarInfo, checks: HeaderChecks, findings: ArchiveFindings) -> Member:
    kind = _KINDS.get(header.type, FileKind.DEVICE)
    for fault in checks.faults:
        findings.add(finding_kinds.LYING_SIZE, fault, header.name)
    if kind is FileKind.FILE and (checks.is_named_as_folder or header.name.endswith("/")):
        findings.add(finding_kinds.LYING_SIZE, "a folder by its name, but a file by its type", header.name)
    if kind is not FileKind.FILE and header.type != tarfile.GNUTYPE_SPARSE and header.size:
        message = f"its header declares {header.size:,} bytes, but it is no file"
        findings.add(finding_kinds.LYING_SIZE, message, header.name)
    kind, pieces = _sparse(header, kind, checks, findings)
    is_label = header.type == VOLUME_LABEL
    if is_label and header.offset_data != tarfile.BLOCKSIZE:
        findings.add(
            finding_kinds.LYING_SIZE, "a volume label that is not the first thing in the tar", header.name
        )
    if header.type not in _KINDS and pieces is None and not is_label and not checks.sparse.is_sparse:
        description = _UNSUPPORTED_TYPES.get(header.type, f"a member of unknown type {header.type!r}")
        findings.add(finding_kinds.MEMBER_UNREADABLE, description, header.name)
    size = header.size if kind is FileKind.FILE else 0
    return Member(
        header.name.rstrip("/"), kind, size, header.offset_data, _modified_at_ns(header),
        pieces=pieces,
        points_to=header.linkname if kind is FileKind.HARD_LINK else None,
        is_label=is_label,
    )  # fmt: skip


def _modified_at_ns(header: tarfile.TarInfo) -> int:
    """Return the time exactly: `tarfile` reads an attribute as a float, which has no nanoseconds."""
    if not abs(header.mtime) < _LATEST_SECONDS:  # it can be no number at all
        return 0
    exact = _EXACT_TIME.fullmatch(header.pax_headers.get("mtime", ""))
    if exact is None:
        return int(header.mtime * NS_PER_SECOND)
    time_ns = int(exact[2]) * NS_PER_SECOND + int((exact[3] or "")[:9].ljust(9, "0"))
    return -time_ns if exact[1] else time_ns


def _sparse(
    header: tarfile.TarInfo, kind: FileKind, checks: HeaderChecks, findings: ArchiveFindings
) -> tuple[FileKind, tuple[tuple[int, int], ...] | None]:
    """Return the kind of a member, and its pieces where it is a sparse file that can be read."""
    if not checks.sparse.is_sparse and header.sparse is None and not checks.is_star_sparse:
        return kind, None
    if checks.is_star_sparse:
        findings.add(finding_kinds.MEMBER_UNREADABLE, "a sparse file in the format of star", header.name)
        return FileKind.DEVICE, None
    if header.type not in (tarfile.REGTYPE, tarfile.GNUTYPE_SPARSE):  # libarchive stops here
        message = f"a member of type {header.type!r} is declared to be a sparse file"
        findings.add(finding_kinds.LYING_SIZE, message, header.name)
        return kind, None
    found = checks.sparse.read()
    fault = found.fault(header) if found else "the map of the sparse file is malformed"
    if "size" in header.pax_headers:
        fault = "the size of the sparse file is written in two places"
    if found is None or fault is not None:
        findings.add(finding_kinds.LYING_SIZE, str(fault), header.name)
        return FileKind.DEVICE, None
    if not findings.reserve_pieces(len(found.pieces)):
        reason = f"the sparse files up to this one have more than {MAX_SPARSE_PIECES:,} pieces"
        findings.add(finding_kinds.MEMBER_UNREADABLE, reason, header.name)
        return FileKind.DEVICE, None
    return FileKind.FILE, found.pieces


def stream_member(stream: TarStream, member: Member, sinks: Sequence[Sink]) -> int:
    """Pass a member's bytes to every sink, with zeros between the pieces of a sparse file.

    Raises:
        DamagedError: the archive ends before the member does.
    """
    if not member.size_bytes:  # no seek, which in a compressed tar reads all bytes before the member
        return 0
    stream.seek(member.offset)
    reached = 0
    for offset, length in member.pieces if member.pieces is not None else ((0, member.size_bytes),):
        _stream_zeros(offset - reached, sinks)
        _stream_stored(stream, length, sinks)
        reached = offset + length
    _stream_zeros(member.size_bytes - reached, sinks)
    return member.size_bytes


def _stream_stored(stream: TarStream, left: int, sinks: Sequence[Sink]) -> None:
    while left:
        block = stream.read(min(left, BLOCK_BYTES))
        if not block:
            raise DamagedError(f"truncated {left:,} bytes before the member's end")
        view = memoryview(block)
        for sink in sinks:
            sink.update(view)
        left -= len(block)


def _stream_zeros(left: int, sinks: Sequence[Sink]) -> None:
    zeros = memoryview(bytes(min(left, BLOCK_BYTES)))
    while left:
        block = zeros[:left]
        for sink in sinks:
            sink.update(block)
        left -= len(block)
