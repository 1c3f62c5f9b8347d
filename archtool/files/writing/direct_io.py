"""Writes large files past the system's cache, directly to the disk, where the disk is fast enough for that.

Writing through the cache copies each byte in memory, which slows down hashing at the same time, and removes
from the cache what other programs would read again. But a direct write waits for the disk with every block:
where that takes nearly all the time (rotating disks, network disks), the cache is faster, and the rest of the
file is written through it.

Source: open(2), O_DIRECT.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable

if os.name == "posix":
    import fcntl

FIRST_BYTES = 8 * 1024 * 1024  # smaller files gain nothing
_ALIGNMENT_BYTES = 4096  # of memory, lengths and offsets: every current disk supports it
_WINDOW_SECONDS = 1.0  # between two checks of the speed: a fast disk is slow for moments
_BUSY_SHARE = 0.8  # of the time: when writes take longer, the disk is the bottleneck
_slow: set[int] = set()  # devices that were found to be too slow; a process writes to few


class DirectWriter:
    """Writes one file past the cache, until this turns out to be slower than the cache."""

    def __init__(self, file: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._file = file
        self._clock = clock
        self._device = os.fstat(file).st_dev
        self._is_on = self._device not in _slow and self._switch(on=True)
        self._busy_seconds, self._since = 0.0, clock()

    def write(self, data: memoryview) -> memoryview:
        """Write as much of a block as possible past the cache; return the rest, for an ordinary write.

        Raises:
            OSError: the write fails.
        """
        if not self._is_on:
            return data
        if len(data) % _ALIGNMENT_BYTES:  # usually the end of the file
            self._end()
            return data
        begun = self._clock()
        try:
            while data:
                data = data[os.write(self._file, data) :]
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            self._end()  # this disk needs another alignment
            return data
        self._measure(self._clock() - begun)
        return data

    def _measure(self, seconds: float) -> None:
        self._busy_seconds += seconds
        now = self._clock()
        passed = now - self._since
        if passed < _WINDOW_SECONDS:
            return
        if self._busy_seconds > _BUSY_SHARE * passed:
            _slow.add(self._device)
            self._end()
        self._busy_seconds, self._since = 0.0, now

    def _end(self) -> None:
        self._is_on = False
        self._switch(on=False)

    def _switch(self, *, on: bool) -> bool:
        """Switch direct writing on or off; return whether it is on: system and disk must support it."""
        direct = getattr(os, "O_DIRECT", 0)
        if not direct:
            return False
        flags = fcntl.fcntl(self._file, fcntl.F_GETFL)
        try:
            fcntl.fcntl(self._file, fcntl.F_SETFL, flags | direct if on else flags & ~direct)
        except OSError:
            return False
        return on
