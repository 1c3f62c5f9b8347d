"""Gets timestamps: from an authority on the network, or from a program that a person named.

Whatever comes back is held against what was asked before anybody else sees it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Protocol

from archtool.errors import InputError, StorageError
from archtool.files.lock import wait_for_lock

if TYPE_CHECKING:
    from archtool.download.fetch_policy import FetchPolicy
    from archtool.timestamps.certificates import Authorities
    from archtool.timestamps.report import TimestampReport

QUERY_TYPE = "application/timestamp-query"  # RFC 3161 §3.4
REPLY_TYPE = "application/timestamp-reply"
TURN_SECONDS = 3600.0  # for all the others that were first: twelve that take as long as they may
COMMAND_SECONDS = 300.0  # a person may have to carry a stick across the room, or to touch a token
_MAX_COMPLAINT_BYTES = 500
_LAST_WORDS_SECONDS = 1.0  # what a program has written is read by then; who still holds its output is left


class NoTimestampError(StorageError):
    """No timestamp could be had: the authority is away, or does not answer as it should."""


class TimestampSource(Protocol):
    """Whoever answers requests for timestamps."""

    @property
    def name(self) -> str:
        """How it is called in messages."""

    def ask(self, query: bytes) -> bytes:
        """Send a request and give the answer.

        Raises:
            NoTimestampError: there is none.
        """


@dataclass(frozen=True, slots=True)
class TimestampServer:
    """An authority on the network."""

    url: str
    policy: FetchPolicy
    stop: Event = field(default_factory=Event)

    @property
    def name(self) -> str:
        """The address, without a password that it may hold."""
        from archtool.download.locations import brief_url

        return brief_url(self.url)

    def __reduce__(self) -> tuple[type[TimestampServer], tuple[str, FetchPolicy]]:
        """Pass to other processes without the event, which stands for this one."""
        return TimestampServer, (self.url, self.policy)

    def ask(self, query: bytes) -> bytes:
        """See `TimestampSource`."""
        from archtool.download.failures import FetchFailedError
        from archtool.download.http_post import PostRequest, post
        from archtool.timestamps.token import MAX_TIMESTAMP_BYTES

        posting = PostRequest(query, QUERY_TYPE, REPLY_TYPE, MAX_TIMESTAMP_BYTES)
        try:
            return post(self.url, posting, self.policy, self.stop)
        except FetchFailedError as error:
            raise no_timestamp(error.message) from error


@dataclass(frozen=True, slots=True)
class TimestampProgram:
    """A program that takes the request on its standard input and gives the answer on its output.

    It is asked for one timestamp at a time by all processes of a user on one machine: it may use a token, or
    files of its own.
    """

    command: tuple[str, ...]
    patience_seconds: float = COMMAND_SECONDS

    @property
    def name(self) -> str:
        """The program's own name."""
        return self.command[0]

    def ask(self, query: bytes) -> bytes:
        """See `TimestampSource`."""
        with self._turn(), tempfile.TemporaryFile() as complaints:
            try:
                running = subprocess.Popen(
                    self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints
                )
            except OSError as error:
                raise no_timestamp(f"{self.name} cannot be run: {error.strerror or error}") from error
            answer = self._talk(running, query)
            if running.returncode:
                complaints.seek(0)
                said = " ".join(complaints.read(_MAX_COMPLAINT_BYTES).decode("utf-8", "replace").split())
                why = f"{self.name} ended with {running.returncode}: {said or 'it said nothing'}"
                raise no_timestamp(why)
        return answer

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait until no other process asks this program; a lock file in the temporary folder says so."""
        words = "\0".join((str(getattr(os, "getuid", int)()), *self.command))
        name = f"archtool-timestamps-{sha256(words.encode('utf-8', 'surrogateescape')).hexdigest()[:32]}.lock"
        place = Path(tempfile.gettempdir()) / name
        with contextlib.ExitStack() as held:
            try:
                held.enter_context(wait_for_lock(place, TURN_SECONDS, lambda _: None, is_written=True))
            except (InputError, StorageError) as error:
                raise no_timestamp(f"{self.name} could not be asked: {error.message}") from error
            try:
                yield
            finally:
                place.unlink(missing_ok=True)

    def _talk(self, running: subprocess.Popen[bytes], query: bytes) -> bytes:
        """Give it the request and wait for its end; one that is slow, or says too much, is ended here."""
        from archtool.timestamps.token import MAX_TIMESTAMP_BYTES

        assert running.stdin is not None  # noqa: S101 - a pipe was asked for
        assert running.stdout is not None  # noqa: S101 - the same
        said: list[bytes] = []
        output = running.stdout
        # a thread, for a program that this one has started may hold its output open for ever
        reader = Thread(target=lambda: said.append(output.read(MAX_TIMESTAMP_BYTES + 1)), daemon=True)
        reader.start()
        try:
            with contextlib.suppress(BrokenPipeError), running.stdin as stdin:
                stdin.write(query)
            reader.join(self.patience_seconds)
            answer = said[0] if said else None
            if answer is not None and len(answer) <= MAX_TIMESTAMP_BYTES:
                running.wait(self.patience_seconds)
        except subprocess.TimeoutExpired:
            answer = None
        finally:
            running.kill()  # of no account for one that has ended
            running.wait()
            reader.join(_LAST_WORDS_SECONDS)
            if not reader.is_alive():
                output.close()
        if answer is None:
            raise no_timestamp(f"{self.name} gave no answer in {self.patience_seconds:g} s")
        if len(answer) > MAX_TIMESTAMP_BYTES:
            raise no_timestamp(
                f"{self.name} wrote more than {MAX_TIMESTAMP_BYTES:,} bytes: that is no timestamp"
            )
        return answer


def no_timestamp(why: str) -> NoTimestampError:
    """Say that there is no timestamp, and what can be done without one."""
    return NoTimestampError(
        f"no timestamp was given: {why}",
        hint="nothing was written; try again or ask another authority; what was signed without a timestamp "
        "can get one later: archtool timestamp",
    )


@dataclass(frozen=True, slots=True)
class TimestampClient:
    """Asks a source for timestamps and takes none that is not to the point."""

    source: TimestampSource
    clock: Callable[[], datetime]
    authorities: Authorities | None = None
    """With these, a timestamp that none of them vouches for is not taken."""

    def stamp(self, data: bytes, digest: str = "sha512") -> tuple[bytes, TimestampReport]:
        """A timestamp of these bytes, as it was received, and what it says.

        Raises:
            NoTimestampError: there is none, or not one that is to the point.
        """
        from archtool.timestamps.request import NONCE_BITS, TimestampQuery

        question = TimestampQuery(data, secrets.randbits(NONCE_BITS), digest)
        answer = self.source.ask(question.format())
        try:
            report = question.check(answer, self.source.name, self.authorities, self.clock())
        except InputError as error:
            raise no_timestamp(error.message) from error
        return answer, report


def timestamp_signatures(files: dict[str, bytes], timestamp_client: TimestampClient) -> dict[str, bytes]:
    """A timestamp for each signature among some files, by its path.

    Raises:
        NoTimestampError: one of them could not be had.
    """
    from archtool.attestations.layout import timestamp_path

    signatures: Sequence[str] = sorted(path for path in files if path.endswith(".sig"))
    return {timestamp_path(path): timestamp_client.stamp(files[path])[0] for path in signatures}
