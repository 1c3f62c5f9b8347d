"""Reads from a socket with limits for the total time, the average rate and the number of bytes.

http.client alone restarts its timeout with every byte, and reads interim answers or trailers without a limit.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from archtool.download import finding_kinds
from archtool.download.failures import FetchFailedError, StoppedError
from archtool.download.fetch_policy import MIN_BYTES_PER_SECOND
from archtool.download.limits import MAX_HEAD_BYTES

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STOP_CHECK_SECONDS = 0.25  # the delay until a waiting thread notices that the run is being stopped
OVERHEAD = 8  # bytes on the wire for each byte of the file, because chunks have headers


@dataclass(frozen=True, slots=True)
class Timeouts:
    """The time limit of one connection, its clock, and the event that stops it."""

    seconds: float
    clock: Callable[[], float]
    stop: Event


class TimedReader(io.RawIOBase):
    """The reading end of a connection."""

    def __init__(self, connected: socket.socket, timeouts: Timeouts) -> None:
        self._socket = connected
        self._timeouts = timeouts
        self._waited_seconds = 0.0
        self._received_bytes = 0
        self._allowed_bytes = MAX_HEAD_BYTES

    def allow_body(self, size_bytes: int) -> None:
        """Allow the given number of body bytes, plus the overhead of their transport, after the head."""
        self._allowed_bytes = self._received_bytes + OVERHEAD * size_bytes + MAX_HEAD_BYTES

    def readable(self) -> bool:
        """See `io.RawIOBase`."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read the next bytes into a buffer and return their number.

        Raises:
            FetchFailedError: no bytes arrived in time, the average rate is too low, or there are too many.
            StoppedError: the run is being stopped.
        """
        started_at = self._timeouts.clock()
        try:
            count = self._wait(buffer, started_at + self._allowance_seconds())
        finally:
            self._waited_seconds += self._timeouts.clock() - started_at
        self._received_bytes += count
        if self._received_bytes > self._allowed_bytes:
            message = f"the answer exceeds {self._allowed_bytes:,} bytes"
            raise FetchFailedError(finding_kinds.REPLY_UNUSABLE, message)
        return count

    def _allowance_seconds(self) -> float:
        """Return how long to wait for the next bytes: shorter if the rate so far was too low."""
        due_seconds = self._received_bytes / MIN_BYTES_PER_SECOND - self._waited_seconds
        return self._timeouts.seconds + min(0.0, due_seconds)

    def _wait(self, buffer: WriteableBuffer, until: float) -> int:
        while not self._timeouts.stop.is_set():
            left_seconds = until - self._timeouts.clock()
            if left_seconds <= 0:
                message = f"{self._received_bytes:,} bytes arrived in {self._waited_seconds:.0f} s, then none"
                raise FetchFailedError(finding_kinds.TOO_SLOW, message)
            self._socket.settimeout(min(left_seconds, STOP_CHECK_SECONDS))
            try:
                return self._socket.recv_into(buffer)
            except TimeoutError:
                continue
        raise StoppedError


class TimedSocket:
    """The part of a socket's interface that http.client uses."""

    def __init__(self, connected: socket.socket, reader: TimedReader) -> None:
        self._socket = connected
        self._reader = reader

    def sendall(self, data: bytes) -> None:
        """Send a request."""
        self._socket.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return the reading end."""
        return io.BufferedReader(self._reader)

    def close(self) -> None:
        """Do nothing: http.client calls this before the answer is read; `Exchange` closes the connection."""
