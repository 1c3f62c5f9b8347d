"""Checks EDTF dates and converts them to CSL-JSON; the dates themselves are never changed.

Source: ISO 8601-2:2019 / the Library of Congress's Extended Date/Time Format, levels 0 to 2.
"""

from __future__ import annotations

import calendar
import contextlib
import io
import re
from typing import Any

from archtool.description.limits import MAX_DATE_CHARS

_PLAIN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_QUALIFIER = re.compile(r"[?~%]\Z")
_AMBIGUOUS_ORDER = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}")


def why_not_edtf(text: str) -> str | None:
    """Return the reason why a text is not an EDTF date; `None` if it is one."""
    if len(text) > MAX_DATE_CHARS:
        return f"is longer than {MAX_DATE_CHARS} characters"
    match = _PLAIN.fullmatch(text)
    if match is not None and _is_in_calendar(match):
        return None
    if match is not None and not _is_season(match):
        return "does not exist in the calendar"
    if _AMBIGUOUS_ORDER.fullmatch(text):
        return "does not show which part is the day and which is the month: write year-month-day"
    if any(char.isspace() for char in text):  # the library accepts spaces around a date
        return "is not an EDTF date"
    refused = None if _consists_of_plain_dates(text) else _why_library_refuses(text)
    return refused or _why_reversed(text)


def _consists_of_plain_dates(text: str) -> bool:
    """Whether a text is a plain date with or without a qualifier, or an interval of such dates."""
    ends = text.split("/")
    dates = [end for end in ends if len(ends) == 1 or end not in ("", "..")]
    return len(ends) <= 2 and bool(dates) and all(_date_parts(_QUALIFIER.sub("", date)) for date in dates)


def _why_reversed(text: str) -> str | None:
    ends = [_date_parts(end.rstrip("?~%")) for end in text.split("/")]
    first, last = ends[0], ends[-1]
    if not first or not last:
        return None
    shared = min(len(first), len(last))  # 1932-05/1932 is not reversed
    return "ends before it begins" if last[:shared] < first[:shared] else None


def _is_in_calendar(match: re.Match[str]) -> bool:
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    if not 1 <= month <= 12:
        return False
    # monthrange refuses the year 0, which is a leap year like 2000
    return 1 <= day <= calendar.monthrange(year or 2000, month)[1]


def _is_season(match: re.Match[str]) -> bool:
    # 21 to 24 are seasons; 25 to 41 are level 2: seasons by hemisphere, quarters, quadrimesters, semestrals
    return match[3] is None and 21 <= int(match[2] or 0) <= 41


def _why_library_refuses(text: str) -> str | None:
    import edtf  # lazy: 210 ms, plain dates do not need it
    from edtf import EDTFParseException  # lazy: 210 ms, plain dates do not need it

    try:
        with contextlib.redirect_stdout(io.StringIO()):  # the library prints its parse errors
            edtf.parse_edtf(text)
    except EDTFParseException:
        return "is not an EDTF date"
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        return f"is not an EDTF date ({error})"
    return None


def csl_date(text: str) -> dict[str, Any]:
    """Convert an EDTF date to CSL-JSON: `date-parts` for plain dates, the literal text otherwise."""
    ends = text.split("/")
    parts = [_date_parts(end.removesuffix("~")) for end in ends]
    if len(ends) > 2 or not all(parts):
        return {"literal": text}
    date: dict[str, Any] = {"date-parts": parts}
    if any(end.endswith("~") for end in ends):
        date["circa"] = True
    return date


def _date_parts(text: str) -> list[int] | None:
    match = _PLAIN.fullmatch(text)
    if match is None or not _is_in_calendar(match):
        return None
    return [int(part) for part in match.groups() if part is not None]
