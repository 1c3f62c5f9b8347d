"""Groups the entries of a site by date, author, language and collection; the order depends on no locale."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from archtool.free_names import FreeNames
from archtool.report.site.limits import ENTRIES_PER_PAGE, MAX_CONTENTS
from archtool.report.site.model import SiteEntry

_YEAR = re.compile(r"-?\d[\dX]{3}(?:-[\dX]{2}){0,2}")
_LAST = "\U0010ffff"
"""Sorts after every text."""
UNNAMED = "none"
"""The anchor of the group of entries that have no author, language or collection."""
_OTHER = "#"
"""The initial of what does not begin with a letter."""


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading."""

    heading: str
    anchor: str
    entries: tuple[SiteEntry, ...]
    is_continued: bool = False
    """Whether its first entries are on an earlier page."""


@dataclass(frozen=True, slots=True)
class Contents:
    """A link to a group, at the top of an index."""

    label: str
    page: int
    """The number of the page that the group begins on."""
    anchor: str
    count: int


@cache
def sort_key(text: str) -> str:
    """Return a text without accents and case, so that `Élan` is beside `elan`."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def date_key(entry: SiteEntry) -> tuple[int, str]:
    """Return the key of an entry's first year, month and day; an undated one is the last."""
    found = _YEAR.search(entry.date or "")
    if found is None:
        return (10_000, _LAST)
    text = found[0].replace("X", "0")
    sign = -1 if text.startswith("-") else 1
    return (sign * int(text.lstrip("-")[:4]), text)


def entry_key(entry: SiteEntry) -> tuple[tuple[int, str], str, str, str]:
    """Return the key by which all lists of a site are sorted: the date, then the title."""
    return date_key(entry), sort_key(entry.title), entry.title, entry.slug


def by_date(entries: Iterable[SiteEntry]) -> list[Group]:
    """Return the entries by year; those without a date come last."""
    return _grouped(sorted(entries, key=entry_key), lambda e: [_year_of(e)])


def by_author(entries: Iterable[SiteEntry]) -> list[Group]:
    """Return the entries by author; an entry is with each of its authors."""
    return _named(entries, lambda e: [author.sorted_as for author in e.authors], "no author stated")


def by_language(entries: Iterable[SiteEntry]) -> list[Group]:
    """Return the entries by the language of the text; an entry is with each of its languages."""
    return _named(entries, lambda e: [name for _, name in e.languages], "no language stated")


def by_series(entries: Iterable[SiteEntry]) -> list[Group]:
    """Return the entries by the collection that their description names."""
    return _named(entries, lambda e: [e.series] if e.series else [], "in no collection")


def _named(
    entries: Iterable[SiteEntry], names_of: Callable[[SiteEntry], Sequence[str]], without: str
) -> list[Group]:
    """Return groups in the order of their names, the entries by date; those without a name come last."""
    groups = _grouped(sorted(entries, key=entry_key), lambda e: list(dict.fromkeys(names_of(e))) or [""])
    named = sorted((g for g in groups if g.heading), key=lambda g: (sort_key(g.heading), g.heading))
    unnamed = [Group(without, UNNAMED, g.entries) for g in groups if not g.heading]
    return [*_numbered(named), *unnamed]


def _numbered(groups: Iterable[Group]) -> Iterator[Group]:
    """Give each group an anchor from its name, which stays when other groups are added."""
    anchors = FreeNames()
    for group in groups:
        yield replace(group, anchor=anchors.take(group.anchor))


def _anchor(heading: str) -> str:
    """Return an anchor in which each letter and digit stays: browsers find it in an address."""
    bare = re.sub(r"[^\w]+", "-", sort_key(heading)).strip("-_")
    return f"g-{bare or 'other'}"


def _grouped(entries: Iterable[SiteEntry], headings_of: Callable[[SiteEntry], Sequence[str]]) -> list[Group]:
    groups: dict[str, list[SiteEntry]] = defaultdict(list)
    for entry in entries:
        for heading in headings_of(entry):
            groups[heading].append(entry)
    return [Group(heading, _anchor(heading), tuple(found)) for heading, found in groups.items()]


def _year_of(entry: SiteEntry) -> str:
    """Return the heading of an entry's year: `1932`, `1930s`, `1900 to 1999`, `399 BC`, `undated`."""
    found = _YEAR.search(entry.date or "")
    if found is None:
        return "undated"
    text = found[0]
    year = text[1:5] if text.startswith("-") else text[:4]
    if text.startswith("-"):
        return f"{int(year.replace('X', '0')) + 1} BC"
    known = year.rstrip("X")
    if len(known) == 4:
        return str(int(year)) if int(year) else "1 BC"
    return f"{known}0s" if len(known) == 3 else f"{known:0<4} to {known:9<4}"


def divide(groups: Sequence[Group], per_page: int = ENTRIES_PER_PAGE) -> list[list[Group]]:
    """Return the groups of each page; a group that does not fit is continued on the next one."""
    pages: list[list[Group]] = [[]]
    room = per_page
    for group in groups:
        left = group.entries
        while left:
            if not room:
                pages.append([])
                room = per_page
            part = left[:room]
            pages[-1].append(replace(group, entries=part, is_continued=len(left) < len(group.entries)))
            left, room = left[room:], room - len(part)
    return pages


def contents_of(pages: Sequence[Sequence[Group]], groups: Sequence[Group]) -> list[Contents]:
    """Return the links at the top of an index; very many groups are found by their first letters."""
    counts = {group.anchor: len(group.entries) for group in groups}
    found = [
        Contents(group.heading, number, group.anchor, counts[group.anchor])
        for number, page in enumerate(pages, 1)
        for group in page
        if not group.is_continued
    ]
    return found if len(found) <= MAX_CONTENTS else _initials(found)


def _initials(contents: Sequence[Contents]) -> list[Contents]:
    first: dict[str, Contents] = {}
    for one in contents:
        letter = sort_key(one.label)[:1].upper()
        label = letter if letter.isalpha() else _OTHER
        known = first.get(label)
        if known is None:
            first[label] = Contents(label, one.page, one.anchor, one.count)
        else:
            first[label] = Contents(label, known.page, known.anchor, known.count + one.count)
    return list(first.values())
