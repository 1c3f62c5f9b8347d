"""Computes the pictures of a report: shapes without texts, drawn to a width of 1 000 and a height of 100.

The page stretches a picture to the width of the window; labels stand beside it as text, so that they can be
read on a small screen, and a table has the same values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from archtool.holdings.reporting.model import Counts, HistoryPoint, Month

WIDTH, HEIGHT = 1000, 100
_MIN_BAR = 3.0  # a single fault among thousands of checks must be seen
_MAX_BARS = 36  # months in the picture: three years
_GAP = 0.25  # of the room of one bar
_MAX_BAR_WIDTH = WIDTH / 12  # as in a picture of a year: a single month must not fill the page
_LINES: tuple[tuple[str, str, Callable[[Counts], int]], ...] = (
    ("Not in order", "bad", lambda counts: counts.known_bad),
    ("Overdue", "late", lambda counts: counts.overdue),
    ("Never checked", "quick", lambda counts: counts.never_checked),
    ("Copies", "good", lambda counts: counts.copies),
)
SERIES = (
    ("full_checks", "full checks without a fault", "good"),
    ("quick_checks", "quick checks without a fault", "quick"),
    ("indeterminate", "checks without a result", "late"),
    ("failures", "checks with a fault", "bad"),
)
"""The parts of a bar from below: member of `Month`, words, class."""


@dataclass(frozen=True, slots=True)
class LineChart:
    """One number over time, in steps: it stays the same until the next audit."""

    title: str
    kind: str
    """The class of the line in the style sheet."""
    path: str
    """Of SVG."""
    last: int
    highest: int
    first_at: str
    last_at: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a month's bar."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    label: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """The checks of the latest months."""

    bars: tuple[Bar, ...]
    highest: int
    first: str
    last: str


def history_charts(history: Sequence[HistoryPoint]) -> tuple[LineChart, ...]:
    """Return one picture for each number; none if there are fewer than two audits."""
    if len(history) < 2:
        return ()
    times = [datetime.fromisoformat(point.at).timestamp() for point in history]
    span = max(times[-1] - times[0], 1.0)
    places = [WIDTH * (time - times[0]) / span for time in times]
    return tuple(
        LineChart(title, kind, _steps(places, values), values[-1], max(values), history[0].at, history[-1].at)
        for title, kind, value_of in _LINES
        for values in [[value_of(point.counts) for point in history]]
    )


def _steps(places: Sequence[float], values: Sequence[int]) -> str:
    highest = max(*values, 1)
    heights = [HEIGHT * (1 - value / highest) for value in values]
    steps = (f"H{x:.1f}V{y:.1f}" for x, y in zip(places[1:], heights[1:], strict=True))
    return f"M{places[0]:.1f} {heights[0]:.1f}{''.join(steps)}"


def month_chart(months: Sequence[Month]) -> BarChart | None:
    """Return the picture of the checks by month; `None` if there was none."""
    shown = _with_empty_months(months)[-_MAX_BARS:]
    sums = [sum(getattr(month, name) for name, _, _ in SERIES) for month in shown]
    if not any(sums):
        return None
    room = WIDTH / len(shown)
    width = min(room * (1 - _GAP), _MAX_BAR_WIDTH)
    bars = [
        bar
        for number, month in enumerate(shown)
        for bar in _bars(month, room * number + (room - width) / 2, width, max(sums))
    ]
    return BarChart(tuple(bars), max(sums), shown[0].month, shown[-1].month)


def _bars(month: Month, x: float, width: float, highest: int) -> list[Bar]:
    bars, y = [], float(HEIGHT)
    for name, words, kind in SERIES:
        number = getattr(month, name)
        if number:
            height = max(HEIGHT * number / highest, _MIN_BAR)
            y = max(y - height, 0.0)
            bars.append(Bar(kind, x, y, width, height, f"{month.month}: {number:,} {words}"))
    return bars


def _with_empty_months(months: Sequence[Month]) -> list[Month]:
    """Add the months without events: a night without an audit must be seen as a gap."""
    filled: list[Month] = []
    for month in months:
        while filled and _next(filled[-1].month) < month.month and len(filled) < 12 * 1000:
            filled.append(Month(_next(filled[-1].month), 0, 0, 0, 0, 0, 0, 0, 0))
        filled.append(month)
    return filled


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"
