"""Requests timestamps from an authority on the network, or from a program that the user names.

Every response is checked against the request before it is returned.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Protocol

from archtool.attestations.layout import timestamp_path
from archtool.download.failures import FetchFailedError
from archtool.download.locations import brief_url
from archtool.errors import InputError, StorageError
from archtool.files.lock import wait_for_lock
from archtool.timestamps.certificates import Authorities
from archtool.timestamps.limits import MAX_TIMESTAMP_BYTES
from archtool.timestamps.report import TimestampReport
from archtool.timestamps.request import NONCE_BITS, TimestampQuery

if TYPE_CHECKING:
    from archtool.download.fetch_policy import FetchPolicy  # lazy: imports ssl, only servers need it

QUERY_TYPE = "application/timestamp-query"  # RFC 3161 §3.4
REPLY_TYPE = "application/timestamp-reply"
LOCK_WAIT_SECONDS = 3600.0  # for the processes before this one: twelve that use all of COMMAND_SECONDS
COMMAND_SECONDS = 300.0  # a person may have to carry a USB stick to another machine, or to touch a token
_MAX_STDERR_BYTES = 500
_READER_EXIT_SECONDS = 1.0  # to read the last output; a process that keeps the output open is not waited for


class NoTimestampError(StorageError):
    """No timestamp was received: the source cannot be reached, or its response is not usable."""


class TimestampSource(Protocol):
    """Answers requests for timestamps."""

    @property
    def name(self) -> str:
        """The name of the source in messages."""

    def send(self, query: bytes) -> bytes:
        """Send a request and return the response.

        Raises:
            NoTimestampError: there is no response.
        """


@dataclass(frozen=True, slots=True)
class TimestampServer:
    """A timestamp authority on the network."""

    url: str
    policy: FetchPolicy
    stop: Event = field(default_factory=Event)
    """Ends a request early, when it is set."""

    @property
    def name(self) -> str:
        """The address, without any password in it."""
        return brief_url(self.url)

    def __reduce__(self) -> tuple[type[TimestampServer], tuple[str, FetchPolicy]]:
        """Pickle without the event, which belongs to this process."""
        return TimestampServer, (self.url, self.policy)

    def send(self, query: bytes) -> bytes:
        """See `TimestampSource`."""
        from archtool.download.http_post import PostRequest, post  # lazy: imports http, only servers need it

        request = PostRequest(query, QUERY_TYPE, REPLY_TYPE, MAX_TIMESTAMP_BYTES)
        try:
            return post(self.url, request, self.policy, self.stop)
        except FetchFailedError as error:
            raise no_timestamp_error(error.message) from error


@dataclass(frozen=True, slots=True)
class TimestampProgram:
    """A program that reads a request from standard input and writes the response to standard output.

    The processes of one user on one machine run it one after the other: it may use a token, or files of its
    own.
    """

    command: tuple[str, ...]
    timeout_seconds: float = COMMAND_SECONDS

    @property
    def name(self) -> str:
        """The name of the program."""
        return self.command[0]

    def send(self, query: bytes) -> bytes:
        """See `TimestampSource`."""
        with self._lock(), tempfile.TemporaryFile() as stderr:
            try:
                process = subprocess.Popen(
                    self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr
                )
            except OSError as error:
                raise no_timestamp_error(f"{self.name} cannot be run: {error.strerror or error}") from error
            response = self._exchange(process, query)
            if process.returncode:
                stderr.seek(0)
                text = " ".join(stderr.read(_MAX_STDERR_BYTES).decode("utf-8", "replace").split())
                reason = (
                    f"{self.name} ended with exit code {process.returncode}: {text or 'no error message'}"
                )
                raise no_timestamp_error(reason)
        return response

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """Wait until no other process uses this program; they share a lock file in the temporary folder."""
        identity = "\0".join((str(getattr(os, "getuid", int)()), *self.command))
        digest = sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()
        lock_file = Path(tempfile.gettempdir()) / f"archtool-timestamps-{digest[:32]}.lock"
        with contextlib.ExitStack() as locks:
            try:
                locks.enter_context(
                    wait_for_lock(lock_file, LOCK_WAIT_SECONDS, lambda _: None, is_written=True)
                )
            except (InputError, StorageError) as error:
                raise no_timestamp_error(f"{self.name} was not run: {error.message}") from error
            try:
                yield
            finally:
                lock_file.unlink(missing_ok=True)

    def _exchange(self, process: subprocess.Popen[bytes], query: bytes) -> bytes:
        """Write the request, return the response; kill a program that is too slow or writes too much."""
        assert process.stdin is not None  # noqa: S101 - opened as a pipe
        assert process.stdout is not None  # noqa: S101 - opened as a pipe
        received: list[bytes] = []
        output = process.stdout
        # a thread, because a child of the program can keep its output open forever
        reader = Thread(target=lambda: received.append(output.read(MAX_TIMESTAMP_BYTES + 1)), daemon=True)
        reader.start()
        try:
            with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
                stdin.write(query)
            reader.join(self.timeout_seconds)
            response = received[0] if received else None
            if response is not None and len(response) <= MAX_TIMESTAMP_BYTES:
                process.wait(self.timeout_seconds)
        except subprocess.TimeoutExpired:
            response = None
        finally:
            process.kill()  # does nothing if the program has ended
            process.wait()
            reader.join(_READER_EXIT_SECONDS)
            if not reader.is_alive():
                output.close()
        if response is None:
            raise no_timestamp_error(f"{self.name} did not answer within {self.timeout_seconds:g} s")
        if len(response) > MAX_TIMESTAMP_BYTES:
            raise no_timestamp_error(
                f"{self.name} wrote more than {MAX_TIMESTAMP_BYTES:,} bytes, which is no timestamp"
            )
        return response


def no_timestamp_error(reason: str) -> NoTimestampError:
    """Return the error for a timestamp that was not received, with a hint how to continue."""
    return NoTimestampError(
        f"no timestamp was received: {reason}",
        hint="nothing was written; try again or use another authority; a signature without a timestamp can "
        "get one later: archtool timestamp",
    )


@dataclass(frozen=True, slots=True)
class TimestampClient:
    """Requests timestamps from a source, and accepts only responses that match the request."""

    source: TimestampSource
    clock: Callable[[], datetime]
    authorities: Authorities | None = None
    """If given, a timestamp is accepted only if it leads to one of these root certificates."""

    def get_timestamp(self, data: bytes, digest: str = "sha512") -> tuple[bytes, TimestampReport]:
        """Request a timestamp of these bytes; returns it as it was received, and the report on it.

        Raises:
            NoTimestampError: there is no response, or it does not match the request.
        """
        question = TimestampQuery(data, secrets.randbits(NONCE_BITS), digest)
        response = self.source.send(question.format())
        try:
            report = question.check(response, self.source.name, self.authorities, self.clock())
        except InputError as error:
            raise no_timestamp_error(error.message) from error
        return response, report


def timestamp_signatures(files: dict[str, bytes], timestamp_client: TimestampClient) -> dict[str, bytes]:
    """Request a timestamp for each signature among some files; returns them by the paths to store them at.

    Raises:
        NoTimestampError: one of them was not received.
    """
    signatures = sorted(path for path in files if path.endswith(".sig"))
    return {timestamp_path(path): timestamp_client.get_timestamp(files[path])[0] for path in signatures}
