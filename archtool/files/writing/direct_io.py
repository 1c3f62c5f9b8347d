"""Writes large files past the system's cache, onto the disk itself, where the disk is quick enough for that.

By way of the cache each byte is copied once more in memory, at the cost of whoever hashes meanwhile, and
what others would read again is driven out of it. But past it every block is waited for: where that takes
nearly all the time (a disk that turns, a disk elsewhere), the cache is the better way, and is taken from
there on.

Source: open(2), O_DIRECT.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable

if os.name == "posix":
    import fcntl

FIRST_BYTES = 8 * 1024 * 1024  # smaller files are written sooner than anybody could wait for them
_ALIGNMENT_BYTES = 4096  # of memory, lengths and offsets: what every disk of today takes
_WINDOW_SECONDS = 1.0  # between one look at the pace and the next: a good disk has bad moments
_BUSY_SHARE = 0.8  # of the time: a disk that is waited for longer has become what all others wait for
_slow: set[int] = set()  # file systems that were found to be too slow; a process knows of few


class DirectWriter:
    """One file that is written past the cache, until that is seen to be of no use."""

    def __init__(self, file: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._file = file
        self._clock = clock
        self._device = os.fstat(file).st_dev
        self._is_on = self._device not in _slow and self._switch(on=True)
        self._busy_seconds, self._since = 0.0, clock()

    def write(self, data: memoryview) -> memoryview:
        """Write a block as far as it can be written so; gives what is left for the ordinary way.

        Raises:
            OSError: the disk refuses.
        """
        if not self._is_on:
            return data
        if len(data) % _ALIGNMENT_BYTES:  # the end of the file, nearly always
            self._end()
            return data
        begun = self._clock()
        try:
            while data:
                data = data[os.write(self._file, data) :]
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            self._end()  # this disk wants it in other portions
            return data
        self._judge(self._clock() - begun)
        return data

    def _judge(self, seconds: float) -> None:
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
        """Whether the system, and what the file lies on, can do it."""
        direct = getattr(os, "O_DIRECT", 0)
        if not direct:
            return False
        flags = fcntl.fcntl(self._file, fcntl.F_GETFL)
        try:
            fcntl.fcntl(self._file, fcntl.F_SETFL, flags | direct if on else flags & ~direct)
        except OSError:
            return False
        return on
