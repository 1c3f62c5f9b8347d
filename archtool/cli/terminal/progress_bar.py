"""A progress bar on stderr: bytes done, rate and time left; and the first findings of a long run."""

from __future__ import annotations

import itertools
import sys
import time
from typing import Any

import click

from archtool.cli.terminal import output
from archtool.cli.terminal.shared_meter import SharedMeter
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.report.numbers import format_size

_DELAY_SECONDS = 0.3  # a shorter run reports its findings soon enough at its end
_BAR_SECONDS = 0.7  # a stage that takes longer gets a bar
_MAX_EARLY_FINDINGS = 20  # shown during the run; the report has them all


class ProgressBar:
    """Implements `Progress` on a terminal, with one bar at a time."""

    def __init__(self) -> None:
        self.meter = SharedMeter(self._draw)
        self._bar: Any = None
        self._label = ""
        self._total_bytes: int | None = None
        self._is_active = False
        self._started_at = 0.0
        self._done_bytes = self._read_bytes = self._drawn_bytes = 0
        self._finding_count = 0
        self._unshown: list[Finding | None] = []  # `None`: more findings than are shown

    def start(self, label: str, total_bytes: int | None) -> None:
        """Begin a stage; its bar appears when it takes longer than `_BAR_SECONDS`."""
        self.finish()
        self.meter.reset()
        self._label, self._total_bytes, self._is_active = label, total_bytes, True
        self._started_at = time.monotonic()
        self._done_bytes = self._read_bytes = self._drawn_bytes = self._finding_count = 0

    def advance(self, size_bytes: int) -> None:
        """Count bytes that are done; the meter can have counted them already, block by block."""
        self._done_bytes += size_bytes
        self._show_findings()
        self.meter.tick()

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
        """End the stage; findings not shown yet are left to the report, which follows at once."""
        self._unshown.clear()
        if self._bar is not None:
            self._update_bar(self._done_bytes)
            self._bar.__exit__(None, None, None)
            self._bar = None
        self._is_active = False

    def _draw(self, metered_bytes: int) -> None:
        if not self._is_active:
            return
        self._read_bytes = max(metered_bytes, self._done_bytes)
        if self._bar is None:
            if time.monotonic() - self._started_at < _BAR_SECONDS:
                return
            self._bar = self._make_bar()
            self._bar.__enter__()
        self._update_bar(self._read_bytes)

    def _make_bar(self) -> Any:
        is_known = bool(self._total_bytes)
        return click.progressbar(
            itertools.repeat(None) if not is_known else None, length=self._total_bytes if is_known else None,
            label=self._label, file=sys.stderr, item_show_func=lambda _: self._rate(),
        )  # fmt: skip

    def _update_bar(self, size_bytes: int) -> None:
        if self._total_bytes:
            size_bytes = min(size_bytes, self._total_bytes)  # a file that differs is read twice
        self._bar.update(max(0, size_bytes - self._drawn_bytes), size_bytes)
        self._drawn_bytes = max(size_bytes, self._drawn_bytes)

    def _rate(self) -> str:
        seconds = max(time.monotonic() - self._started_at, 0.001)
        rate = f"{format_size(int(self._read_bytes / seconds))}/s"
        return rate if self._total_bytes else f"{format_size(self._read_bytes)} {rate}"
