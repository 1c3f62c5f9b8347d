"""Reads EDTF dates as far as other formats can say them: two ends, and whether they are doubtful.

Source: Extended Date/Time Format (EDTF), Library of Congress, levels 0 and 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date as day_of_calendar

_PLAIN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_UNSPECIFIED = re.compile(r"[0-9]{2}(?:[0-9]X|XX)")
_OPEN = ("", "..")


@dataclass(frozen=True, slots=True)
class DateRange:
    """A date with the days between which it is; both ends are `None` for a date that only EDTF can say."""

    edtf: str
    begin: str | None = None
    """Year, year-month or year-month-day."""
    end: str | None = None
    is_interval: bool = False
    """Whether two ends were stated, one of which can be open."""
    is_span: bool = False
    """Whether it is one date somewhere between the ends: `193X`."""
    is_approximate: bool = False
    is_uncertain: bool = False

    @property
    def is_single(self) -> bool:
        """Whether it is one year, month or day."""
        return self.begin is not None and not self.is_interval and not self.is_span

    @property
    def is_doubtful(self) -> bool:
        """Whether it is marked as approximate or uncertain."""
        return self.is_approximate or self.is_uncertain


def read_edtf(text: str) -> DateRange:
    """Read a date that is known to be EDTF."""
    ends = text.split("/")
    bare = [end.rstrip("?~%") for end in ends]
    marks = {*"".join(end[len(plain) :] for end, plain in zip(ends, bare, strict=True))}
    date = DateRange(text, is_approximate=bool({"~", "%"} & marks), is_uncertain=bool({"?", "%"} & marks))
    if len(ends) == 1 and _UNSPECIFIED.fullmatch(bare[0]):
        return replace(date, begin=bare[0].replace("X", "0"), end=bare[0].replace("X", "9"), is_span=True)
    days = [end if _is_day(end) else None for end in bare]
    known = all(day is not None or end in _OPEN for day, end in zip(days, bare, strict=True))
    if len(ends) > 2 or not known or not any(days):
        return date
    return replace(date, begin=days[0], end=days[-1], is_interval=len(ends) == 2)


def _is_day(text: str) -> bool:
    """Whether a text is a year, month or day that every format knows: XML has no year 0."""
    match = _PLAIN.fullmatch(text)
    if match is None:
        return False
    try:
        day_of_calendar(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True
