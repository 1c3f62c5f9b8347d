"""Reads a bag in an archive like a folder: nothing is extracted, and no member's name reaches the disk."""

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
from archtool.archives.file_signatures import HEAD_BYTES, describe_file
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
from archtool.files.hashing.stream import source_changed
from archtool.files.paths import shown
from archtool.files.source import ClosedOnExit, Sink
from archtool.findings import Finding
from archtool.progress import Meter, NoProgress, Progress

_TAR_MAGIC_AT, _TAR_MAGIC = 257, b"ustar"
_HEAD_BYTES = 512
_CLOCK_STEP_NS = 20_000_000  # Linux counts file times in steps of 1 to 10 milliseconds


@dataclass(frozen=True, slots=True)
class ArchiveContents:
    """The result of reading an archive's headers, shared by all views of it."""

    format: str
    identity: tuple[int, ...]
    index: ArchiveIndex
    late_findings: dict[str, Finding]
    """Findings that came up when members were read, by path."""


class Archive(ClosedOnExit):
    """One open archive. One thread at a time can use it; others get a view from `reopen`."""

    def __init__(
        self,
        path: Path,
        limits: Limits,
        contents: ArchiveContents | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Open an archive and read its headers, unless the `contents` are known already.

        `progress` shows how much of a compressed archive was read: its headers are found on the way only.

        Raises:
            NotAnArchiveError: the file is no archive that archtool reads.
            SourceChangedError: the file is not the one that the contents are of.
            OSError: missing or not readable.
        """
        self.path, self.limits = path, limits
        self._stack = ExitStack()
        self._kept: dict[str, bytes] = {}
        self._shared: tuple[int, bytearray] | None = None
        try:
            self._file = self._open()
            self.contents = contents or self._read_contents(progress or NoProgress())
            self._stream = self._as_tar(self.contents.format)
            self._refuse_changed()
        except BaseException:
            self.close()
            raise

    def _read_contents(self, progress: Progress) -> ArchiveContents:
        now = _settled_identity(self._file)
        name = detect_format(self._file, self.path)
        ambiguity.refuse_other_beginning(self._file, name, self.path)
        progress.start("reading the archive", os.fstat(self._file.fileno()).st_size)
        stream = self._as_tar(name, progress.meter)
        if stream is not None and stream.is_sequential:
            ambiguity.refuse_zip_at_end(self._file, name, self.path, ())
            refuse_unless_tar(stream, self.path)
        ambiguity.refuse_other_suffix(self.path, name)
        findings = ArchiveFindings()
        index = self._read_index(stream, findings)
        progress.finish()
        if findings.second_archive is not None:
            raise ambiguity.second_archive(self.path, name, findings.second_archive)
        if name == "tar":
            ambiguity.refuse_zip_at_end(self._file, name, self.path, index.members.values())
        return ArchiveContents(name, now, index, {})

    def _open(self) -> BinaryIO:
        # a device must not even be opened; opening a FIFO that is put there meanwhile must not wait
        refuse_unless_file(self.path.stat(), self.path)
        flags = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        file = self._stack.enter_context(os.fdopen(os.open(self.path, flags), "rb"))
        refuse_unless_file(os.fstat(file.fileno()), self.path)
        return file

    def _as_tar(self, name: str, meter: Meter | None = None) -> TarStream | None:
        if name == "zip":
            return None
        if name == "tar":
            return PlainStream(self._file)
        return CompressedStream(self._file, name, self.limits.expansion, meter)

    def _read_index(self, stream: TarStream | None, findings: ArchiveFindings) -> ArchiveIndex:
        size_bytes = os.fstat(self._file.fileno()).st_size
        if stream is None:
            members = zip_reading.read_members(self._file, self._open(), self.limits.expansion, findings)
            return index_members(members, self.limits, findings, archive_bytes=size_bytes)
        stream.seek(0)
        members = tar_reading.read_headers(stream, findings)
        if stream.is_sequential:
            members = self._keep_tag_files(members, stream)
        return index_members(
            members, self.limits, findings, archive_bytes=size_bytes, is_sequential=stream.is_sequential
        )

    def _keep_tag_files(self, members: Iterator[Member], stream: TarStream) -> Iterator[Member]:
        """Pass on members, and keep small files outside the payload: going back means to start again."""
        free_bytes = MAX_KEPT_BYTES
        for member in members:
            is_small = member.size_bytes <= free_bytes and member.pieces is None
            if member.kind is FileKind.FILE and "/data/" not in member.name and is_small:
                data = stream.read(member.size_bytes)
                if len(data) == member.size_bytes:  # otherwise the next header is missing, and is reported
                    self._kept.setdefault(member.name, data)
                    free_bytes -= len(data)
            yield member

    @property
    def is_sequential(self) -> bool:
        """Whether the bytes can only be read from the beginning: going back means to start again."""
        return self._stream is not None and self._stream.is_sequential

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings about the archive itself; reading members can add more."""
        return (*self.contents.index.findings, *self.contents.late_findings.values())

    @property
    def serialisation(self) -> str | None:
        """The format of the archive."""
        return self.contents.format

    @property
    def folder_name(self) -> str:
        """The name of the bag's folder; empty where the bag has none."""
        return self.contents.index.base.rstrip("/")

    @property
    def is_whole(self) -> bool:
        """Whether it was read to its end."""
        return self.contents.index.is_whole

    def walk(self) -> Iterator[FoundFile]:
        """Yield all entries of the bag except folders that are not empty, in the order of names."""
        for path in sorted((*self.contents.index.members, *self.contents.index.empty_folders)):
            member = self.contents.index.members.get(path)
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
        """See `FileSource.stream`."""
        member = self._file_member(path)
        if member.name in self._kept:
            data = memoryview(self._kept[member.name])
            for sink in sinks:
                sink.update(data)
        elif self._stream is not None:
            self._stream_from_tar(self._stream, member, sinks)
        elif not zip_reading.stream_member(self._file, member, sinks):
            self._report_checksum(path)
        self._refuse_changed()
        return member.size_bytes

    def _stream_from_tar(self, stream: TarStream, member: Member, sinks: Sequence[Sink]) -> None:
        """Pass a member's bytes to the sinks; in a compressed tar keep the last target of hard links."""
        is_shared = member.offset in self.contents.index.shared and member.size_bytes <= MAX_SHARED_BYTES
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

    def _report_checksum(self, path: str) -> None:
        late = self.contents.late_findings
        if len(late) < MAX_FINDINGS_OF_ONE_KIND:
            late[path] = finding_kinds.CHECKSUM_DIFFERS.at("its CRC-32 differs", path)

    def has_changed(self) -> bool:
        """Return whether the archive was written to or exchanged since it was opened."""
        try:
            named = identity(self.path.stat())
        except OSError:
            return True
        return not named == identity(os.fstat(self._file.fileno())) == self.contents.identity

    def _refuse_changed(self) -> None:
        now = identity(os.fstat(self._file.fileno()))
        if now != self.contents.identity:
            raise source_changed(str(self.path), self.contents.identity[0], now[0])

    def modified_at_ns(self, path: str) -> int:
        """See `FileSource.modified_at_ns`."""
        return self._file_member(path).modified_at_ns

    def position(self, path: str) -> int:
        """See `FileSource.position`."""
        return self._file_member(path).offset

    def reopen(self) -> Archive:
        """See `FileSource.reopen`; the view does not share files kept in memory."""
        return Archive(self.path, self.limits, self.contents)

    def close(self) -> None:
        """Close every handle."""
        self._stack.close()

    def _file_member(self, path: str) -> Member:
        member = self.contents.index.members.get(path)
        if member is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        if member.kind is not FileKind.FILE:
            raise NotAFileError(path, member.kind)
        return member


def _settled_identity(file: BinaryIO) -> tuple[int, ...]:
    """Return the identity of an open file; wait first if the file has just been written to.

    A system counts its time in steps. A file that is written twice in one step keeps its time of change, so
    the status of a file that was changed in this step is read again in a later step.
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
    """Refuse everything but a regular file.

    Raises:
        NotAnArchiveError: a folder, a FIFO, a socket, a device.
    """
    kind = FileKind.of_mode(status.st_mode)
    if kind is not FileKind.FILE:
        raise NotAnArchiveError(
            f"{shown(str(path))} is a {kind.value}", hint="name a bag's folder or archive"
        )


def detect_format(file: BinaryIO, path: Path) -> str:
    """Return the format of an archive, from its first bytes and never from its name.

    Raises:
        NotAnArchiveError: the file is no archive that archtool reads.
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
    description, hint = describe_file(head)
    known = "" if description.startswith("neither") else ", which archtool does not read"
    raise NotAnArchiveError(f"{shown(str(path))} is {description}{known}", hint=hint)


def refuse_unless_tar(stream: TarStream, path: Path) -> None:
    """Refuse a compressed file that contains something else than a tar; a damaged one passes.

    Raises:
        NotAnArchiveError: the content is not a tar; the message names it where it is known.
    """
    try:
        head = stream.read(HEAD_BYTES)
    except DamagedError:
        return
    if len(head) >= _HEAD_BYTES and any(head[:_HEAD_BYTES]) and not _is_tar(head):
        content, _ = describe_file(head)
        content = "a zip" if head.startswith(b"PK") else content
        is_known = not content.startswith("neither")
        raise NotAnArchiveError(
            f"{shown(str(path))} is compressed, but contains {content if is_known else 'no tar'}",
            hint="decompress it first (gunzip, bunzip2 or unxz), then verify the result",
        )


def _is_tar(head: bytes) -> bool:
    return head.startswith(_TAR_MAGIC, _TAR_MAGIC_AT) or _is_old_tar(head[:_HEAD_BYTES])


def _is_old_tar(head: bytes) -> bool:
    """Return whether this is a tar header from before 1988, which has no mark but a correct checksum."""
    field = head[148:156].strip(b" \0")
    is_octal = 0 < len(field) <= 8 and not field.strip(b"01234567")
    return len(head) == _HEAD_BYTES and is_octal and int(field, 8) == sum(head[:148] + b" " * 8 + head[156:])
