"""What the citation formats share: the names, dates and remaining variables of one CSL-JSON item.

Source: CSL-JSON (csl-data schema 1.0), CSL 1.0.2 specification, appendix IV (variables).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archtool.canonical_json import format_json_line
from archtool.csl_dates import DATE_VARIABLES, FIRST_SEASON, parse_date_parts
from archtool.exports.markup import without_markup

Item = Mapping[str, Any]

VERBATIM_KEY = "archtool-verbatim"
TRANSLATED_KEY = "container-title-translated"
_NAME_PARTS = frozenset(
    {"family", "given", "literal", "suffix", "dropping-particle", "non-dropping-particle"}
)


@dataclass(frozen=True, slots=True)
class CslDate:
    """A date variable: days that are known, or words, or both absent."""

    days: tuple[tuple[int, ...], ...] = ()
    """One day, or the first and the last: year; year and month; year, month and day."""
    words: str | None = None
    """What stands where no numbers do (`literal`, `raw`), or is said beside them."""
    is_circa: bool = False
    season: str | None = None

    @property
    def is_before_christ(self) -> bool:
        """Whether it begins before the year 1."""
        return bool(self.days) and self.days[0][0] < 0

    @property
    def year(self) -> str | None:
        """The first year in four digits, or as `399 BC`, where it is known."""
        return _year(self.days[0][0]) if self.days else None

    @property
    def iso(self) -> str | None:
        """`1932-11-03`, `1932-11`, `1931/1932`, `-0398` for 399 BC, where it is known. Source: ISO 8601-2."""
        return "/".join(_iso(day) for day in self.days) or None

    @property
    def is_plain_year(self) -> bool:
        """Whether the year says all that there is to say."""
        return len(self.days) == 1 and len(self.days[0]) == 1 and self == CslDate(days=self.days)

    def __str__(self) -> str:
        shown = "/".join(map(_for_readers, self.days)) or self.words or ""
        if self.season:
            shown = f"{shown} (season {self.season})" if shown else f"season {self.season}"
        return f"ca. {shown}" if self.is_circa and shown else shown


def _year(year: int) -> str:
    return f"{year:04d}" if year >= 0 else f"{-year} BC"


def _for_readers(day: Sequence[int]) -> str:
    """`1932-11-03`; before Christ `399-11-03 BC`: the year is counted as it is spoken."""
    year, *rest = day
    written = "-".join([f"{year:04d}" if year >= 0 else str(-year), *(f"{number:02d}" for number in rest)])
    return written if year >= 0 else f"{written} BC"


def _iso(day: Sequence[int]) -> str:
    year, *rest = day
    # ISO 8601 has a year 0: 1 BC
    counted = f"{year:04d}" if year >= 0 else f"-{-year - 1:04d}" if year < -1 else "0000"
    return "-".join([counted, *(f"{number:02d}" for number in rest)])


def date_of(item: Item, variable: str) -> CslDate:
    """Read a date variable: its days, or the words that it has; an empty one says nothing."""
    value = item.get(variable)
    if not isinstance(value, Mapping):
        return CslDate(words=_said(value))
    words = _said(value.get("literal")) or _said(value.get("raw")) or _said(value.get("edtf"))
    parts = value.get("date-parts")
    days: tuple[tuple[int, ...], ...] = ()
    try:
        days = parse_date_parts(parts)
    except ValueError:
        words = words or f"{_loose(parts)} (no such date)"
    season = _said(value.get("season"))
    first = days[0] if len(days) == 1 else ()
    if len(first) == 2 and first[-1] >= FIRST_SEASON:
        days, season = (first[:1],), str(first[-1] - FIRST_SEASON + 1)
    circa = value.get("circa") not in (None, False, 0, "", "false", "0")
    return CslDate(days, words, circa, season)


def _said(value: Any) -> str | None:
    return None if value is None else text_of(value).strip() or None


def _loose(parts: Any) -> str:
    """Parts of a date that are none, in words."""
    if isinstance(parts, Sequence) and not isinstance(parts, str):
        is_outer = any(isinstance(part, Sequence) and not isinstance(part, str) for part in parts)
        return ("/" if is_outer else "-").join(map(_loose, parts))
    return text_of(parts)


def names_of(item: Item, variable: str) -> tuple[Mapping[str, Any], ...]:
    """The names in a name variable; a name that is a bare text is taken whole."""
    stated = item.get(variable)
    names = stated if isinstance(stated, Sequence) and not isinstance(stated, str) else ()
    return tuple(name if isinstance(name, Mapping) else {"literal": text_of(name)} for name in names)


def family_of(name: Mapping[str, Any]) -> str:
    """The family name with the particle that is never dropped."""
    return _joined(name, ("non-dropping-particle", "family"))


def given_of(name: Mapping[str, Any]) -> str:
    """The given name with the particle that follows it when the family name comes first."""
    return _joined(name, ("given", "dropping-particle"))


def _joined(name: Mapping[str, Any], parts: Iterable[str]) -> str:
    return " ".join(str(name[part]) for part in parts if name.get(part))


def name_in_words(name: Mapping[str, Any]) -> str:
    """`Staël, Germaine de`; a body or a whole name as it is written."""
    if name.get("literal"):
        return str(name["literal"])
    parts = (family_of(name), given_of(name), str(name.get("suffix", "")))
    return ", ".join(part for part in parts if part)


def names_in_words(item: Item, variable: str) -> str:
    """All names of a variable, `;` between them."""
    return "; ".join(name_in_words(name) for name in names_of(item, variable))


def text_of(value: Any) -> str:
    """Any value in words: text as it is, names and lists with `;`, what has no words as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping) and value and _NAME_PARTS.issuperset(value):
        return name_in_words(value)
    if isinstance(value, Sequence):
        return "; ".join(text_of(part) for part in value)
    return format_json_line(value)


def plain_text(value: Any) -> str:
    """Any value in words, without the markup that reference managers put into texts."""
    return without_markup(text_of(value))


def address_of(value: Any) -> str:
    """An address: `&amp;` is not a part of one."""
    return text_of(value).replace("&amp;", "&")


def custom_of(item: Item) -> Mapping[str, Any]:
    """What stands in `custom`: ours, and what other programs put there."""
    custom = item.get("custom")
    return custom if isinstance(custom, Mapping) else {}


def words_only(item: Item) -> str | None:
    """The words of a source that was given as words only, and that nobody has taken apart."""
    words = custom_of(item).get(VERBATIM_KEY)
    return words if isinstance(words, str) and words == item.get("note") else None


def remaining(item: Item, told: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Every variable that was not told yet, in words: nothing of an item is lost without a trace."""
    rest: list[tuple[str, str]] = []
    for variable, value in item.items():
        if variable in told:
            continue
        if variable == "custom" and isinstance(value, Mapping):
            rest += [(key, text_of(part)) for key, part in value.items() if key != VERBATIM_KEY]
        elif variable in DATE_VARIABLES:
            words = str(date_of(item, variable))
            rest += [(variable, words)] if words else []
        else:
            rest.append((variable, text_of(value)))
    return tuple(rest)
