"""Progress of a batch for a person: jobs and bytes done, rate, time left, failures so far."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Self

from archtool.cli import screen
from archtool.report.sizes import format_size


class JobBar:
    """A bar on stderr, if somebody sits in front of it and the jobs' lines on stdout go elsewhere."""

    def __init__(self, jobs: int, label: str) -> None:
        self._jobs = jobs
        self._label = label
        self._bar: Any = None
        self._size_bytes = self._failed = 0
        self._started_at = time.monotonic()

    def __enter__(self) -> Self:
        if screen.is_terminal() and not screen.is_data_shown():
            import click

            self._bar = click.progressbar(
                length=self._jobs, label=self._label, file=sys.stderr, show_pos=True,
                item_show_func=lambda _: self._told(),
            )  # fmt: skip
            self._bar.__enter__()
        return self

    def advance(self, size_bytes: int, *, is_failure: bool) -> None:
        """One more job has ended."""
        self._size_bytes += size_bytes
        self._failed += is_failure
        if self._bar is not None:
            self._bar.update(1, self._failed)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.__exit__(kind, error, trace)

    def _told(self) -> str:
        seconds = max(time.monotonic() - self._started_at, 0.001)
        rate = f"{format_size(int(self._size_bytes / seconds))}/s"
        return f"{format_size(self._size_bytes)} {rate} {self._failed:,} failed"
