"""Says in words what an EDTF date means; the date itself is always shown beside them.

Source: ISO 8601-2:2019 / EDTF, levels 0 and 1, and its seasons.
"""

from __future__ import annotations

import re

from archtool import month_names

_SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
_PLAIN = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_QUALIFIERS = {"~": "about ", "?": "perhaps ", "%": "perhaps about "}
_DECADE, _CENTURY = re.compile(r"(\d{3})X"), re.compile(r"(\d\d)XX")
_UNKNOWN_MONTH, _UNKNOWN_DAY = re.compile(r"(\d{4})-XX(?:-XX)?"), re.compile(r"(\d{4}-\d\d)-XX")


def date_in_words(date: str) -> str | None:
    """Return the meaning of a date that is more than year, month and day; `None` for all others."""
    if _PLAIN.fullmatch(date) and date[5:7] not in _SEASONS:
        return None
    first, slash, last = date.partition("/")
    return _interval(first, last) if slash else _single(date)


def _interval(first: str, last: str) -> str | None:
    texts = {end: _single(end) for end in (first, last) if end not in ("", "..")}
    if not texts or None in texts.values() or "/" in last:
        return None
    if first in ("", ".."):
        return f"not after {texts[last]}"
    if last in ("", ".."):
        return f"not before {texts[first]}"
    return f"from {texts[first]} to {texts[last]}"


def _single(date: str) -> str | None:
    qualifier = _QUALIFIERS.get(date[-1:], "")
    plain = date[:-1] if qualifier else date
    text = _plain(plain) or _unspecified(plain)
    return None if text is None else f"{qualifier}{text}"


def _plain(date: str) -> str | None:
    found = _PLAIN.fullmatch(date)
    if found is None:
        return None
    year, month, day = found.groups()
    if month is None:
        return year
    if month in _SEASONS and day is None:
        return f"{_SEASONS[month]} {year}"
    if not 1 <= int(month) <= len(month_names.ENGLISH):
        return None
    name = f"{month_names.ENGLISH[int(month) - 1]} {year}"
    return name if day is None else f"{int(day)} {name}"


def _unspecified(date: str) -> str | None:
    if found := _DECADE.fullmatch(date):
        return f"the {found[1]}0s"
    if found := _CENTURY.fullmatch(date):
        return f"between {found[1]}00 and {found[1]}99"
    if found := _UNKNOWN_MONTH.fullmatch(date):
        return f"{found[1]}, month not known"
    if (found := _UNKNOWN_DAY.fullmatch(date)) and (month := _plain(found[1])):
        return f"{month}, day not known"
    return None
