"""A progress bar over many jobs or bags: count, size, rate, time left and failures."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from archtool.cli.terminal import output
from archtool.report.numbers import format_size

REDRAW_SECONDS = 0.05  # between two new bars: making one takes longer than one tiny bag
_MIN_BAR_COLUMNS = 10
_MAX_BAR_COLUMNS = 40
_DEFAULT_COLUMNS = 80
_ECHO_COLUMNS = 2  # of `^C`, which the terminal writes itself


class JobProgressBar(output.Footer):
    """A bar on the last line of stderr, if that is a terminal.

    Without `with_lines` it is shown only if stdout, which gets a line for each job, is no terminal. With it,
    the lines appear above the bar, and the bar is gone at the end. A single job gets no such bar: it can have
    a bar that counts bytes.

    It is drawn here, because click's bar cannot make room for a line without losing its place.
    """

    def __init__(self, jobs: int, label: str, *, with_lines: bool = False) -> None:
        self._jobs = jobs
        self._label = label
        self._is_shown = jobs > 1 and output.is_terminal() and (with_lines or not output.is_data_shown())
        self._is_left_behind = not with_lines
        self._text = ""
        self._size_bytes = self._ended = self._failed = 0
        self._started_at = self._drawn_at = time.monotonic()

    def __enter__(self) -> Self:
        if self._is_shown:
            self._draw_anew()
            output.show_footer(self)
        return self

    def advance(self, size_bytes: int, *, is_failure: bool) -> None:
        """Count a job that has ended."""
        self._size_bytes += size_bytes
        self._ended += 1
        self._failed += is_failure
        if time.monotonic() - self._drawn_at >= REDRAW_SECONDS:
            self._draw_anew()

    def erase(self) -> None:
        """See `Footer`."""
        self._write("\r" + " " * (len(self._text) + _ECHO_COLUMNS) + "\r")

    def draw(self) -> None:
        """See `Footer`."""
        self._write(self._text)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        output.remove_footer(self)
        if self._is_left_behind:
            self._draw_anew()
            self._write("\n")
        else:
            self.erase()

    def _draw_anew(self) -> None:
        before, self._text = len(self._text), self._format() if self._is_shown else ""
        self._write("\r" + self._text + " " * (before - len(self._text)))
        self._drawn_at = time.monotonic()

    def _write(self, text: str) -> None:
        if self._is_shown:
            with contextlib.suppress(OSError, ValueError):  # as `output.message`
                sys.stderr.write(text)
                sys.stderr.flush()

    def _format(self) -> str:
        """Return the bar, shorter than the line."""
        seconds = max(time.monotonic() - self._started_at, 0.001)
        rate = format_size(int(self._size_bytes / seconds))
        parts = [f"{self._ended}/{self._jobs}", self._time_left(seconds), format_size(self._size_bytes)]
        return self._fitted([*parts, f"{rate}/s", f"{self._failed:,} failed"], self._jobs)

    def _fitted(self, parts: Sequence[str], total: int = 0) -> str:
        """Return label, bar and numbers as they fit into a line; without a total there is no bar."""
        numbers = "  ".join(filter(None, parts))
        columns = _columns() - 1 - _ECHO_COLUMNS  # `^C` must fit behind it, and a full line begins another
        room = min(columns - len(self._label) - len(numbers) - 6, _MAX_BAR_COLUMNS)
        if room < _MIN_BAR_COLUMNS or not total:
            return f"{self._label}  {numbers}"[:columns]
        filled = room * min(self._ended, total) // total
        return f"{self._label}  [{'#' * filled}{'-' * (room - filled)}]  {numbers}"

    def _time_left(self, seconds: float) -> str:
        if not 0 < self._ended < self._jobs:
            return ""
        left = int(seconds / self._ended * (self._jobs - self._ended))
        return f"{left // 3600:02}:{left // 60 % 60:02}:{left % 60:02} left"


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _DEFAULT_COLUMNS
    except (OSError, ValueError):
        return _DEFAULT_COLUMNS
