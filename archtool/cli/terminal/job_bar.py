"""A progress bar over many jobs or bags: count, size, rate, time left and failures."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Self

import click

from archtool.cli.terminal import output
from archtool.report.numbers import format_size

_REDRAW_SECONDS = 0.05  # between two drawings: one drawing takes longer than one tiny bag


class JobProgressBar:
    """A bar on stderr, shown if stderr is a terminal and stdout, which gets a line per job, is not.

    A single job gets no such bar: it can have a bar that counts bytes.
    """

    def __init__(self, jobs: int, label: str) -> None:
        self._jobs = jobs
        self._label = label
        self._bar: Any = None
        self._size_bytes = self._failed = self._undrawn = 0
        self._started_at = self._drawn_at = time.monotonic()

    def __enter__(self) -> Self:
        if self._jobs > 1 and output.is_terminal() and not output.is_data_shown():
            self._bar = click.progressbar(
                length=self._jobs, label=self._label, file=sys.stderr, show_pos=True,
                item_show_func=lambda _: self._status(), width=0,  # fill the line
            )  # fmt: skip
            self._bar.__enter__()
        return self

    def advance(self, size_bytes: int, *, is_failure: bool) -> None:
        """Count a job that has ended."""
        self._size_bytes += size_bytes
        self._failed += is_failure
        if self._bar is None:
            return
        self._undrawn += 1
        if time.monotonic() - self._drawn_at >= _REDRAW_SECONDS:
            self._draw()

    def _draw(self) -> None:
        self._bar.update(self._undrawn, self._failed)
        self._undrawn, self._drawn_at = 0, time.monotonic()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._draw()
            self._bar.__exit__(kind, error, trace)

    def _status(self) -> str:
        seconds = max(time.monotonic() - self._started_at, 0.001)
        rate = f"{format_size(int(self._size_bytes / seconds))}/s"
        return f"{format_size(self._size_bytes)} {rate} {self._failed:,} failed"
