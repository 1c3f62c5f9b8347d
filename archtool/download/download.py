"""Gets one file: whole, of the declared length, and what every manifest says, or not at all."""

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

# what can be wrong with a name itself; any other refusal comes from the disk
_NO_NAME = frozenset((errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ))


# after these, what arrived is not the beginning of the right file
_SPOILT = frozenset(
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
    """What one line of a manifest says of a file."""

    digest: Digest
    where: str
    """The manifest and its line, for a message."""


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file to get, and all that is known of it beforehand."""

    path: str
    """Where it goes, from the bag's root; safe."""
    url: str
    """Of a scheme that may be used."""
    length_bytes: int | None
    """`None` where it is not known."""
    claims: tuple[ExpectedDigest, ...]
    line: int
    """Of fetch.txt."""

    @property
    def algorithms(self) -> tuple[Algorithm, ...]:
        """The algorithms that are needed, each once."""
        return tuple(dict.fromkeys(claim.digest.algorithm for claim in self.claims))


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that is in its place now."""

    path: str
    size_bytes: int
    received_bytes: int
    """What came over the network in this run; the rest was kept by an earlier one."""


class ByteBudget:
    """How much may still arrive for one bag; shared by all threads."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._taken_bytes = 0
        self._lock = Lock()

    def take(self, size_bytes: int) -> None:
        """Count what arrived.

        Raises:
            FetchFailedError: it is more than allowed.
        """
        with self._lock:
            self._taken_bytes += size_bytes
            is_over = self._taken_bytes > self._limit_bytes
        if is_over:
            message = f"more than {self._limit_bytes:,} bytes arrived for this bag"
            raise FetchFailedError(finding_kinds.OVER_TOTAL, message)


@dataclass(frozen=True, slots=True)
class FetchContext:
    """What all files of one bag have in common."""

    root: Path
    store: PartialFileStore
    policy: FetchPolicy
    budget: ByteBudget
    stop: Event
    advance: Callable[[int], None]
    """Told of bytes that are there; may be called by several threads at once."""


def download(wanted: WantedFile, errand: FetchContext) -> Fetched:
    """Get one file and put it in its place.

    A kept part is gone on from where the server can tell that the file is still the same. Where the
    whole then is not what the manifests say, it is asked for once more from the beginning: the part
    may have suffered on the disk.

    Raises:
        FetchFailedError: it could not be had, or is not the file that was meant.
        StorageError: nothing can be stored here.
        StoppedError: the run is being stopped.

    Source: RFC 8493 §2.2.3 (fetch.txt), §5.2, §5.3.
    """
    with _placing(wanted):
        check_free(errand.root, wanted.path)
    part = errand.store.part(wanted.path)
    kept = _usable(part, wanted)
    if kept is not None:
        try:
            return _Attempt(wanted, errand, part).go_on(*kept)
        except RangeRefusedError:
            pass
        except FetchFailedError as error:
            if error.kind is not finding_kinds.DIGEST_MISMATCH:
                raise
    return _Attempt(wanted, errand, part).begin()


def _usable(part: PartialFile, wanted: WantedFile) -> tuple[PartNote, int] | None:
    """What is kept of the very file, and can be gone on from."""
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
    """One try at one file."""

    def __init__(self, wanted: WantedFile, errand: FetchContext, part: PartialFile) -> None:
        self.wanted = wanted
        self.errand = errand
        self.part = part
        self.hashers: dict[Algorithm, Hasher] = {a: a.hasher() for a in wanted.algorithms}
        self.size_bytes = 0
        self.received_bytes = 0
        self._has_begun = False

    def begin(self) -> Fetched:
        """Ask for the whole."""
        with self._cleaning_up():
            self._receive(RangeRequest())
            return self._finish()

    def go_on(self, note: PartNote, size_bytes: int) -> Fetched:
        """Ask for the rest, if anything is missing."""
        with self._cleaning_up():
            total_bytes = note.total_bytes if self.wanted.length_bytes is None else self.wanted.length_bytes
            if size_bytes == total_bytes:
                self._take_kept(size_bytes)
            else:
                self._receive(RangeRequest(size_bytes, note.validator))
            return self._finish()

    @contextlib.contextmanager
    def _cleaning_up(self) -> Iterator[None]:
        try:
            yield
        except FetchFailedError as error:
            # what was there before this attempt touched it is kept: a login page in between says nothing
            if self._has_begun and error.kind in _SPOILT:
                self.part.discard()
            raise
        finally:
            self.part.close()

    def _receive(self, ask: RangeRequest) -> None:
        self.errand.budget.take(0)
        reply = self._open(ask)
        try:
            self._check_length(reply)
            if reply.offset_bytes:
                self._take_kept(reply.offset_bytes)
            else:
                note = PartNote(without_user(self.wanted.url), reply.validator, reply.total_bytes)
                self._has_begun = True
                self.part.begin(note)
            self._pour(reply)
            self._check_end(reply)
        finally:
            reply.close()

    def _open(self, ask: RangeRequest) -> Reply:
        wanted, errand = self.wanted, self.errand
        if scheme_of(wanted.url) == FILE_SCHEME:
            from archtool.download.local_file import open_file

            return open_file(wanted.url, ask, errand.stop)
        from archtool.download.http_get import open_http

        return open_http(wanted.url, ask, self._limit_bytes, errand.policy, errand.stop)

    @property
    def _limit_bytes(self) -> int:
        length_bytes = self.wanted.length_bytes
        return self.errand.policy.max_size_bytes if length_bytes is None else length_bytes

    def _check_length(self, reply: Reply) -> None:
        """Hold what is announced against what is declared, before anything is taken."""
        total_bytes, length_bytes = reply.total_bytes, self.wanted.length_bytes
        if total_bytes is None:
            return
        if total_bytes > self._limit_bytes:
            raise self._too_much(f"the server announces {total_bytes:,} bytes")
        if length_bytes is not None and total_bytes < length_bytes:
            message = f"the server announces {total_bytes:,} bytes, fetch.txt says {length_bytes:,}"
            raise FetchFailedError(finding_kinds.TOO_SHORT, f"{shown(self.wanted.path)}: {message}")

    def _take_kept(self, size_bytes: int) -> None:
        self._has_begun = True
        self.part.go_on(self.hashers.values())
        self.size_bytes = size_bytes
        self.errand.advance(size_bytes)

    def _pour(self, reply: Reply) -> None:
        while block := reply.read():
            self.size_bytes += len(block)
            self.received_bytes += len(block)
            if self.size_bytes > self._limit_bytes:
                raise self._too_much("more arrived")
            self.errand.budget.take(len(block))
            self.part.write(block)
            for hasher in self.hashers.values():
                hasher.update(block)
            self.errand.advance(len(block))

    def _too_much(self, what: str) -> FetchFailedError:
        path, limit_bytes = shown(self.wanted.path), self._limit_bytes
        if self.wanted.length_bytes is None:
            return FetchFailedError(
                finding_kinds.OVER_LIMIT, f"{path}: {what}; allowed without a length: {limit_bytes:,}"
            )
        return FetchFailedError(
            finding_kinds.TOO_LONG, f"{path}: {what}; fetch.txt says {limit_bytes:,} bytes"
        )

    def _check_end(self, reply: Reply) -> None:
        path, length_bytes = shown(self.wanted.path), self.wanted.length_bytes
        due_bytes = length_bytes if reply.total_bytes is None else reply.total_bytes
        if due_bytes is None or self.size_bytes >= due_bytes:
            return
        message = f"{path}: {self.size_bytes:,} of {due_bytes:,} bytes arrived"
        if reply.total_bytes is None and reply.has_end:
            raise FetchFailedError(finding_kinds.TOO_SHORT, message)
        raise FetchFailedError(finding_kinds.BROKEN_OFF, message)

    def _finish(self) -> Fetched:
        """Hold it against every digest, have it on the disk, and only then give it its name."""
        for claim in self.wanted.claims:
            found = Digest(claim.digest.algorithm, self.hashers[claim.digest.algorithm].hexdigest())
            if not found.matches(claim.digest):
                where = f"{shown(self.wanted.path)} ({claim.where})"
                message = f"digest differs: {where}: expected {claim.digest.short}, found {found.short}"
                raise FetchFailedError(finding_kinds.DIGEST_MISMATCH, message)
        self.part.close(sync=True)
        with _placing(self.wanted):
            place_new(self.part.path, self.errand.root, self.wanted.path)
        self.part.discard()
        return Fetched(self.wanted.path, self.size_bytes, self.received_bytes)


@contextlib.contextmanager
def _placing(wanted: WantedFile) -> Iterator[None]:
    """What it means where a file cannot be put: a matter of its name, or of the whole disk."""
    path = shown(wanted.path)
    try:
        yield
    except FileExistsError as error:
        raise FetchFailedError(
            finding_kinds.NO_PLACE, f"{path} appeared meanwhile: it was left as it is"
        ) from error
    except NotAFileError as error:
        message = f"{path}: {shown(error.path)} is a {error.kind.value}"
        raise FetchFailedError(finding_kinds.NO_PLACE, message) from error
    except OSError as error:
        kind = finding_kinds.NO_PLACE if error.errno in _NO_NAME else finding_kinds.NO_STORAGE
        raise FetchFailedError(kind, f"cannot write {path}: {error.strerror or error}") from error
