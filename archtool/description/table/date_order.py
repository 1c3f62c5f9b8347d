"""Converts dates that are written in digits, in a stated order of day, month and year, to EDTF.

The order of `03/06/1932` cannot be recognised: it is 3 June in one country and 6 March in another. It is
therefore stated for a column by a person, and never guessed; neither is the century of a year of two digits.
"""

from __future__ import annotations

import re
from enum import Enum

from archtool.description.dates import why_not_edtf
from archtool.description.suggestions.date_suggestions import date_hint

_DIGITS = re.compile(r"([0-9]{1,4})(?:\s*([./-])\s*([0-9]{1,4})(?:\s*\2\s*([0-9]{1,4}))?)?")
_SEPARATED = re.compile(r"[0-9]{1,4}\s*[./-]\s*[0-9]{1,4}(?:\s*[./-]\s*[0-9]{1,4})?")
_FOUR_DIGITS = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_YEAR_DIGITS = 4
AS_EDTF = "write the date as year-month-day, with four digits for the year: 1932-05-12, 1932-05 or 1932"


class DateOrder(Enum):
    """The order of the parts of a date; month and year alone, or a year alone, have the same order."""

    DMY = "dmy"
    """Day, month, year: `12/05/1932`, `12.5.1932`, `05/1932`."""
    MDY = "mdy"
    """Month, day, year: `05/12/1932`, `05/1932`."""
    YMD = "ymd"
    """Year, month, day: `1932/05/12`, `1932.5`."""


_IN_WORDS = {
    DateOrder.DMY: "day, month, year",
    DateOrder.MDY: "month, day, year",
    DateOrder.YMD: "year, month, day",
}


def date_in_order(text: str, order: DateOrder) -> str | None:
    """Return a date as EDTF, with the precision in which it is written; `None` if it is not such a date.

    A text that is EDTF already is returned unchanged.
    """
    if why_not_edtf(text) is None:
        return text
    parts = _parts_of(text, order)
    # a month above 12 would be read as a season: 1932-21 is the spring of 1932
    if parts is None or not all(1 <= int(part) <= 12 for key, part in parts if key == "m"):
        return None
    date = "-".join(part.rjust(_YEAR_DIGITS if key == "y" else 2, "0") for key, part in parts)
    return date if why_not_edtf(date) is None else None


def why_not_in_order(text: str, order: DateOrder) -> str:
    """Return the reason why `date_in_order` returns `None` for a text."""
    if _parts_of(text, order) is not None:
        return f"{_brief(text)} does not exist in the calendar, read as {_IN_WORDS[order]}"
    if _has_short_year(text):
        return f"{_brief(text)} has no year of four digits"
    return f"{_brief(text)} is neither EDTF nor a date in digits in the order {_IN_WORDS[order]}"


def how_to_correct(text: str, order: DateOrder) -> str:
    """Return a hint for a text that is no date in the order that the command line states."""
    other = other_order(text, order)
    if other is None:
        return how_to_write(text)
    return f"it is a date in the order {other.value}: check the other dates of the column as well; {AS_EDTF}"


def other_order(text: str, order: DateOrder) -> DateOrder | None:
    """Return another order in which a text is a date, if there is one."""
    return next((other for other in _possible_orders(text) if other is not order), None)


def how_to_write(text: str) -> str:
    """Return the date that a text in words means, if it is clear, or how dates are written."""
    hint = None if is_date_in_digits(text) else date_hint(text)
    return hint or AS_EDTF


def means_no_date(text: str) -> bool:
    """Whether a text says that the date is not known, such as `s.d.`."""
    return date_hint(text) == date_hint("")


def is_date_in_digits(text: str) -> bool:
    """Whether a text is two or three numbers with full stops, slashes or hyphens between, and not EDTF."""
    return _SEPARATED.fullmatch(text) is not None and why_not_edtf(text) is not None


def why_unclear(text: str) -> str:
    """Return the reason why a date in digits is not read without a stated order."""
    if _has_short_year(text):
        return f"{_brief(text)} has no year of four digits"
    orders = _possible_orders(text)
    if not orders and any(_parts_of(text, order) is not None for order in DateOrder):
        return f"{_brief(text)} does not exist in the calendar"
    if len({date_in_order(text, order) for order in orders}) > 1:
        return f"{_brief(text)} does not show which part is the day and which is the month"
    return f"{_brief(text)} is not an EDTF date"


def how_to_read(text: str, column: str) -> str:
    """Return a hint for a date in digits: the orders that can read it, and how to write it otherwise."""
    options = [f"--date-order {column}={order.value}" for order in _possible_orders(text)]
    if not options:
        return AS_EDTF
    return f"if the column has one order, state it: {' or '.join(options)}; otherwise {AS_EDTF}"


def _has_short_year(text: str) -> bool:
    return is_date_in_digits(text) and not _FOUR_DIGITS.search(text)


def _possible_orders(text: str) -> tuple[DateOrder, ...]:
    return tuple(order for order in DateOrder if date_in_order(text, order) is not None)


def _brief(text: str) -> str:
    return repr(text[:60])


def _parts_of(text: str, order: DateOrder) -> list[tuple[str, str]] | None:
    """Return the parts, the year first, each with its letter in the name of the order."""
    match = _DIGITS.fullmatch(text)
    if match is None:
        return None
    parts = [part for part in (match[1], match[3], match[4]) if part is not None]
    keys = [key for key in order.value if key in "ymd"[: len(parts)]]
    named = dict(zip(keys, parts, strict=True))
    widths_fit = all(
        len(part) == _YEAR_DIGITS if key == "y" else len(part) < 3 for key, part in named.items()
    )
    return [(key, named[key]) for key in "ymd"[: len(parts)]] if widths_fit else None
