"""Reads from a socket for no longer than patience lasts, and no more than was allowed for.

http.client alone would wait for every single byte anew, and read interim answers or trailers without an end.
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

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEED_SECONDS = 0.25  # how soon a waiting thread notices that the run is being stopped
MAX_HEAD_BYTES = 256 * 1024  # status line and headers, with all interim ones
OVERHEAD = 8  # bytes on the wire for each byte of the file: chunks have heads too


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long one connection is waited for, on whose clock, and who may end it."""

    seconds: float
    clock: Callable[[], float]
    stop: Event


class PacedReader(io.RawIOBase):
    """The reading end of a connection."""

    def __init__(self, connected: socket.socket, patience: Timeouts) -> None:
        self._socket = connected
        self._patience = patience
        self._waited_seconds = 0.0
        self._received_bytes = 0
        self._allowed_bytes = MAX_HEAD_BYTES

    def allow_body(self, size_bytes: int) -> None:
        """The head is over: so many bytes of a file may follow, with what their transport needs."""
        self._allowed_bytes = self._received_bytes + OVERHEAD * size_bytes + MAX_HEAD_BYTES

    def readable(self) -> bool:
        """As its protocol asks."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Wait for the next bytes.

        Raises:
            FetchFailedError: nothing came for too long, too little since the beginning, or too much.
            StoppedError: the run is being stopped.
        """
        started_at = self._patience.clock()
        try:
            count = self._wait(buffer, started_at + self._allowance_seconds())
        finally:
            self._waited_seconds += self._patience.clock() - started_at
        self._received_bytes += count
        if self._received_bytes > self._allowed_bytes:
            message = f"more than {self._allowed_bytes:,} bytes came where no file has so many"
            raise FetchFailedError(finding_kinds.REPLY_UNUSABLE, message)
        return count

    def _allowance_seconds(self) -> float:
        """How long the next bytes are waited for: the slower it went so far, the shorter."""
        due_seconds = self._received_bytes / MIN_BYTES_PER_SECOND - self._waited_seconds
        return self._patience.seconds + min(0.0, due_seconds)

    def _wait(self, buffer: WriteableBuffer, until: float) -> int:
        while not self._patience.stop.is_set():
            left_seconds = until - self._patience.clock()
            if left_seconds <= 0:
                message = f"{self._received_bytes:,} bytes came in {self._waited_seconds:.0f} s and then none"
                raise FetchFailedError(finding_kinds.TOO_SLOW, message)
            self._socket.settimeout(min(left_seconds, HEED_SECONDS))
            try:
                return self._socket.recv_into(buffer)
            except TimeoutError:
                continue
        raise StoppedError


class PacedSocket:
    """As much of a socket as http.client uses."""

    def __init__(self, connected: socket.socket, reader: PacedReader) -> None:
        self._socket = connected
        self._reader = reader

    def sendall(self, data: bytes) -> None:
        """Send a request."""
        self._socket.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return the reading end."""
        return io.BufferedReader(self._reader)

    def close(self) -> None:
        """Do nothing: http.client calls this before the answer is read; whoever connected closes it."""
