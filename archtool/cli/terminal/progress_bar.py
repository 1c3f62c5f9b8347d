"""Progress for a person: bytes done, rate and time left, on stderr, and only if it is a terminal."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from archtool.cli.terminal import output
from archtool.files.paths import shown
from archtool.report.numbers import format_size

if TYPE_CHECKING:
    from archtool.findings import Finding

_PATIENCE_SECONDS = 0.3  # what ends sooner than this is reported soon enough
_MAX_TOLD = 20  # while the rest is read; the report has them all
_MIN_BYTES = 32 * 1024 * 1024  # what takes less than the blink of an eye needs no bar


class ProgressBar:
    """One bar at a time."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._started_at = 0.0
        self._done_bytes = 0
        self._told = 0
        self._waiting: list[Finding | None] = []

    def start(self, label: str, total_bytes: int | None) -> None:
        """A new stretch of work begins."""
        self.finish()
        self._started_at = time.monotonic()
        self._done_bytes = self._told = 0
        if total_bytes is None or total_bytes < _MIN_BYTES:
            return
        import click  # small bags need no bar

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
        self._show_told()
        if self._bar is not None:
            self._bar.update(size_bytes, self._done_bytes)

    def tell(self, finding: Finding) -> None:
        """Show what is wrong while the rest is still read, if that takes longer than a moment."""
        self._told += 1
        if self._told <= _MAX_TOLD:
            self._waiting.append(finding)
        elif self._told == _MAX_TOLD + 1:
            self._waiting.append(None)
        self._show_told()

    def _show_told(self) -> None:
        if not self._waiting or time.monotonic() - self._started_at < _PATIENCE_SECONDS:
            return
        output.message("")  # below the bar, which is drawn anew
        for finding in self._waiting:
            words = "and more; all is listed at the end" if finding is None else shown(finding.message)
            output.message(f"{output.PROGRAM}: seen so far: {words}")
        self._waiting.clear()

    def finish(self) -> None:
        """The stretch is over; what was not shown by now is reported at once."""
        self._waiting.clear()
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None

    def _rate(self) -> str:
        seconds = max(time.monotonic() - self._started_at, 0.001)
        return f"{format_size(int(self._done_bytes / seconds))}/s"
