"""Reads the names, dates and other variables of a CSL-JSON item, for all citation formats.

Source: CSL-JSON (csl-data schema 1.0), CSL 1.0.2 specification, appendix IV (variables).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archtool.canonical_json import format_json, format_json_line
from archtool.csl_dates import DATE_VARIABLES, FIRST_SEASON, parse_date_parts
from archtool.description.citing.model import VERBATIM_KEY, Item, spoken_name
from archtool.exports.citations.markup import without_markup

_TWO_PAGES = re.compile(r"\s*(\w+)\s*[-–—]+\s*(\w+)\s*")  # 3-16, 147b-148a, ix-xii
_NAME_PARTS = frozenset(
    {"family", "given", "literal", "suffix", "dropping-particle", "non-dropping-particle"}
)


@dataclass(frozen=True, slots=True)
class CslDate:
    """A date variable: days, a text, both or neither."""

    days: tuple[tuple[int, ...], ...] = ()
    """One day, or the first and last day: year; year and month; or year, month and day."""
    text: str | None = None
    """The text of the date (`literal`, `raw`), without or in addition to days."""
    is_circa: bool = False
    season: str | None = None

    @property
    def is_before_christ(self) -> bool:
        """Whether the date begins before the year 1."""
        return bool(self.days) and self.days[0][0] < 0

    @property
    def year(self) -> str | None:
        """The first year in four digits, or as `399 BC`; `None` if unknown."""
        return _year(self.days[0][0]) if self.days else None

    @property
    def iso(self) -> str | None:
        """`1932-11-03`, `1932-11`, `1931/1932`, `-0398` for 399 BC, or `None`. Source: ISO 8601-2."""
        return "/".join(_iso(day) for day in self.days) or None

    @property
    def is_plain_year(self) -> bool:
        """Whether the date is a single year without further information."""
        return len(self.days) == 1 and len(self.days[0]) == 1 and self == CslDate(days=self.days)

    def __str__(self) -> str:
        shown = "/".join(map(_for_readers, self.days)) or self.text or ""
        if self.season:
            shown = f"{shown} (season {self.season})" if shown else f"season {self.season}"
        return f"ca. {shown}" if self.is_circa and shown else shown


def _year(year: int) -> str:
    return f"{year:04d}" if year >= 0 else f"{-year} BC"


def _for_readers(day: Sequence[int]) -> str:
    """Format a day as `1932-11-03`, or `399-11-03 BC` with the year counted before Christ."""
    year, *rest = day
    written = "-".join([f"{year:04d}" if year >= 0 else str(-year), *(f"{number:02d}" for number in rest)])
    return written if year >= 0 else f"{written} BC"


def _iso(day: Sequence[int]) -> str:
    year, *rest = day
    # ISO 8601 has a year 0: 1 BC
    counted = f"{year:04d}" if year >= 0 else f"-{-year - 1:04d}" if year < -1 else "0000"
    return "-".join([counted, *(f"{number:02d}" for number in rest)])


def date_of(item: Item, variable: str) -> CslDate:
    """Read a date variable: its days and its text; an empty variable has neither."""
    value = item.get(variable)
    if not isinstance(value, Mapping):
        return CslDate(text=_non_empty(value))
    text = _non_empty(value.get("literal")) or _non_empty(value.get("raw")) or _non_empty(value.get("edtf"))
    parts = value.get("date-parts")
    days: tuple[tuple[int, ...], ...] = ()
    try:
        days = parse_date_parts(parts)
    except ValueError:
        text = text or f"{_join_parts(parts)} (no such date)"
    season = _non_empty(value.get("season"))
    first = days[0] if len(days) == 1 else ()
    if len(first) == 2 and first[-1] >= FIRST_SEASON:
        days, season = (first[:1],), str(first[-1] - FIRST_SEASON + 1)
    circa = value.get("circa") not in (None, False, 0, "", "false", "0")
    return CslDate(days, text, circa, season)


def _non_empty(value: Any) -> str | None:
    return None if value is None else text_of(value).strip() or None


def _join_parts(parts: Any) -> str:
    """Format date parts that are not a valid date."""
    if isinstance(parts, Sequence) and not isinstance(parts, str):
        is_outer = any(isinstance(part, Sequence) and not isinstance(part, str) for part in parts)
        return ("/" if is_outer else "-").join(map(_join_parts, parts))
    return text_of(parts)


def names_of(item: Item, variable: str) -> tuple[Mapping[str, Any], ...]:
    """Return the names in a name variable; a name that is a plain text becomes a literal name."""
    stated = item.get(variable)
    names = stated if isinstance(stated, Sequence) and not isinstance(stated, str) else ()
    return tuple(name if isinstance(name, Mapping) else {"literal": text_of(name)} for name in names)


def family_name(name: Mapping[str, Any]) -> str:
    """Return the family name with its non-dropping particle."""
    return _joined(name, ("non-dropping-particle", "family"))


def given_name(name: Mapping[str, Any]) -> str:
    """Return the given name with the dropping particle, which follows it if the family name comes first."""
    return _joined(name, ("given", "dropping-particle"))


def _joined(name: Mapping[str, Any], parts: Iterable[str]) -> str:
    return " ".join(str(name[part]) for part in parts if name.get(part))


def format_name(name: Mapping[str, Any]) -> str:
    """Format a name as `Staël, Germaine de`; a literal name is kept as written."""
    if name.get("literal"):
        return str(name["literal"])
    parts = (family_name(name), given_name(name), str(name.get("suffix", "")))
    return ", ".join(part for part in parts if part)


def name_in_order(name: Mapping[str, Any]) -> str:
    """Format a name as it is spoken: `Germaine de Staël`."""
    return without_markup(spoken_name(name))


def format_names(item: Item, variable: str) -> str:
    """Format all names of a variable, separated by `;`."""
    return "; ".join(format_name(name) for name in names_of(item, variable))


def text_of(value: Any) -> str:
    """Format any value as text: names and lists separated by `;`, other values as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping) and value and _NAME_PARTS.issuperset(value):
        return format_name(value)
    if isinstance(value, Sequence):
        return "; ".join(text_of(part) for part in value)
    return format_json_line(value)


def plain_text(value: Any) -> str:
    """Format any value as text, without the markup of reference managers."""
    return without_markup(text_of(value))


def one_line(text: str) -> str:
    """Return a text without line breaks and repeated blanks."""
    return " ".join(text.split())


def address_of(value: Any) -> str:
    """Format a URL or DOI; `&amp;` becomes `&`."""
    return text_of(value).replace("&amp;", "&")


def page_range(item: Item) -> tuple[str, str | None] | None:
    """Return the first and the last page; `None` if no page is stated."""
    pages = plain_text(item["page"]) if item.get("page") is not None else ""
    if not pages:
        return None
    two = _TWO_PAGES.fullmatch(pages)
    return (two[1], two[2]) if two else (pages, None)


def own_date_of(item: Item) -> CslDate:
    """Return the date of the document itself, which can be older than the book that it is in."""
    return date_of(item, "original-date") if item.get("original-date") else date_of(item, "issued")


def remaining(item: Item, written: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Return the name and text of every variable that was not written yet, so that no value is lost."""
    rest: list[tuple[str, str]] = []
    for variable, value in item.items():
        if variable in written:
            continue
        if variable == "custom" and isinstance(value, Mapping):
            rest += [(key, text_of(part)) for key, part in value.items() if key != VERBATIM_KEY]
        elif variable in DATE_VARIABLES:
            date = str(date_of(item, variable))
            rest += [(variable, date)] if date else []
        else:
            rest.append((variable, text_of(value)))
    return tuple(rest)


def format_csl_json(item: Item) -> str:
    """Format the unchanged item as a list of one, which reference managers import."""
    return format_json([dict(item)])
