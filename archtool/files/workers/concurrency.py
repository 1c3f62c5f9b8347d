"""How hard to work: how many reads at a time, how fast at most. Chosen at the top, used where bytes are."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

MAX_READS = 32  # at a time; more were not faster on any storage that was measured
MAX_UNITS = 8_000  # of work: their numbers must fit into a pipe at once, four bytes each, in 64 KiB
FEW_FILES, FEW_BYTES = 256, 4 * 1024 * 1024  # read sooner than another process is there


class Concurrency(NamedTuple):
    """How many processes read, and the bytes that all of them together may read in a second."""

    jobs: int = 1
    """To begin with."""
    most_jobs: int = 0
    """Where they are found to wait for the storage; not more than `jobs` if this is less."""
    limit_bytes_per_second: int | None = None

    @property
    def most(self) -> int:
        """How many processes there may be; a limited rate is shared out, so their number is fixed then."""
        is_fixed = self.limit_bytes_per_second is not None or self.most_jobs <= self.jobs
        return self.jobs if is_fixed else self.most_jobs

    def alone(self) -> Concurrency:
        """The same for work that one process does."""
        return Concurrency(1, 1, self.limit_bytes_per_second)

    def fitting(self, files: int, size_bytes: int) -> Concurrency:
        """What so much work is worth: a little is done before another process is there."""
        return self.alone() if files <= FEW_FILES and size_bytes <= FEW_BYTES else self

    def share(self) -> Concurrency:
        """What each of so many processes may do, where each is on its own."""
        limit = self.limit_bytes_per_second
        return Concurrency(1, 1, None if limit is None else max(1, limit // self.jobs))

    def pace(self, workers: int) -> Pace | None:
        """What one of so many workers must keep to; `None` where nothing is asked."""
        limit = self.limit_bytes_per_second
        return None if limit is None else Pace(max(1, limit // max(1, workers)))


class Pace:
    """Makes whoever reads wait, so that no more than so many bytes are read in a second.

    It never saves up more than a moment: a pause is not followed by a rush.
    """

    def __init__(
        self,
        bytes_per_second: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._rate = bytes_per_second
        self._clock, self._sleep = clock, sleep
        self._free_at = clock()

    def spend(self, size_bytes: int) -> None:
        """Say that so many bytes were read; returns when the next may be."""
        now = self._clock()
        self._free_at = max(self._free_at, now) + size_bytes / self._rate
        if self._free_at > now:
            self._sleep(self._free_at - now)

    def reading(self, read: Callable[..., bytes]) -> Callable[..., bytes]:
        """The same read, which waits its turn."""

        def paced(*given: object) -> bytes:
            data = read(*given)
            self.spend(len(data))
            return data

        return paced

    def update(self, data: memoryview, /) -> None:
        """As a sink: whoever shows the bytes of a file waits its turn."""
        self.spend(len(data))
