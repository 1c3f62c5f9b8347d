"""How many reads run at a time, and how fast they may be. The CLI chooses it, the readers use it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from archtool.files.source import InlineSink
from archtool.progress import Meter

_MAX_SLEEP_SECONDS = 0.2
FEW_FILES, FEW_BYTES = 256, 4 * 1024 * 1024  # read faster than a second process starts


class Concurrency(NamedTuple):
    """The number of reading processes, and the bytes that all of them together may read in a second."""

    jobs: int = 1
    """The number of processes at the start."""
    max_jobs: int = 0
    """The highest number, used where processes wait for the storage; ignored if less than `jobs`."""
    limit_bytes_per_second: int | None = None
    meter: Meter | None = None
    """Counts the bytes that the processes read, if progress is shown."""

    @property
    def max_workers(self) -> int:
        """The highest number of processes; it is fixed where they share a limited rate."""
        is_fixed = self.limit_bytes_per_second is not None or self.max_jobs <= self.jobs
        return self.jobs if is_fixed else self.max_jobs

    def single(self) -> Concurrency:
        """Return one process with the whole rate."""
        return Concurrency(1, 1, self.limit_bytes_per_second, self.meter)

    def metered(self, meter: Meter | None) -> Concurrency:
        """Return the same processes and rate with a meter."""
        return self._replace(meter=meter)

    def sized_for(self, files: int, size_bytes: int) -> Concurrency:
        """Return one process for a small amount of work, which it does before a second process starts."""
        return self.single() if files <= FEW_FILES and size_bytes <= FEW_BYTES else self

    def per_process(self) -> Concurrency:
        """Return one process with its share of the rate, for processes that work independently."""
        limit = self.limit_bytes_per_second
        return Concurrency(1, 1, None if limit is None else max(1, limit // self.jobs))

    def pace(self, workers: int) -> Pace | None:
        """Return the pace for one of the given number of workers.

        `None` where the rate is not limited and nothing is counted.
        """
        limit = self.limit_bytes_per_second
        if limit is None and self.meter is None:
            return None
        return Pace(None if limit is None else max(1, limit // max(1, workers)), meter=self.meter)


class Pace(InlineSink):
    """Counts what a reader reads, and delays it where it may read only so many bytes in a second.

    Unused time is not saved up: after a pause the reader is not faster than before.
    """

    def __init__(
        self,
        bytes_per_second: int | None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        meter: Meter | None = None,
    ) -> None:
        self._rate = bytes_per_second
        self._meter = meter
        self._clock, self._sleep = clock, sleep
        self._free_at = clock()

    def spend(self, size_bytes: int) -> None:
        """Count bytes that were read; return when the next may be read."""
        if self._meter is not None:
            self._meter.add(size_bytes)
        if self._rate is None:
            return
        now = self._clock()
        self._free_at = max(self._free_at, now) + size_bytes / self._rate
        while self._free_at > now:
            # in short sleeps: the progress stays alive, and a thread notices an interrupt
            self._sleep(min(self._free_at - now, _MAX_SLEEP_SECONDS))
            if self._meter is not None:
                self._meter.tick()
            now = self._clock()

    def paced(self, read: Callable[..., bytes]) -> Callable[..., bytes]:
        """Return a read function that keeps to this pace."""

        def paced_read(*arguments: object) -> bytes:
            data = read(*arguments)
            self.spend(len(data))
            return data

        return paced_read

    def update(self, data: memoryview, /) -> None:
        """Delay the reader that passes bytes to this pace as to a sink."""
        self.spend(len(data))
