"""Writes a file's modification time as text, exact to the nanosecond, and reads it again.

A time is UTC in the form of RFC 3339, as short as possible: `1985-03-04T05:06:07Z`, `…07.5Z`. The fraction is
computed apart: `datetime` has no nanoseconds.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

NS_PER_SECOND = 1_000_000_000
_EPOCH = datetime.fromtimestamp(0, UTC)
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?Z")


def format_time(time_ns: int) -> str | None:
    """Return the text of a time in nanoseconds since 1970; `None` outside of the years 1 to 9999."""
    seconds, fraction = divmod(time_ns, NS_PER_SECOND)
    try:
        moment = _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None
    # not `strftime`: it writes the year 850 with three digits on some systems
    text = moment.replace(tzinfo=None).isoformat(timespec="seconds")
    return f"{text}.{fraction:09d}".rstrip("0") + "Z" if fraction else f"{text}Z"


def parse_time(text: str) -> int | None:
    """Return a time in nanoseconds since 1970; `None` for a text that `format_time` does not write."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(f"{found[1]}+00:00")
    except ValueError:
        return None
    seconds = (moment - _EPOCH) // timedelta(seconds=1)
    time_ns = seconds * NS_PER_SECOND + int((found[2] or "").ljust(9, "0"))
    return time_ns if format_time(time_ns) == text else None
