"""Formats one citation as a line of text in the order of ISO 690, with language-neutral punctuation.

Authors. Title. In: editors, Container [translated]. Edition. Place: Publisher, date, p. pages. Archive. URL.
Values that a reader does not need to find the source (keys, languages, keywords, abstracts) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from archtool.description.citing.model import (
    ARCHIVE_VARIABLES,
    PERIODICALS,
    TRANSLATED_KEY,
    Item,
    custom_of,
    verbatim_citation,
)
from archtool.exports.citations.csl import address_of, date_of, format_names, plain_text, remaining
from archtool.exports.citations.markup import without_markup

_NEEDS_NO_STOP = re.compile(r"[.!?…]$|://\S+$")
_WRITTEN_IN_ORDER = frozenset((
    "author", "title", "container-title", "edition", "volume", "issue", "publisher", "publisher-place",
    "issued", "page", "URL", "DOI", "accessed", "note", "custom", *ARCHIVE_VARIABLES,
))  # fmt: skip
_NOT_FOR_READERS = frozenset((
    "id", "type", "citation-key", "categories", "language", "keyword", "abstract", "annote", "source",
    "journalAbbreviation", "shortTitle", "title-short", "container-title-short", "citation-label",
    "citation-number", "first-reference-note-number", "year-suffix", "locator", "references",
))  # fmt: skip


def format_plain(item: Item) -> str:
    """Format the citation; a source that was given as text is returned unchanged."""
    verbatim = verbatim_citation(item)
    if verbatim is not None:
        return verbatim
    parts = [without_markup(format_names(item, "author")), _text(item, "title")]
    imprint = _imprint(item)
    if item.get("type") in PERIODICALS:
        parts.append(", ".join(part for part in (_container(item), *_volume(item), imprint) if part))
    else:
        parts += [_container(item), _edition(item), ", ".join(_volume(item)), imprint]
    parts += _where_to_find(item)
    return " ".join(_sentence(part) for part in parts if part)


def _sentence(part: str) -> str:
    """Add a full stop, except after a URL, where it would be read as part of the URL."""
    return part if _NEEDS_NO_STOP.search(part) else f"{part}."


def _text(item: Item, variable: str) -> str:
    value = item.get(variable)
    return "" if value is None else plain_text(value)


def _container(item: Item) -> str:
    """Format the container, with `In:` only if a title or an author is inside it."""
    title = _text(item, "container-title")
    if not title:
        return ""
    translated = custom_of(item).get(TRANSLATED_KEY)
    shown = f"{title} [{plain_text(translated)}]" if translated else title
    editors = without_markup(format_names(item, "editor"))
    shown = f"{editors}, {shown}" if editors else shown
    is_part = (item.get("title") or item.get("author")) and item.get("type") not in PERIODICALS
    return f"In: {shown}" if is_part else shown


def _edition(item: Item) -> str:
    edition = _text(item, "edition")
    return f"ed. {edition}" if edition.isdecimal() else edition


def _volume(item: Item) -> list[str]:
    """Return volume and issue; a bare number gets a label."""
    shown = []
    for variable, label in (("volume", "vol."), ("issue", "no.")):
        number = _text(item, variable)
        if number:
            shown.append(f"{label} {number}" if number[0].isdigit() else number)
    return shown


def _imprint(item: Item) -> str:
    place, publisher = _text(item, "publisher-place"), _text(item, "publisher")
    publication = ": ".join(part for part in (place, publisher) if part)
    pages = _text(item, "page")
    shown = (publication, str(date_of(item, "issued")), f"p. {pages}" if pages else "")
    return ", ".join(part for part in shown if part)


def _where_to_find(item: Item) -> Iterable[str]:
    yield ", ".join(_text(item, variable) for variable in ARCHIVE_VARIABLES if item.get(variable))
    written = _WRITTEN_IN_ORDER | _NOT_FOR_READERS
    written |= {"editor"} if item.get("container-title") else set()
    for variable, text in remaining(item, written):
        yield f"{variable}: {without_markup(text)}"
    if item.get("DOI"):
        yield f"doi:{_text(item, 'DOI')}"
    if item.get("URL"):
        accessed = str(date_of(item, "accessed"))
        url = address_of(item["URL"])
        yield f"{url} ({accessed})" if accessed else url
    yield _text(item, "note")
