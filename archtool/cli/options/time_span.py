"""Spans of time on the command line: `90d`, `36h`, `30m`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import click

_SPAN = re.compile(
    r"([0-9]{1,6}) ?(weeks?|w|days?|d|hours?|h|minutes?|min|m|seconds?|s)", re.IGNORECASE | re.ASCII
)
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
MAX_SPAN = timedelta(days=3650)


class TimeSpan(click.ParamType[timedelta]):
    """A span of time: a number and its unit, `12w`, `90d`, `36h`, `30m` or `20s`."""

    name = "span"

    def __init__(self, minimum: timedelta = timedelta(0)) -> None:
        self._minimum = minimum

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Return the span; a usage error if the text is none, or if it is too short or too long."""
        if isinstance(value, timedelta):
            return value
        match = _SPAN.fullmatch(str(value).strip())
        if match is None:
            self.fail(f"not a span of time: {value!r} (write 90d, 36h or 30m)", param, ctx)
        span = timedelta(**{_UNITS[match[2][0].lower()]: int(match[1])})
        if not self._minimum <= span <= MAX_SPAN:
            self.fail(f"not a possible span of time: {value!r} (at most 10 years)", param, ctx)
        return span
