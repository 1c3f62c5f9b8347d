"""Counts the bytes that this process and its forked workers have read, in memory that they share."""

from __future__ import annotations

import mmap
import os
import time
from collections.abc import Callable
from threading import Lock

from archtool.files.source import InlineSink

_SLOTS = 4096  # one for each process; two processes with one slot would make the display count too little
_REDRAW_SECONDS = 0.1


class SharedMeter(InlineSink):
    """Implements `Meter`; calls `show` with the total in the process that made it, ten times a second.

    The count is for display only: threads of one process can lose a block between them.
    """

    def __init__(self, show: Callable[[int], None]) -> None:
        self._counts = memoryview(mmap.mmap(-1, 8 * _SLOTS)).cast("Q")
        self._show = show
        self._owner = os.getpid()
        self._shown_at = time.monotonic()
        self._lock = Lock()

    def reset(self) -> None:
        """Count from 0 again; no other process may be reading."""
        for slot in range(_SLOTS):
            self._counts[slot] = 0

    def add(self, size_bytes: int) -> None:
        """Count bytes that this process has read."""
        process = os.getpid()
        self._counts[process % _SLOTS] += size_bytes
        if process == self._owner:
            self.tick()

    def update(self, data: memoryview, /) -> None:
        """Count bytes that are passed to this meter as to a sink."""
        self.add(len(data))

    def tick(self) -> None:
        """Show the total, unless that was done just now or another thread is doing it."""
        if time.monotonic() - self._shown_at < _REDRAW_SECONDS or not self._lock.acquire(blocking=False):
            return
        try:
            self._shown_at = time.monotonic()
            self._show(sum(self._counts))
        finally:
            self._lock.release()
