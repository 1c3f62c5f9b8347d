"""What the citation formats share: the names, dates and remaining variables of one CSL-JSON item.

Source: CSL-JSON (csl-data schema 1.0), CSL 1.0.2 specification, appendix IV (variables).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archtool.canonical import format_json_line

Item = Mapping[str, Any]

VERBATIM_KEY = "archtool-verbatim"
TRANSLATED_KEY = "container-title-translated"
_NAME_PARTS = frozenset(
    {"family", "given", "literal", "suffix", "dropping-particle", "non-dropping-particle"}
)
_DATES = frozenset({"accessed", "available-date", "event-date", "issued", "original-date", "submitted"})


@dataclass(frozen=True, slots=True)
class CslDate:
    """A date variable: days that are known, or words, or both absent."""

    days: tuple[tuple[int, ...], ...] = ()
    """One day, or the first and the last: year; year and month; year, month and day."""
    words: str | None = None
    """What stands where no numbers do (`literal`, `raw`), or cannot be told by numbers alone."""
    is_circa: bool = False
    season: str | None = None

    @property
    def year(self) -> str | None:
        """The first year in four digits, where it is known."""
        return f"{self.days[0][0]:04d}" if self.days else None

    @property
    def iso(self) -> str | None:
        """`1932-11-03`, `1932-11`, `1931/1932`, where it is known."""
        return "/".join(_iso(day) for day in self.days) or None

    @property
    def is_plain_year(self) -> bool:
        """Whether the year says all that there is to say."""
        return len(self.days) == 1 and len(self.days[0]) == 1 and self == CslDate(days=self.days)

    def __str__(self) -> str:
        shown = self.iso or self.words or ""
        if self.iso and self.season:
            shown = f"{shown} (season {self.season})"
        return f"ca. {shown}" if self.is_circa else shown


def _iso(day: Sequence[int]) -> str:
    year, *rest = day
    return "-".join([f"{year:04d}", *(f"{number:02d}" for number in rest)])


def date_of(item: Item, variable: str) -> CslDate:
    """Read a date variable; what is no date of numbers is kept as words."""
    value = item.get(variable)
    if not isinstance(value, Mapping):
        return CslDate(words=None if value is None else text_of(value))
    days = _days(value.get("date-parts"))
    known = {"date-parts", "circa", "season", "literal", "raw"}
    words = value.get("literal") or value.get("raw")
    if not days and (not words or not known.issuperset(value)):
        words = format_json_line(value)
    season = value.get("season")
    circa = value.get("circa") not in (None, False, 0, "", "false", "0")
    return CslDate(
        days, None if words is None else str(words), circa, None if season is None else str(season)
    )


def _days(parts: Any) -> tuple[tuple[int, ...], ...]:
    try:
        days = tuple(tuple(int(number) for number in part) for part in parts or ())
    except (TypeError, ValueError):
        return ()
    are_days = len(days) <= 2 and all(1 <= len(day) <= 3 and 0 <= day[0] <= 9999 for day in days)
    return days if are_days else ()


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
        elif variable in _DATES:
            rest.append((variable, str(date_of(item, variable))))
        else:
            rest.append((variable, text_of(value)))
    return tuple(rest)
