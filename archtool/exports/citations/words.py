"""The words of a citation that are not in its facts, in the languages of the styles; dates in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from archtool import month_names
from archtool.exports.citations.csl import CslDate


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    attributions: dict[str, str]
    """What stands in brackets after an author, by the status of the attribution."""
    months: tuple[str, ...]
    """As they are written after a day, or a word such as `circa`."""
    lone_months: tuple[str, ...]
    """As they are written alone."""
    translated_by: str
    accessed: str
    source: str
    circa: str
    before_christ: str
    page: str
    folio: str
    volume: str
    issue: str
    within: str
    """Stands before the text that a document is part of."""
    until: tuple[str, str]
    """For a day, and for a month or a year."""
    since: tuple[str, str]
    decade: str
    seasons: tuple[str, ...]
    """From spring (month 21 of EDTF) to winter."""
    before_day: str = ""
    """Stands between `circa` and a day."""
    full_date: str = "{day} {month} {year}"
    first_day: str = "1"


_DECADE = re.compile(r"\d{3}X")
_DAY = r"(\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)"
_MARKED = re.compile(rf"{_DAY}([?%])")
_UNSPECIFIED = re.compile(r"(\d{4}(?:-(?:0[1-9]|1[0-2]))?)(?:-XX){1,2}")
_SEASON = re.compile(r"(\d{4})-2([1-4])")
_UNTIL, _SINCE = re.compile(rf"(?:\.\.)?/{_DAY}"), re.compile(rf"{_DAY}/(?:\.\.)?")
ENGLISH = Words(
    attributions={"attributed": "attributed", "disputed": "disputed attribution"},
    months=month_names.ENGLISH, lone_months=month_names.ENGLISH,
    translated_by="Translated by", accessed="Accessed", source="Source:", circa="ca.", before_christ="BC",
    page="p.", folio="fol.", volume="vol.", issue="no.", within=". In:",
    until=("by {}", "by {}"), since=("not before {}", "not before {}"), decade="{}s",
    seasons=("spring", "summer", "autumn", "winter"),
)  # fmt: skip
AMERICAN = replace(ENGLISH, full_date="{month} {day}, {year}")
FRENCH = Words(
    attributions={"attributed": "attribution", "disputed": "attribution contestée"},
    months=month_names.FRENCH, lone_months=month_names.FRENCH,
    translated_by="Traduction de", accessed="Consulté le", source="Source :", circa="vers",
    before_christ="av. J.-C.", page="p.", folio="f.", volume="vol.", issue="nᵒ", within=". Dans :",
    until=("au plus tard le {}", "au plus tard en {}"),
    since=("au plus tôt le {}", "au plus tôt en {}"),
    decade="années {}", seasons=("printemps", "été", "automne", "hiver"), first_day="1er", before_day="le ",
)  # fmt: skip
RUSSIAN = Words(
    attributions={"attributed": "приписывается", "disputed": "авторство оспаривается"},
    months=month_names.RUSSIAN_GENITIVE, lone_months=month_names.RUSSIAN,
    translated_by="пер.", accessed="Дата обращения:", source="Источник:", circa="ок.",
    before_christ="до н. э.", page="С.", folio="Л.", volume="Т.", issue="№", within=" //",
    until=("не позднее {}", "не позднее {}"), since=("не ранее {}", "не ранее {}"), decade="{}-е годы",
    seasons=("весна", "лето", "осень", "зима"),
)  # fmt: skip


def date_in_words(date: CslDate, words: Words) -> str:
    """Format a date as a sentence has it: `3 November 1932`, `ca. January 1932`, `1931–1932`.

    Of the dates that CSL has only as texts, the common ones of EDTF are put into words: `../1932-11-03`,
    `1932/..`, `193X`, `1932-05?`, `1932%`, `1932-05-XX`, `1932-21`. All others are returned as they are.
    """
    if not date.days or date.season:
        return _edtf_in_words(str(date), words)
    if date.is_circa:
        return _about(date.days, words)
    return _days_in_words(date.days, words, words.lone_months)


def _edtf_in_words(text: str, words: Words) -> str:
    if _DECADE.fullmatch(text):
        return words.decade.format(f"{text[:3]}0")
    if found := _SEASON.fullmatch(text):
        return f"{words.seasons[int(found[2]) - 1]} {found[1]}"
    if found := _UNSPECIFIED.fullmatch(text):
        return _days_in_words([_numbers(found[1])], words, words.lone_months)
    if found := _MARKED.fullmatch(text):
        return _marked(_numbers(found[1]), words, is_approximate=found[2] == "%")
    for pattern, forms in ((_UNTIL, words.until), (_SINCE, words.since)):
        if found := pattern.fullmatch(text):
            day = _numbers(found[1])
            return forms[len(day) < 3].format(_days_in_words([day], words, words.months))
    return text


def _numbers(day: str) -> tuple[int, ...]:
    return tuple(map(int, day.split("-")))


def _marked(day: tuple[int, ...], words: Words, *, is_approximate: bool) -> str:
    """Return an uncertain date, with a question mark as catalogues write it."""
    said = _about([day], words) if is_approximate else _days_in_words([day], words, words.lone_months)
    return f"{said}?"


def _about(days: Sequence[tuple[int, ...]], words: Words) -> str:
    article = words.before_day if len(days[0]) == 3 else ""
    return f"{words.circa} {article}{_days_in_words(days, words, words.months)}"


def _days_in_words(days: Iterable[tuple[int, ...]], words: Words, lone_months: Sequence[str]) -> str:
    return "–".join(_day_in_words(day, words, lone_months) for day in days)


def _day_in_words(day: tuple[int, ...], words: Words, lone_months: Sequence[str]) -> str:
    year = str(day[0]) if day[0] >= 0 else f"{-day[0]} {words.before_christ}"
    if len(day) == 1 or not 1 <= day[1] <= 12:
        return year
    if len(day) == 2:
        return f"{lone_months[day[1] - 1]} {year}"
    number = words.first_day if day[2] == 1 else str(day[2])
    return words.full_date.format(day=number, month=words.months[day[1] - 1], year=year)
