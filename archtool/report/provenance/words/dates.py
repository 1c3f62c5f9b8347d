"""Says dates in words: EDTF dates of levels 0 and 1, and instants.

A date that has another form is shown as it is written. Source: ISO 8601-2:2019, EDTF.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_DECADE, _CENTURY = re.compile(r"(\d{3})X"), re.compile(r"(\d\d)XX")
_UNKNOWN_PART = re.compile(r"(\d{4}(?:-(?:0[1-9]|1[0-2]))?)-XX(?:-XX)?")
_OPEN = frozenset({"", ".."})


@dataclass(frozen=True, slots=True)
class _Forms:
    """How a language says dates; after a preposition a date has the form that the preposition asks for."""

    months: tuple[str, ...]
    """As the parts of a day."""
    alone: tuple[str, ...]
    """As a month without a day."""
    governed: tuple[str, ...]
    """As a month without a day, after a preposition."""
    seasons: tuple[str, ...]
    governed_seasons: tuple[str, ...]
    day: str
    month: str
    year: str
    governed_year: str
    about: str
    perhaps: str
    perhaps_about: str
    not_after: str
    not_before: str
    span: str
    decade: str
    century: str
    governed_decade: str
    part_unknown: str
    instant: str
    first_day: str | None = None


_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_FRENCH_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip
_RUSSIAN_MONTHS = (
    "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь",
    "декабрь",
)  # fmt: skip
_RUSSIAN_GENITIVES = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября",
    "ноября", "декабря",
)  # fmt: skip
_FORMS = {
    "en": _Forms(
        _ENGLISH_MONTHS, _ENGLISH_MONTHS, _ENGLISH_MONTHS,
        ("spring", "summer", "autumn", "winter"), ("spring", "summer", "autumn", "winter"),
        day="{day} {month} {year}", month="{month} {year}", year="{year}", governed_year="{year}",
        about="about {date}", perhaps="perhaps {date}", perhaps_about="perhaps about {date}",
        not_after="not after {date}", not_before="not before {date}", span="from {first} to {last}",
        decade="the {year}s", century="between {first} and {last}", governed_decade="the {year}s",
        part_unknown="{date}, exact date not known", instant="{date}, {time} UTC",
    ),
    "fr": _Forms(
        _FRENCH_MONTHS, _FRENCH_MONTHS, _FRENCH_MONTHS,
        ("printemps", "été", "automne", "hiver"), ("printemps", "été", "automne", "hiver"),
        day="{day} {month} {year}", month="{month} {year}", year="{year}", governed_year="{year}",
        about="vers {date}", perhaps="peut-être {date}", perhaps_about="peut-être vers {date}",
        not_after="au plus tard {date}", not_before="au plus tôt {date}", span="de {first} à {last}",
        decade="années {year}", century="entre {first} et {last}", governed_decade="années {year}",
        part_unknown="{date}, date exacte inconnue", instant="{date}, {time} UTC", first_day="1er",
    ),
    "ru": _Forms(
        _RUSSIAN_GENITIVES, _RUSSIAN_MONTHS, _RUSSIAN_GENITIVES,
        ("весна", "лето", "осень", "зима"), ("весны", "лета", "осени", "зимы"),
        day="{day} {month} {year}\u00a0г.", month="{month} {year}\u00a0г.", year="{year}\u00a0г.",
        governed_year="{year}\u00a0г.",
        about="около {date}", perhaps="предположительно {date}",
        perhaps_about="предположительно около {date}",
        not_after="не позднее {date}", not_before="не ранее {date}", span="с {first} до {last}",
        decade="{year}-е годы", century="между {first} и {last}\u00a0гг.", governed_decade="{year}-х годов",
        part_unknown="{date}, точная дата неизвестна", instant="{date}, {time} UTC",
    ),
}  # fmt: skip


def say_date(date: str, language: str) -> str:
    """Return a date in words; a date of an unusual form as it is written."""
    forms = _FORMS.get(language, _FORMS["en"])
    if "T" in date:
        return _instant(date, forms)
    first, slash, last = date.partition("/")
    said = _span(first, last, forms) if slash else _single(date, forms, governed=False)
    return said or date


def _instant(date: str, forms: _Forms) -> str:
    try:
        at = datetime.fromisoformat(date)
        if at.tzinfo is None:
            return date
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):  # no time, or one beyond the calendar
        return date
    day = _single(at.date().isoformat(), forms, governed=False)
    return forms.instant.format(date=day, time=f"{at:%H:%M}")


def _span(first: str, last: str, forms: _Forms) -> str | None:
    ends = {end: _single(end, forms, governed=True) for end in (first, last) if end not in _OPEN}
    if not ends or None in ends.values():
        return None
    if first in _OPEN:
        return forms.not_after.format(date=_with_article(last, str(ends[last]), forms))
    if last in _OPEN:
        return forms.not_before.format(date=_with_article(first, str(ends[first]), forms))
    if forms is _FORMS["fr"]:
        return _french_span(first, last, str(ends[first]), str(ends[last]))
    return forms.span.format(first=ends[first], last=ends[last])


def _with_article(date: str, said: str, forms: _Forms) -> str:
    """Return a French date with what it needs after « au plus tard »."""
    if forms is not _FORMS["fr"]:
        return said
    if said.startswith(("vers", "peut-être", "entre")):
        return said
    if said.startswith("années"):
        return f"dans les {said}"
    if _is_day(date):
        return f"le {said}"
    return f"au {said}" if said.startswith("printemps") else f"en {said}"


def _french_span(first: str, last: str, said_first: str, said_last: str) -> str:
    begin = f"du {said_first}" if _is_day(first) else _elided(said_first)
    return f"{begin} {'au' if _is_day(last) else 'à'} {said_last}"


def _elided(said: str) -> str:
    return f"d’{said}" if said[0] in "aeioué" else f"de {said}"


def _is_day(date: str) -> bool:
    found = _DATE.fullmatch(date.rstrip("~?%"))
    return found is not None and found[3] is not None


def _single(date: str, forms: _Forms, *, governed: bool) -> str | None:
    qualified: dict[str, str] = {"~": forms.about, "?": forms.perhaps, "%": forms.perhaps_about}
    pattern = qualified.get(date[-1:])
    if pattern is None:
        return _plain(date, forms, governed=governed)
    # "perhaps" is an adverb and asks for no case
    said = _plain(date[:-1], forms, governed=governed or not date.endswith("?"))
    if said is not None and said.startswith("années") and not date.endswith("?"):
        said = f"les {said}"
    return None if said is None else pattern.format(date=said)


def _plain(date: str, forms: _Forms, *, governed: bool) -> str | None:
    if found := _DECADE.fullmatch(date):
        return (forms.governed_decade if governed else forms.decade).format(year=f"{found[1]}0")
    if found := _CENTURY.fullmatch(date):
        return forms.century.format(first=f"{found[1]}00", last=f"{found[1]}99")
    if found := _UNKNOWN_PART.fullmatch(date):
        known = _plain(found[1], forms, governed=governed)
        return None if known is None else forms.part_unknown.format(date=known)
    found = _DATE.fullmatch(date)
    return None if found is None else _calendar(found[1], found[2], found[3], forms, governed=governed)


def _calendar(year: str, month: str | None, day: str | None, forms: _Forms, *, governed: bool) -> str | None:
    year = year.lstrip("0") or "0"
    if month is None:
        return (forms.governed_year if governed else forms.year).format(year=year)
    number = int(month)
    if 21 <= number <= 24 and day is None:
        seasons = forms.governed_seasons if governed else forms.seasons
        return forms.month.format(month=seasons[number - 21], year=year)
    if not 1 <= number <= 12:
        return None
    if day is None:
        names = forms.governed if governed else forms.alone
        return forms.month.format(month=names[number - 1], year=year)
    if not 1 <= int(day) <= monthrange(int(year), number)[1]:
        return None
    shown = forms.first_day if int(day) == 1 and forms.first_day else str(int(day))
    return forms.day.format(day=shown, month=forms.months[number - 1], year=year)
