"""Makes the index of the search page: a script that a page opened from the disk can load.

Each document is found by the words of its metadata, without accents and case, and by their transliteration:
`rakovsky` finds `Раковский`. The texts themselves are not in it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files as package_files

from archtool.canonical_json import format_json_line
from archtool.findings import clip
from archtool.printable import escape_in_json
from archtool.report.provenance.words.dates import say_date
from archtool.report.site.limits import SEARCH_WORDS, TITLE_CHARACTERS
from archtool.report.site.model import SiteEntry

VARIABLE = "archtoolSearchIndex"


def format_search_index(entries: Iterable[SiteEntry]) -> str:
    """Return the script; each document is a list: page, title, a line about it, its words."""
    rows = ",\n".join(format_json_line(_row(entry)) for entry in entries)
    return f'"use strict";\nvar {VARIABLE} = [\n{escape_in_json(rows)}\n];\n'


def _row(entry: SiteEntry) -> list[str]:
    authors = "; ".join(author.sorted_as for author in entry.authors)
    about = " · ".join(filter(None, (authors, _said_date(entry), entry.genre, entry.place)))
    title = clip(entry.title, TITLE_CHARACTERS)
    return [entry.page, title, clip(about, TITLE_CHARACTERS), _words(entry), entry.fault or ""]


def _words(entry: SiteEntry) -> str:
    parts = [
        *(author.sorted_as for author in entry.authors),
        entry.date,
        _said_date(entry),
        *(part for language in entry.languages for part in language),
        entry.series,
        entry.genre,
        entry.place,
        entry.id,
        entry.name,
        entry.words[:SEARCH_WORDS],
    ]
    text = " ".join(filter(None, (entry.title[:SEARCH_WORDS], *parts)))
    folded = _folded(text)
    other = "" if text.isascii() else _folded(_transliterated(text))
    known = set(folded.split())
    return " ".join([*folded.split(), *dict.fromkeys(word for word in other.split() if word not in known)])


def _said_date(entry: SiteEntry) -> str | None:
    return say_date(entry.date, "en") if entry.date else None


def _folded(text: str) -> str:
    """Return a text as the script folds a question: without accents, in lower case."""
    bare = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.category(c).startswith("M"))
    return "".join(bare).lower()


def _transliterated(text: str) -> str:
    from anyascii import anyascii  # lazy: only sites with other letters need it

    return str(anyascii(text))


@cache
def search_script() -> str:
    """Return the program of the search page, which reads the index."""
    return (package_files("archtool.report.site") / "search.js").read_text("utf-8")
