"""Tar, header by header: the standard library reads each header, the way from one to the next is ours.

`tarfile` itself takes a broken header for the end of the archive and says nothing.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator, Sequence
from typing import IO, cast

from archtool.fixity.filekinds import FileKind
from archtool.fixity.source import Sink
from archtool.serialisation import kinds
from archtool.serialisation.errors import DamagedError
from archtool.serialisation.limits import MAX_HEADER_BYTES, MAX_HEADERS_REPEATED
from archtool.serialisation.members import Member, Sightings
from archtool.serialisation.streams import BLOCK_BYTES, TarStream
from archtool.serialisation.tar_strictness import HeaderChecks

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
_END_MISSING = "the end mark of two empty blocks is missing"
MAX_SIZE_BYTES = 2**63  # no file system holds more, and seeking would overflow


class _Headers:
    """The stream as `tarfile` may use it: no single read of more than a header can take."""

    def __init__(self, stream: TarStream) -> None:
        self._stream = stream
        self._ahead = b""
        self.checks = HeaderChecks()

    def next_block(self) -> bytes:
        """The block that the next member begins with."""
        self.checks.begin()
        self._ahead = self._stream.read(tarfile.BLOCKSIZE)
        return self._ahead

    def read(self, size_bytes: int = -1, /) -> bytes:
        if not 0 <= size_bytes <= MAX_HEADER_BYTES:
            raise DamagedError(f"a header says that it takes {size_bytes:,} bytes")
        begin = self.tell()
        ahead, self._ahead = self._ahead[:size_bytes], self._ahead[size_bytes:]
        data = ahead + self._stream.read(size_bytes - len(ahead))
        self.checks.show(data, begin)
        return data

    def tell(self) -> int:
        return self._stream.tell() - len(self._ahead)


def read_headers(stream: TarStream, sightings: Sightings) -> Iterator[Member]:
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


def _go_to_next(begin: int, stream: TarStream, headers: _Headers, sightings: Sightings) -> bool:
    """Stand before the next header; `False` at the end."""
    if begin != stream.tell():
        stream.seek(begin - 1)
        if not stream.read(1):  # a seek behind the end says nothing
            raise DamagedError(f"cut off before byte {begin:,}")
    block = headers.next_block()
    if not block:
        if getattr(stream, "has_foreign_data", False):
            raise DamagedError("something else follows the compressed data, before the tar's end mark")
        sightings.see(kinds.END_MISSING, _END_MISSING)
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


def _check_rest(stream: TarStream, begin: int, sightings: Sightings) -> None:
    """After the end mark only zeros may follow: anything else nobody would look at."""
    position = stream.tell()
    while block := stream.read(BLOCK_BYTES):
        if block.count(0) != len(block):
            message = f"something follows the tar's end mark at byte {position:,}"
            sightings.see(kinds.FOREIGN_DATA, message)
            return
        position += len(block)
    if position < begin + 2 * tarfile.BLOCKSIZE:
        sightings.see(kinds.END_MISSING, _END_MISSING)
    if getattr(stream, "has_foreign_data", False):
        sightings.see(kinds.FOREIGN_DATA, "something else follows the compressed data")


def _member(header: tarfile.TarInfo, checks: HeaderChecks, sightings: Sightings) -> Member:
    kind = _KINDS.get(header.type, FileKind.DEVICE)
    for fault in checks.faults:
        sightings.see(kinds.LYING_SIZE, fault, header.name)
    if kind is FileKind.FILE and (checks.is_named_as_folder or header.name.endswith("/")):
        sightings.see(kinds.LYING_SIZE, "a folder by its name, and a file by its type", header.name)
    if kind is not FileKind.FILE and header.size:
        message = f"something that is no file is said to have {header.size:,} bytes"
        sightings.see(kinds.LYING_SIZE, message, header.name)
    if checks.is_sparse or header.sparse is not None or header.type == tarfile.GNUTYPE_SPARSE:
        kind = FileKind.DEVICE
        sightings.see(kinds.MEMBER_UNREADABLE, "a sparse file: its holes are not in the archive", header.name)
    elif header.type not in _KINDS:
        sightings.see(kinds.MEMBER_UNREADABLE, f"a member of unknown type {header.type!r}", header.name)
    modified = header.mtime if abs(header.mtime) < 2**40 else 0  # a time that no system can keep
    size = header.size if kind is FileKind.FILE else 0
    return Member(header.name.rstrip("/"), kind, size, header.offset_data, int(modified * 1_000_000_000))


def pour_member(stream: TarStream, member: Member, sinks: Sequence[Sink]) -> int:
    """Show a member's bytes to every sink.

    Raises:
        DamagedError: the archive ends before the member does.
    """
    stream.seek(member.offset)
    left = member.size_bytes
    while left:
        block = stream.read(min(left, BLOCK_BYTES))
        if not block:
            raise DamagedError(f"cut off, {left:,} bytes before the member's end")
        view = memoryview(block)
        for sink in sinks:
            sink.update(view)
        left -= len(block)
    return member.size_bytes
