"""Suggests the EDTF forms that a date in words or in another order can mean; all of them are accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archtool.description.dates import why_not_edtf
from archtool.description.limits import MAX_DATE_CHARS
from archtool.nearest_names import fold

_MONTH_NAMES = (
    "january janvier januar январь января enero gennaio janeiro jan janv янв",
    "february fevrier februar февраль февраля febrero febbraio feb fevr fev фев",
    "march mars marz март марта marzo mar",
    "april avril апрель апреля abril aprile apr avr апр",
    "may mai май мая mayo maggio maio",
    "june juin juni июнь июня junio giugno jun",
    "july juillet juli июль июля julio luglio jul juil",
    "august aout август августа agosto aug авг",
    "september septembre сентябрь сентября septiembre settembre setembro sep sept сен",
    "october octobre oktober октябрь октября octubre ottobre oct okt окт",
    "november novembre ноябрь ноября noviembre nov ноя",
    "december decembre dezember декабрь декабря diciembre dicembre dec dez дек",
)
_MONTHS = {fold(name): i for i, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_SEASONS = {
    fold(name): number
    for number, names in (
        (21, "spring printemps fruhling fruhjahr весна primavera"),
        (22, "summer ete sommer лето verano estate"),
        (23, "autumn fall automne herbst осень otono autunno"),
        (24, "winter hiver зима invierno inverno"),
    )
    for name in names.split()
}
_ABOUT = re.compile(
    r"\s*(?:circa|ca\.?|c\.|c(?=\s)|approx\.?|approximately|about|around|vers|env\.?|environ|um|gegen|etwa|около|ок\.)\s*",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\s*(?:before|avant|vor|до|antes de)\s+", re.IGNORECASE)
_AFTER = re.compile(r"\s*(?:after|since|apr[eè]s|nach|seit|после)\s+", re.IGNORECASE)
_RANGE = re.compile(
    r"(?:(?:from|between|de|du|entre|von|zwischen|с|между)\s+)?(.+?)\s*(?:–|—|\s-\s|(?<=[0-9]{4})-(?=[0-9]{4}\Z)"
    r"|\s(?:to|and|until|et|au|à|a|bis|und|по|и)\s)\s*(.+)",
    re.IGNORECASE,
)
_DECADE = re.compile(r"(?:ann[ée]es\s+)?([0-9]{3})0(?:\s?[’']?s|er(?:\s+jahre)?|-е)?", re.IGNORECASE)
_CENTURY = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|e|è|ème)?\.?\s*(?:century|si[eè]cle|jahrhundert|в\.|век)", re.IGNORECASE
)
_NUMBERS = re.compile(r"([0-9]{1,4})\s*[./ -]\s*([0-9]{1,2})\s*[./ -]\s*([0-9]{1,4})")
_YEAR_MONTH = re.compile(r"([0-9]{4})\s*[./ -]\s*([0-9]{1,2})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})\s*[./ -]\s*([0-9]{4})")
_WORDS = re.compile(r"[^\W\d_]+|[0-9]+")
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9:.]+(?:Z|[+-][0-9:]+)?")
_UNKNOWN = frozenset(
    map(
        fold,
        [
            "n.d.",
            "nd",
            "n.d",
            "s.d.",
            "s.d",
            "sd",
            "undated",
            "unknown",
            "none",
            "o.d.",
            "o.j.",
            "sans-date",
            "sine-dato",
            "без-даты",
            "unbekannt",
            "inconnu",
            "?",
        ],
    )
)
_NO_DATE = "leave the date out if it is not known: a description may have none"
_YEAR_OF_TWO_DIGITS = re.compile(r"\D*[0-9]{1,2}\D+[0-9]{1,2}\D+[0-9]{2}|[^\W\d]+\s+'?[0-9]{2}")


def date_hint(text: str) -> str | None:
    """Return a hint for a text that is not an EDTF date; `None` if nothing can be proposed."""
    if len(text) > MAX_DATE_CHARS:
        return None
    if fold(text) in _UNKNOWN or fold(text) in ("nd", "sd", "od", "oj", ""):
        return _NO_DATE
    found = suggest_dates(text)
    if found:
        return f"did you mean {' or '.join(f'`{date}`{_explained(date, found)}' for date in found)}?"
    if _YEAR_OF_TWO_DIGITS.fullmatch(text.strip()):
        return "write the year with four digits, as in 1932-05-12"
    return None


def suggest_dates(text: str) -> tuple[str, ...]:
    """Return the EDTF dates that a text can mean, at most two."""
    if len(text) > MAX_DATE_CHARS:
        return ()
    dates = dict.fromkeys(
        date for date in _readings(text.strip()) if date != text and why_not_edtf(date) is None
    )
    return tuple(dates)[:2]


def _explained(date: str, found: tuple[str, ...]) -> str:
    """Return what distinguishes two dates: the day and the month, or whether the date is certain."""
    parts = date.split("-")
    if len(found) < 2:
        return ""
    if len(parts) == 3 and parts[2].isdecimal():
        return f" (day {int(parts[2])} of month {int(parts[1])})"
    return " (uncertain)" if date.endswith("?") else ""


def _readings(text: str) -> Iterator[str]:
    bare = text.strip("[]() ")
    if bare != text:  # in catalogues, brackets mark a date that is not on the document
        for date in (bare, *_readings(bare)):
            if not date.endswith(("?", "~")):
                yield f"{date}?"
            yield date
        return
    for pattern, suffix in ((_ABOUT, "~"), (_BEFORE, "before"), (_AFTER, "after")):
        match = pattern.match(text)
        if match is not None and match.end() < len(text):
            yield from (_limited(date, suffix) for date in _dates(text[match.end() :]))
            return
    if text.endswith(("?", "~")):
        yield from (f"{date}{text[-1]}" for date in _dates(text[:-1].strip()))
        return
    dates = [*_dates(text)]
    yield from dates
    match = _RANGE.fullmatch(text) if not dates else None
    if match is not None:
        for first in _dates(match[1]):
            yield from (f"{first}/{last}" for last in _dates(match[2]))


def _limited(date: str, suffix: str) -> str:
    return {"before": f"../{date}", "after": f"{date}/.."}.get(suffix, f"{date}{suffix}")


def _dates(text: str) -> Iterator[str]:
    """Yield the readings of one date, the most probable first."""
    text = text.strip(" .,;")
    if why_not_edtf(text) is None:
        yield text
        return
    if (time := _TIME.fullmatch(text)) is not None:
        yield time[1]
    if (numbers := _NUMBERS.fullmatch(text)) is not None:
        yield from _of_numbers(*numbers.groups())
    if (pair := _YEAR_MONTH.fullmatch(text)) is not None:
        yield f"{pair[1]}-{int(pair[2]):02}"
    if (pair := _MONTH_YEAR.fullmatch(text)) is not None:
        yield f"{pair[2]}-{int(pair[1]):02}"
    if (decade := _DECADE.fullmatch(text)) is not None:
        yield f"{decade[1]}X"
    if (century := _CENTURY.fullmatch(text)) is not None:
        yield f"{int(century[1]) - 1:02}XX"
    yield from _of_words([*_WORDS.findall(text)])


def _of_numbers(first: str, second: str, third: str) -> Iterator[str]:
    if len(first) == 4:
        in_order = f"{first}-{int(second):02}-{int(third):02}"
        yield in_order if why_not_edtf(in_order) is None else f"{first}-{int(third):02}-{int(second):02}"
    elif len(third) == 4:
        yield f"{third}-{int(second):02}-{int(first):02}"
        yield f"{third}-{int(first):02}-{int(second):02}"


def _of_words(words: list[str]) -> Iterator[str]:
    """Yield the date of words such as `12 May 1932`, `1er mai 1932`, `May 12th, 1932` or `spring 1932`."""
    numbers = [int(word) for word in words if word.isdecimal() and len(word) <= 2]
    years = [word for word in words if word.isdecimal() and len(word) == 4]
    named = [fold(word) for word in words if not word.isdecimal()]
    months = [_MONTHS[name] for name in named if name in _MONTHS]
    seasons = [_SEASONS[name] for name in named if name in _SEASONS]
    others = [name for name in named if name not in _MONTHS and name not in _SEASONS and name not in _FILLERS]
    if len(years) != 1 or others or len(months) + len(seasons) != 1 or len(numbers) > 1:
        return
    if months and numbers:
        yield f"{years[0]}-{months[0]:02}-{numbers[0]:02}"
    elif months:
        yield f"{years[0]}-{months[0]:02}"
    elif not numbers:
        yield f"{years[0]}-{seasons[0]}"


_FILLERS = frozenset(
    map(
        fold,
        [
            "st",
            "nd",
            "rd",
            "th",
            "er",
            "ème",
            "of",
            "de",
            "du",
            "den",
            "der",
            "le",
            "the",
            "г",
            "года",
            "год",
            "in",
            "en",
            "im",
        ],
    )
)
