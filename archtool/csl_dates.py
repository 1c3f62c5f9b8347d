"""Parses the `date-parts` of CSL-JSON and explains why some of them are not dates.

A negative year is before Christ: -399 is 399 BC, and there is no year 0. In the Julian calendar every fourth
year has a 29 February, so that day is accepted in 1700 as well.

Source: CSL-JSON (csl-data schema 1.0), `date-variable`; CSL 1.0.2 specification, "Date-part" (years below 0).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

DATE_VARIABLES = frozenset(
    {"accessed", "available-date", "event-date", "issued", "original-date", "submitted"}
)
MAX_YEAR = 9999
FIRST_SEASON, LAST_SEASON = 21, 24  # instead of a month, as in ISO 8601-2
_NAMES = ("year", "month", "day")
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_EMPTY = (None, "", 0, "0", "00", "0000")

Day = tuple[int, ...]


def parse_date_parts(parts: Any) -> tuple[Day, ...]:
    """Return one day, or the first and the last day of a range; an empty tuple for empty parts.

    A day is a year; a year and a month (or a season, 21 to 24); or a year, a month and a day. Empty parts and
    zeros at the end are ignored: `[[1932, 0, 0]]` is the year 1932.

    Raises:
        ValueError: the parts are not a date; the message states the reason.
    """
    if parts in _EMPTY:
        return ()
    if not _is_list(parts) or not all(map(_is_list, parts)):
        raise ValueError("date-parts must be a list of lists: [[1932, 5, 1]]")
    days = tuple(day for day in map(_day_of, parts) if day)
    if len(days) > 2:
        raise ValueError("there are more than two dates")
    if len(days) == 2:
        shared = min(map(len, days))
        if days[1][:shared] < days[0][:shared]:
            raise ValueError("it ends before it begins")
    return days


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _day_of(part: Sequence[Any]) -> Day:
    values = [value.strip() if isinstance(value, str) else value for value in part]
    while len(values) > 1 and values[-1] in _EMPTY:
        values.pop()
    if not values or values[0] in _EMPTY:
        # a single year 0 is the date 0000 of ISO 8601
        return (0,) if len(part) == 1 and values and values[0] not in (None, "") else _empty(values[1:])
    if len(values) > len(_NAMES):
        raise ValueError("it has more parts than year, month and day")
    day = tuple(_number(value, name) for value, name in zip(values, _NAMES, strict=False))
    _refuse_impossible(day)
    return day


def _empty(rest: Sequence[Any]) -> Day:
    if rest:
        raise ValueError("the year is missing")
    return ()


def _number(value: Any, name: str) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None or isinstance(value, bool) or (isinstance(value, float) and value != number):
        raise ValueError(f"{str(value)[:40]!r} is not a {name}")
    return number


def _refuse_impossible(day: Day) -> None:
    year, month = day[0], day[1] if len(day) > 1 else 1
    if not -MAX_YEAR <= year <= MAX_YEAR:
        raise ValueError(f"the year {year} has more than four digits")
    if len(day) == 2 and FIRST_SEASON <= month <= LAST_SEASON:
        return
    if not 1 <= month <= len(_MONTH_DAYS):
        raise ValueError(f"there is no month {month}")
    is_leap = year % 4 == 0 or year < 0
    last = _MONTH_DAYS[month - 1] - (month == 2 and not is_leap)
    if len(day) > 2 and not 1 <= day[2] <= last:
        raise ValueError(f"there is no day {day[2]} in that month")


def impossible_dates(item: Any) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the parts and the reason for each date variable of an item that is not a date."""
    for variable in sorted(DATE_VARIABLES.intersection(item)):
        value = item[variable]
        parts = value.get("date-parts") if hasattr(value, "get") else None
        try:
            parse_date_parts(parts)
        except ValueError as error:
            yield variable, str(parts)[:80], str(error)
