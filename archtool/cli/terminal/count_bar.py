"""A progress line that counts things of one kind: how many are done, the rate, and the time left."""

from __future__ import annotations

import time

from archtool.cli.terminal.job_bar import REDRAW_SECONDS, JobProgressBar


class CountBar(JobProgressBar):
    """A bar on the last line of stderr, if that is a terminal; it is gone at the end."""

    def __init__(self, label: str, things: str, total: int | None = None) -> None:
        """`things` is the plural of what is counted; without a total there is no bar, and no time left."""
        super().__init__(total if total is not None else 2, label, with_lines=True)
        self._things, self._total = things, total

    def count(self, number: int = 1) -> None:
        """Count things that are done."""
        self._ended += number
        if time.monotonic() - self._drawn_at >= REDRAW_SECONDS:
            self._draw_anew()

    def _format(self) -> str:
        seconds = max(time.monotonic() - self._started_at, 0.001)
        rate = f"{self._ended / seconds:,.0f}/s"
        if self._total is None:
            return self._fitted([f"{self._ended:,} {self._things}", rate])
        left = self._time_left(seconds)
        return self._fitted([f"{self._ended:,}/{self._total:,} {self._things}", left, rate], self._total)
