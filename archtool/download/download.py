"""Downloads one file; it is put in its place only if its length and all its digests are right."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock

from archtool.download import finding_kinds
from archtool.download.failures import FetchFailedError
from archtool.download.fetch_policy import FILE_SCHEME, FetchPolicy
from archtool.download.locations import scheme_of, without_user
from archtool.download.partial_files import PartialFile, PartialFileStore, PartNote
from archtool.download.replies import RangeRefusedError, RangeRequest, Reply
from archtool.files.file_kinds import NotAFileError
from archtool.files.hashing.digests import Algorithm, Digest, Hasher
from archtool.files.paths import shown
from archtool.files.writing.place_file import check_free, place_new

# errors caused by the name itself; all others come from the disk
_NAME_ERRORS = frozenset((errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ))
# after these failures, the received bytes are not the beginning of the right file
_DISCARD_AFTER = frozenset(
    (
        finding_kinds.TOO_LONG,
        finding_kinds.TOO_SHORT,
        finding_kinds.OVER_LIMIT,
        finding_kinds.DIGEST_MISMATCH,
        finding_kinds.NO_PLACE,
    )
)


@dataclass(frozen=True, slots=True)
class ExpectedDigest:
    """The digest of a file in one line of a manifest."""

    digest: Digest
    where: str
    """The manifest and its line, for messages."""


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file to download, with the facts known in advance."""

    path: str
    """The target, relative to the bag's root; checked to be safe."""
    url: str
    """A URL with an allowed scheme."""
    length_bytes: int | None
    """`None` if it is not known."""
    expected_digests: tuple[ExpectedDigest, ...]
    line: int
    """The line of fetch.txt."""

    @property
    def algorithms(self) -> tuple[Algorithm, ...]:
        """The algorithms of the expected digests, each once."""
        return tuple(dict.fromkeys(expected.digest.algorithm for expected in self.expected_digests))


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was downloaded and put in its place."""

    path: str
    size_bytes: int
    received_bytes: int
    """The bytes received in this run; the others were kept from an earlier run."""


class ByteBudget:
    """A limit for the bytes received for one bag, shared by all threads."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._spent_bytes = 0
        self._lock = Lock()

    def spend(self, size_bytes: int) -> None:
        """Count received bytes.

        Raises:
            FetchFailedError: the limit is exceeded.
        """
        with self._lock:
            self._spent_bytes += size_bytes
            is_over = self._spent_bytes > self._limit_bytes
        if is_over:
            message = f"more than {self._limit_bytes:,} bytes were received for this bag"
            raise FetchFailedError(finding_kinds.OVER_TOTAL, message)


@dataclass(frozen=True, slots=True)
class FetchContext:
    """The parameters that all files of one bag share."""

    root: Path
    store: PartialFileStore
    policy: FetchPolicy
    budget: ByteBudget
    stop: Event
    advance: Callable[[int], None]
    """Called with the number of bytes available so far, from several threads at once."""


def download(wanted: WantedFile, context: FetchContext) -> Fetched:
    """Download one file and put it in its place.

    A kept part is resumed if the server can confirm that the file is unchanged. If the resumed file does not
    match the manifests, it is downloaded again from the beginning: the part can be damaged on the disk.

    Raises:
        FetchFailedError: the file could not be downloaded, or does not match.
        StorageError: the disk cannot store the file.
        StoppedError: the run is being stopped.

    Source: RFC 8493 §2.2.3 (fetch.txt), §5.2, §5.3.
    """
    with _placing_errors(wanted):
        check_free(context.root, wanted.path)
    part = context.store.part(wanted.path)
    kept = _resumable(part, wanted)
    if kept is not None:
        try:
            return _Attempt(wanted, context, part).resume(*kept)
        except RangeRefusedError:
            pass
        except FetchFailedError as error:
            if error.kind is not finding_kinds.DIGEST_MISMATCH:
                raise
    return _Attempt(wanted, context, part).begin()


def _resumable(part: PartialFile, wanted: WantedFile) -> tuple[PartNote, int] | None:
    """Return the note and the size of a kept part of this file; `None` if it cannot be resumed."""
    kept = part.kept()
    if kept is None:
        return None
    note, size_bytes = kept
    total_bytes = note.total_bytes if wanted.length_bytes is None else wanted.length_bytes
    if note.url != without_user(wanted.url) or not size_bytes or note.total_bytes not in (None, total_bytes):
        return None
    if total_bytes is not None and size_bytes >= total_bytes:
        return kept if size_bytes == total_bytes else None
    return kept if note.validator is not None else None


class _Attempt:
    """One attempt to download one file."""

    def __init__(self, wanted: WantedFile, context: FetchContext, part: PartialFile) -> None:
        self.wanted = wanted
        self.context = context
        self.part = part
        self.hashers: dict[Algorithm, Hasher] = {a: a.hasher() for a in wanted.algorithms}
        self.size_bytes = 0
        self.received_bytes = 0
        self._has_begun = False

    def begin(self) -> Fetched:
        """Download the whole file."""
        with self._cleaning_up():
            self._receive(RangeRequest())
            return self._finish()

    def resume(self, note: PartNote, size_bytes: int) -> Fetched:
        """Download the rest of a kept part, if bytes are missing."""
        with self._cleaning_up():
            total_bytes = note.total_bytes if self.wanted.length_bytes is None else self.wanted.length_bytes
            if size_bytes == total_bytes:
                self._use_kept(size_bytes)
            else:
                self._receive(RangeRequest(size_bytes, note.validator))
            return self._finish()

    @contextlib.contextmanager
    def _cleaning_up(self) -> Iterator[None]:
        try:
            yield
        except FetchFailedError as error:
            # a part that this attempt has not touched is kept: the answer can be a temporary login page
            if self._has_begun and error.kind in _DISCARD_AFTER:
                self.part.discard()
            raise
        finally:
            self.part.close()

    def _receive(self, wanted_range: RangeRequest) -> None:
        self.context.budget.spend(0)
        reply = self._open(wanted_range)
        try:
            self._check_length(reply)
            if reply.offset_bytes:
                self._use_kept(reply.offset_bytes)
            else:
                note = PartNote(without_user(self.wanted.url), reply.validator, reply.total_bytes)
                self._has_begun = True
                self.part.begin(note)
            self._receive_body(reply)
            self._check_end(reply)
        finally:
            reply.close()

    def _open(self, wanted_range: RangeRequest) -> Reply:
        wanted, context = self.wanted, self.context
        if scheme_of(wanted.url) == FILE_SCHEME:
            from archtool.download.local_file import open_file  # lazy: only file: addresses need it

            return open_file(wanted.url, wanted_range, context.stop)
        from archtool.download.http_get import open_http  # lazy: http.client, only downloads need it

        return open_http(wanted.url, wanted_range, self._limit_bytes, context.policy, context.stop)

    @property
    def _limit_bytes(self) -> int:
        length_bytes = self.wanted.length_bytes
        return self.context.policy.max_size_bytes if length_bytes is None else length_bytes

    def _check_length(self, reply: Reply) -> None:
        """Compare the announced length with the declared one before any byte is received."""
        total_bytes, length_bytes = reply.total_bytes, self.wanted.length_bytes
        if total_bytes is None:
            return
        if total_bytes > self._limit_bytes:
            raise self._too_much(f"the server announces {total_bytes:,} bytes")
        if length_bytes is not None and total_bytes < length_bytes:
            message = f"the server announces {total_bytes:,} bytes; fetch.txt declares {length_bytes:,}"
            raise FetchFailedError(finding_kinds.TOO_SHORT, f"{shown(self.wanted.path)}: {message}")

    def _use_kept(self, size_bytes: int) -> None:
        self._has_begun = True
        self.part.resume(self.hashers.values())
        self.size_bytes = size_bytes
        self.context.advance(size_bytes)

    def _receive_body(self, reply: Reply) -> None:
        while block := reply.read():
            self.size_bytes += len(block)
            self.received_bytes += len(block)
            if self.size_bytes > self._limit_bytes:
                raise self._too_much("more bytes were received")
            self.context.budget.spend(len(block))
            self.part.write(block)
            for hasher in self.hashers.values():
                hasher.update(block)
            self.context.advance(len(block))

    def _too_much(self, problem: str) -> FetchFailedError:
        path, limit_bytes = shown(self.wanted.path), self._limit_bytes
        if self.wanted.length_bytes is None:
            message = f"{path}: {problem}; the limit without a declared length is {limit_bytes:,} bytes"
            return FetchFailedError(finding_kinds.OVER_LIMIT, message)
        message = f"{path}: {problem}; fetch.txt declares {limit_bytes:,} bytes"
        return FetchFailedError(finding_kinds.TOO_LONG, message)

    def _check_end(self, reply: Reply) -> None:
        path, length_bytes = shown(self.wanted.path), self.wanted.length_bytes
        due_bytes = length_bytes if reply.total_bytes is None else reply.total_bytes
        if due_bytes is None or self.size_bytes >= due_bytes:
            return
        message = f"{path}: {self.size_bytes:,} of {due_bytes:,} bytes were received"
        if reply.total_bytes is None and reply.has_end:
            raise FetchFailedError(finding_kinds.TOO_SHORT, message)
        raise FetchFailedError(finding_kinds.BROKEN_OFF, message)

    def _finish(self) -> Fetched:
        """Compare the file with every digest, sync it to the disk, and then rename it to its final path."""
        for expected in self.wanted.expected_digests:
            digest = expected.digest
            found = Digest(digest.algorithm, self.hashers[digest.algorithm].hexdigest())
            if not found.matches(digest):
                where = f"{shown(self.wanted.path)} ({expected.where})"
                message = f"digest differs: {where}: expected {digest.short}, found {found.short}"
                raise FetchFailedError(finding_kinds.DIGEST_MISMATCH, message)
        self.part.close(sync=True)
        with _placing_errors(self.wanted):
            place_new(self.part.path, self.context.root, self.wanted.path)
        self.part.discard()
        return Fetched(self.wanted.path, self.size_bytes, self.received_bytes)


@contextlib.contextmanager
def _placing_errors(wanted: WantedFile) -> Iterator[None]:
    """Convert errors of placing a file into `FetchFailedError`: a fault of its name, or of the disk."""
    path = shown(wanted.path)
    try:
        yield
    except FileExistsError as error:
        raise FetchFailedError(
            finding_kinds.NO_PLACE, f"{path} was created by another program and was not replaced"
        ) from error
    except NotAFileError as error:
        message = f"{path}: {shown(error.path)} is a {error.kind.value}"
        raise FetchFailedError(finding_kinds.NO_PLACE, message) from error
    except OSError as error:
        kind = finding_kinds.NO_PLACE if error.errno in _NAME_ERRORS else finding_kinds.NO_STORAGE
        raise FetchFailedError(kind, f"cannot write {path}: {error.strerror or error}") from error
