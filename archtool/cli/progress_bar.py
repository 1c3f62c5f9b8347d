"""Progress for a person: bytes done, rate and time left, on stderr, and only if it is a terminal."""

from __future__ import annotations

import sys
import time
from typing import Any

import click

from archtool.cli import screen
from archtool.progress import NoProgress, Progress
from archtool.report.sizes import format_size

_MIN_BYTES = 32 * 1024 * 1024  # what takes less than the blink of an eye needs no bar


def make_progress() -> Progress:
    """A bar where somebody watches, nothing elsewhere."""
    return Bar() if screen.is_terminal() else NoProgress()


class Bar:
    """One bar at a time."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._started_at = 0.0
        self._done_bytes = 0

    def start(self, label: str, total_bytes: int | None) -> None:
        """A new stretch of work begins."""
        self.finish()
        if total_bytes is None or total_bytes < _MIN_BYTES:
            return
        self._started_at = time.monotonic()
        self._done_bytes = 0
        self._bar = click.progressbar(
            length=total_bytes,
            label=label,
            file=sys.stderr,
            item_show_func=lambda _: self._rate(),
            update_min_steps=1024 * 1024,
        )
        self._bar.__enter__()

    def advance(self, size_bytes: int) -> None:
        """So many more bytes are done."""
        self._done_bytes += size_bytes
        if self._bar is not None:
            self._bar.update(size_bytes, self._done_bytes)

    def finish(self) -> None:
        """The stretch is over."""
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None

    def _rate(self) -> str:
        seconds = max(time.monotonic() - self._started_at, 0.001)
        return f"{format_size(int(self._done_bytes / seconds))}/s"
