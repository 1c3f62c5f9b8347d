"""A bag in one file, read like a folder: nothing is extracted, and no member's name touches the disk."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archtool.archives import ambiguity, finding_kinds
from archtool.archives.errors import DamagedError, NotAnArchiveError
from archtool.archives.file_signatures import HEAD_BYTES, name_of
from archtool.archives.index import ArchiveIndex, index_members
from archtool.archives.limits import (
    MAX_FINDINGS_OF_ONE_KIND,
    MAX_KEPT_BYTES,
    MAX_SHARED_BYTES,
    Limits,
)
from archtool.archives.members import ArchiveFindings, Member
from archtool.archives.streams import MAGIC, CompressedStream, PlainStream, TarStream
from archtool.archives.tar import reader as tar_reading
from archtool.archives.zip import reader as zip_reading
from archtool.files.file_kinds import FileKind, FoundFile, NotAFileError, identity
from archtool.files.hashing.stream import changed
from archtool.files.paths import shown
from archtool.files.source import ClosedOnExit, Sink
from archtool.findings import Finding

_TAR_MAGIC_AT, _TAR_MAGIC = 257, b"ustar"
_HEAD_BYTES = 512
_CLOCK_STEP_NS = 20_000_000  # Linux counts file times in steps of 1 to 10 milliseconds


@dataclass(frozen=True, slots=True)
class ArchiveContents:
    """What the first look at an archive told, for every further view of it."""

    format: str
    identity: tuple[int, ...]
    index: ArchiveIndex
    late: dict[str, Finding]
    """What was seen of the archive only when members were read, by path."""


class Archive(ClosedOnExit):
    """One archive, held open. Not for use by two threads at once: each takes a view with `again`."""

    def __init__(self, path: Path, limits: Limits, known: ArchiveContents | None = None) -> None:
        """Open an archive and read what it holds, if that is not known already.

        Raises:
            NotAnArchiveError: it is none that archtool reads.
            SourceChangedError: it is not the file any more that is known.
            OSError: missing or not readable.
        """
        self.path, self.limits = path, limits
        self._held = ExitStack()
        self._kept: dict[str, bytes] = {}
        self._shared: tuple[int, bytearray] | None = None
        try:
            self._file = self._open()
            self.known = known or self._look()
            self._stream = self._as_tar(self.known.format)
            self._refuse_changed()
        except BaseException:
            self.close()
            raise

    def _look(self) -> ArchiveContents:
        now = _settled_identity(self._file)
        name = detect_format(self._file, self.path)
        ambiguity.refuse_other_beginning(self._file, name, self.path)
        stream = self._as_tar(name)
        if stream is not None and stream.is_sequential:
            ambiguity.refuse_zip_at_end(self._file, name, self.path, ())
            refuse_unless_tar(stream, self.path)
        ambiguity.refuse_other_ending(self.path, name)
        sightings = ArchiveFindings()
        index = self._read_index(stream, sightings)
        if sightings.second_archive is not None:
            raise ambiguity.second_archive(self.path, name, sightings.second_archive)
        if name == "tar":
            ambiguity.refuse_zip_at_end(self._file, name, self.path, index.members.values())
        return ArchiveContents(name, now, index, {})

    def _open(self) -> BinaryIO:
        # a device must not even be opened; a FIFO that is put there meanwhile must not be waited for
        refuse_unless_file(self.path.stat(), self.path)
        flags = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        file = self._held.enter_context(os.fdopen(os.open(self.path, flags), "rb"))
        refuse_unless_file(os.fstat(file.fileno()), self.path)
        return file

    def _as_tar(self, name: str) -> TarStream | None:
        if name == "zip":
            return None
        if name == "tar":
            return PlainStream(self._file)
        return CompressedStream(self._file, name, self.limits.expansion)

    def _read_index(self, stream: TarStream | None, sightings: ArchiveFindings) -> ArchiveIndex:
        size_bytes = os.fstat(self._file.fileno()).st_size
        if stream is None:
            found = zip_reading.read_members(self._file, self._open(), self.limits.expansion, sightings)
            return index_members(found, self.limits, sightings, archive_bytes=size_bytes)
        stream.seek(0)
        headers = tar_reading.read_headers(stream, sightings)
        seen = self._keeping(headers, stream) if stream.is_sequential else headers
        return index_members(
            seen, self.limits, sightings, archive_bytes=size_bytes, is_sequential=stream.is_sequential
        )

    def _keeping(self, headers: Iterator[Member], stream: TarStream) -> Iterator[Member]:
        """Remember small files outside the payload: to come back to them is to begin again."""
        room = MAX_KEPT_BYTES
        for member in headers:
            is_small = member.size_bytes <= room and member.pieces is None
            if member.kind is FileKind.FILE and "/data/" not in member.name and is_small:
                data = stream.read(member.size_bytes)
                if len(data) == member.size_bytes:  # else the next header is missed, and that is said
                    self._kept.setdefault(member.name, data)
                    room -= len(data)
            yield member

    @property
    def is_sequential(self) -> bool:
        """Whether its bytes can only be had from the beginning on."""
        return self._stream is not None and self._stream.is_sequential

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be said of the archive itself; more may come as members are read."""
        return (*self.known.index.findings, *self.known.late.values())

    @property
    def serialisation(self) -> str | None:
        """The format of the archive."""
        return self.known.format

    @property
    def is_whole(self) -> bool:
        """Whether it was read to its end."""
        return self.known.index.is_whole

    def walk(self) -> Iterator[FoundFile]:
        """Everything in the bag but folders with something in them, in the order of names."""
        for path in sorted((*self.known.index.members, *self.known.index.empty_folders)):
            member = self.known.index.members.get(path)
            if member is None:
                yield FoundFile(path, FileKind.FOLDER)
            else:
                yield FoundFile(path, member.kind, member.size_bytes)

    def size_of(self, path: str) -> int:
        """See `FileSource.size_of`."""
        return self._file_member(path).size_bytes

    def read_bytes(self, path: str, limit_bytes: int) -> bytes:
        """See `FileSource.read_bytes`."""
        member = self._file_member(path)
        if member.size_bytes > limit_bytes:
            raise OSError(errno.EFBIG, f"larger than {limit_bytes:,} bytes", path)
        if member.name in self._kept:
            self._refuse_changed()
            return self._kept[member.name]
        data = _Collector()
        self.stream(path, [data])
        return bytes(data.data)

    def stream(self, path: str, sinks: Sequence[Sink]) -> int:
        """See `FileSource.pour`."""
        member = self._file_member(path)
        if member.name in self._kept:
            data = memoryview(self._kept[member.name])
            for sink in sinks:
                sink.update(data)
        elif self._stream is not None:
            self._pour_from_tar(self._stream, member, sinks)
        elif not zip_reading.stream_member(self._file, member, sinks):
            self._see_other_checksum(path)
        self._refuse_changed()
        return member.size_bytes

    def _pour_from_tar(self, stream: TarStream, member: Member, sinks: Sequence[Sink]) -> None:
        """Hard links lie where their target lies: in a compressed tar the last target is kept for them."""
        is_shared = member.offset in self.known.index.shared and member.size_bytes <= MAX_SHARED_BYTES
        if not (stream.is_sequential and is_shared):
            tar_reading.stream_member(stream, member, sinks)
            return
        if self._shared is None or self._shared[0] != member.offset:
            kept = _Collector()
            tar_reading.stream_member(stream, member, [kept])
            self._shared = member.offset, kept.data
        data = memoryview(self._shared[1])
        for sink in sinks:
            sink.update(data)

    def _see_other_checksum(self, path: str) -> None:
        if len(self.known.late) < MAX_FINDINGS_OF_ONE_KIND:
            self.known.late[path] = finding_kinds.CHECKSUM_DIFFERS.at("its CRC-32 is another", path)

    def has_changed(self) -> bool:
        """Whether the archive was written to or exchanged since it was opened."""
        try:
            there = identity(self.path.stat())
        except OSError:
            return True
        return not there == identity(os.fstat(self._file.fileno())) == self.known.identity

    def _refuse_changed(self) -> None:
        now = identity(os.fstat(self._file.fileno()))
        if now != self.known.identity:
            raise changed(str(self.path), self.known.identity[0], now[0])

    def modified_at_ns(self, path: str) -> int:
        """See `FileSource.modified_at_ns`."""
        return self._file_member(path).modified_at_ns

    def position(self, path: str) -> int:
        """See `FileSource.position`."""
        return self._file_member(path).offset

    def again(self) -> Archive:
        """See `FileSource.again`; nothing that was kept in memory is taken over."""
        return Archive(self.path, self.limits, self.known)

    def close(self) -> None:
        """Let go of every handle."""
        self._held.close()

    def _file_member(self, path: str) -> Member:
        member = self.known.index.members.get(path)
        if member is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        if member.kind is not FileKind.FILE:
            raise NotAFileError(path, member.kind)
        return member


def _settled_identity(file: BinaryIO) -> tuple[int, ...]:
    """The identity of an open file that was not written to just now.

    A system counts its time in steps. What is written twice in one step has the same time of change, so a
    file that was written to in this step is looked at again in a later one.
    """
    status = os.fstat(file.fileno())
    age_ns = time.time_ns() - status.st_ctime_ns
    if 0 <= age_ns < _CLOCK_STEP_NS:
        time.sleep((_CLOCK_STEP_NS - age_ns) / 1e9)
        status = os.fstat(file.fileno())
    return identity(status)


class _Collector:
    def __init__(self) -> None:
        self.data = bytearray()

    def update(self, data: memoryview, /) -> None:
        self.data += data


def refuse_unless_file(status: os.stat_result, path: Path) -> None:
    """Refuse what has no bytes of its own.

    Raises:
        NotAnArchiveError: a FIFO, a socket, a device.
    """
    kind = FileKind.of_mode(status.st_mode)
    if kind is not FileKind.FILE:
        raise NotAnArchiveError(
            f"{shown(str(path))} is a {kind.value}", hint="name a bag's folder or archive"
        )


def detect_format(file: BinaryIO, path: Path) -> str:
    """Which archive it is, by how it begins and never by its name.

    Raises:
        NotAnArchiveError: none that archtool reads.
    """
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return "zip"
    for name, magic in MAGIC.items():
        if head.startswith(magic):
            return name
    if _is_tar(head):
        return "tar"
    what, hint = name_of(head)
    known = "" if what.startswith("neither") else ", which archtool does not read"
    raise NotAnArchiveError(f"{shown(str(path))} is {what}{known}", hint=hint)


def refuse_unless_tar(stream: TarStream, path: Path) -> None:
    """Refuse a compressed file that holds something else than a tar, and say what; a cut one passes.

    Raises:
        NotAnArchiveError: see above.
    """
    try:
        head = stream.read(HEAD_BYTES)
    except DamagedError:
        return
    if len(head) >= _HEAD_BYTES and any(head[:_HEAD_BYTES]) and not _is_tar(head):
        inside, _ = name_of(head)
        inside = "a zip" if head.startswith(b"PK") else inside
        is_known = not inside.startswith("neither")
        raise NotAnArchiveError(
            f"{shown(str(path))} is compressed, and holds {inside if is_known else 'no tar'}",
            hint="decompress it first (gunzip, bunzip2 or unxz), then verify what comes out",
        )


def _is_tar(head: bytes) -> bool:
    return head.startswith(_TAR_MAGIC, _TAR_MAGIC_AT) or _is_old_tar(head[:_HEAD_BYTES])


def _is_old_tar(head: bytes) -> bool:
    """A header of before 1988 has no mark, but its checksum holds."""
    said = head[148:156].strip(b" \0")
    is_octal = 0 < len(said) <= 8 and not said.strip(b"01234567")
    return len(head) == _HEAD_BYTES and is_octal and int(said, 8) == sum(head[:148] + b" " * 8 + head[156:])
