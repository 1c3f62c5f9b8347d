"""Finds dates, names and languages in the words of a header; each is only offered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from archtool.description.citing.person_names import PARTICLES
from archtool.description.dates import why_not_edtf
from archtool.description.languages import language_tag_of
from archtool.description.suggestions.date_suggestions import suggest_dates
from archtool.operations.importing.limits import MAX_DATE_WORDS

_YEAR = re.compile(r"1\d{3}|20\d{2}")
_WINDOWS = (7, 5, 4, 3, 2, 1)  # words of a date: `1er mai 1932`, `between 12 May and 3 June 1932`
_MAX_YEARS = 2  # of an interval
_EDGES = " .,;:()[]«»\"'"
_ISSUE = re.compile(
    r"\b(?:no|nos|n|nr|núm|num|vol|bd|t|heft|issue|pp?|pág|s|с|стр|т|вып)?[.°º№]+\s*\d+|№\s*\d+|\b(?:issue|heft)\s+\d+",
    re.IGNORECASE,
)
_BARRIER = "\0"  # instead of the number of an issue or a page, which is no day of a month
_MAX_NAME_WORDS = 5
_BETWEEN_NAMES = re.compile(r"\s*(?:;|,|/|&|\s(?:and|et|und|y|e|и)\s)\s*")
_BY = re.compile(
    r"^(?:(?:transcribed|translated|typed|traduit|transcrit|übersetzt|transkribiert|traducido|transcrito)\s+)?"
    r"(?:by|par|von|por)\s+",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"(?:[^\W\d_]\.-?){1,4}")
_WORD = re.compile(r"[^\W\d_][^\W\d_.’'‘-]*(?:[-’'‘][^\W\d_]+)*\.?")
_PARTICLES = PARTICLES | {"y", "of", "av"}
_FROM = re.compile(
    r"\b(?:de l[’']\s*|(?:from|du|de la|des|aus dem|aus der|del|с|со)\s+)(?:the\s+|original\s+)?"
    r"([^\W\d_]{3,20})",
    re.IGNORECASE,
)
_GERMAN_ADJECTIVE = re.compile(r"schen$")
_RUSSIAN_ADJECTIVE = re.compile(r"(ск|цк)ого$")


def find_date(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the date in a statement as EDTF, and what else it can mean; `None` if there is none."""
    whole = _reading(text.strip(_EDGES))
    if whole is not None:
        return whole
    words = _ISSUE.sub(f" {_BARRIER} ", text).split()[:MAX_DATE_WORDS]
    for size in _WINDOWS:
        for start in range(len(words) - size + 1):
            window = " ".join(words[start : start + size]).strip(_EDGES)
            if not _can_be_date(window, size):
                continue
            found = _reading(window)
            if found is not None:
                return found
    return None


def _can_be_date(window: str, size: int) -> bool:
    """Whether some words can be a date: reading them takes a millisecond."""
    years = len(_YEAR.findall(window))
    if _BARRIER in window or not 1 <= years <= _MAX_YEARS:
        return False
    return size > 1 or _YEAR.fullmatch(window.rstrip("?~")) is not None


def is_date(text: str) -> bool:
    """Whether a text is a date and nothing else, perhaps in brackets."""
    return _reading(text.strip(_EDGES)) is not None


@lru_cache(maxsize=1024)
def _reading(text: str) -> tuple[str, tuple[str, ...]] | None:
    if not text or not re.search(r"\d", text):
        return None
    if why_not_edtf(text) is None:
        return text, ()
    dates = suggest_dates(text)
    return (dates[0], dates[1:]) if dates else None


def find_names(text: str) -> list[str]:
    """Return the names in a statement, if it consists of nothing else."""
    bare = " ".join(_FROM.sub(_without_language, text.strip(" .")).split())
    bare = _BY.sub("", bare).strip(" ,;")
    names = [name.strip() for name in _BETWEEN_NAMES.split(bare) if name.strip()]
    return names if names and all(is_name(name) for name in names) else []


def is_name(text: str) -> bool:
    """Whether a text has the form of a name: a few words that begin with capital letters."""
    words = text.split()
    if not 1 <= len(words) <= _MAX_NAME_WORDS:
        return False
    capitals = [word for word in words if word.lower() not in _PARTICLES]
    return bool(capitals) and all(
        (_INITIAL.fullmatch(word) or _WORD.fullmatch(word)) and word[0].isupper() for word in capitals
    )


def find_languages(text: str) -> Iterator[str]:
    """Yield the languages from which a text is said to be translated."""
    for word in _FROM.findall(text):
        tag = _language_named(word)
        if tag is not None:
            yield tag


def _without_language(found: re.Match[str]) -> str:
    """Remove `from the Russian` from a statement, but not the end of a name such as `del Sarto`."""
    return found[0] if _language_named(found[1]) is None else " "


def _language_named(word: str) -> str | None:
    plain = _RUSSIAN_ADJECTIVE.sub(r"\1ий", _GERMAN_ADJECTIVE.sub("sch", word))
    for candidate in (plain, word.lower(), word):
        tag = language_tag_of(candidate)
        if tag is not None and len(candidate) > 3:
            return tag
    return None
