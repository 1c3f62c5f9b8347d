"""Converts dates, names and pages of records to the forms of CSL-JSON; nothing is guessed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from archtool import month_names

_NUMBER = re.compile(r"[0-9]{1,2}")
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T.*)?")
_SLASHED = re.compile(r"(\d{4})/(\d{1,2})?/?(\d{1,2})?/?(.*)")
_MONTHS = {
    name: number
    for number, month in enumerate(month_names.ENGLISH, 1)
    for name in (month.lower(), month[:3].lower())
} | {"sept": 9}


def csl_date(text: str) -> dict[str, Any]:
    """Return a date: its parts if it is a plain date or an interval of two, otherwise as a literal."""
    ends = [_parts(end) for end in text.split("/")]
    if len(ends) <= 2 and all(ends):
        return {"date-parts": ends}
    return {"literal": text.strip()}


def ris_date(text: str) -> dict[str, Any]:
    """Return a date of RIS: `1932/05/12/`, `1932///spring`, or any other form."""
    found = _SLASHED.fullmatch(text.strip())
    if found is None:
        return csl_date(text)
    year, month, day, rest = found.groups()
    parts = [int(part) for part in (year, month, day if month else None) if part]
    if rest.strip() or not _is_possible(parts):
        return {"literal": text.strip().strip("/")}
    return {"date-parts": [parts]}


def month_number(text: str) -> int | None:
    """Return the number of an English month, its abbreviation or its number; `None` for all others."""
    bare = text.strip().strip(".").lower()
    if _NUMBER.fullmatch(bare):
        return int(bare) if 1 <= int(bare) <= 12 else None
    return _MONTHS.get(bare)


def _parts(text: str) -> list[int] | None:
    found = _ISO.fullmatch(text.strip())
    if found is None:
        return None
    parts = [int(part) for part in found.groups() if part is not None]
    return parts if _is_possible(parts) else None


def _is_possible(parts: list[int]) -> bool:
    """Whether a year, month or day is one of the calendar."""
    year, month, day = (*parts, 1, 1)[:3]
    try:
        date(year or 4, month, day)  # the calendar of Python has no year 0, which is a leap year
    except ValueError:
        return False
    return True


def inverted_name(text: str) -> dict[str, str]:
    """Return a name: `Family, Given, Suffix` in parts, any other as it is written."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) not in (2, 3) or not parts[0] or not parts[1]:
        return {"literal": text.strip()}
    named = {"family": parts[0], "given": parts[1]}
    return {**named, "suffix": parts[2]} if len(parts) == 3 and parts[2] else named


def written_name(name: Any) -> str:
    """Return a CSL name as people write it: given name first."""
    if not isinstance(name, dict):
        return str(name)
    if name.get("literal"):
        return str(name["literal"])
    keys = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    return " ".join(str(name[key]) for key in keys if name.get(key))


def page_range(text: str) -> str:
    """Return pages with one hyphen: BibTeX writes `12--14`."""
    return re.sub(r"\s*(?:--+|–|—)\s*", "-", text.strip())
