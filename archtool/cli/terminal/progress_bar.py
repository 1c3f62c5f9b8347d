"""A progress bar on stderr: bytes done, rate and time left; and the first findings of a long run."""

from __future__ import annotations

import sys
import time
from typing import Any

import click

from archtool.cli.terminal import output
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.report.numbers import format_size

_DELAY_SECONDS = 0.3  # a shorter run reports its findings soon enough at its end
_MAX_EARLY_FINDINGS = 20  # shown during the run; the report has them all
_MIN_BYTES = 32 * 1024 * 1024  # less than this is read before a bar could be seen


class ProgressBar:
    """Implements `Progress` on a terminal, with one bar at a time."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._started_at = 0.0
        self._done_bytes = 0
        self._finding_count = 0
        self._unshown: list[Finding | None] = []  # `None`: more findings than are shown

    def start(self, label: str, total_bytes: int | None) -> None:
        """Begin a new part of the work; `total_bytes` is `None` if it is unknown."""
        self.finish()
        self._started_at = time.monotonic()
        self._done_bytes = self._finding_count = 0
        if total_bytes is None or total_bytes < _MIN_BYTES:
            return
        self._bar = click.progressbar(
            length=total_bytes,
            label=label,
            file=sys.stderr,
            item_show_func=lambda _: self._rate(),
            update_min_steps=1024 * 1024,
        )
        self._bar.__enter__()

    def advance(self, size_bytes: int) -> None:
        """Count bytes that are done."""
        self._done_bytes += size_bytes
        self._show_findings()
        if self._bar is not None:
            self._bar.update(size_bytes, self._done_bytes)

    def report(self, finding: Finding) -> None:
        """Show a finding while the rest is still read, if that takes longer than `_DELAY_SECONDS`."""
        self._finding_count += 1
        if self._finding_count <= _MAX_EARLY_FINDINGS:
            self._unshown.append(finding)
        elif self._finding_count == _MAX_EARLY_FINDINGS + 1:
            self._unshown.append(None)
        self._show_findings()

    def _show_findings(self) -> None:
        if not self._unshown or time.monotonic() - self._started_at < _DELAY_SECONDS:
            return
        output.message("")  # below the bar, which is drawn again
        for finding in self._unshown:
            text = "more findings; all are listed at the end" if finding is None else shown(finding.message)
            output.message(f"{output.PROGRAM}: found so far: {text}")
        self._unshown.clear()

    def finish(self) -> None:
        """End this part of the work; findings not shown yet are left to the report, which follows at once."""
        self._unshown.clear()
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None

    def _rate(self) -> str:
        seconds = max(time.monotonic() - self._started_at, 0.001)
        return f"{format_size(int(self._done_bytes / seconds))}/s"
