"""Makes one bibliography of several entries: sorted, each once, each with a key of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from archtool.canonical_json import format_json, format_json_line
from archtool.description.citing.model import TRANSLATED_KEY, Entry, Item, custom_of
from archtool.exports.citations.bibtex import format_bibtex
from archtool.exports.citations.csl import format_names, own_date_of, plain_text
from archtool.exports.citations.document_plain import format_entry
from archtool.exports.citations.keys import make_keys, transliterate
from archtool.exports.citations.markup import without_markup
from archtool.exports.citations.ris import format_ris

_OTHER_LETTERS = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_TITLES = ("title", "container-title", "note", "archive")
PLAIN, CSL_JSON, BIBTEX, RIS = "plain", "csl-json", "bibtex", "ris"


def arrange(entries: Iterable[Entry], accessed: Mapping[str, Any] | None = None) -> tuple[Entry, ...]:
    """Return the entries by author, date and title, with their keys; equal entries become one.

    `accessed` is a date as CSL-JSON; it replaces the one that an entry has.
    """
    dated = [_with_access(entry, accessed) if accessed else entry for entry in entries]
    distinct = {format_json_line([entry.item, entry.source]): entry for entry in dated}
    ordered = sorted(distinct.items(), key=lambda pair: (*_sort_key(pair[1]), pair[0]))
    found = [entry for _, entry in ordered]
    keys = make_keys(found)
    return tuple(
        entry if str(entry.item.get("id")) == key else replace(entry, item={**entry.item, "id": key})
        for entry, key in zip(found, keys, strict=True)
    )


def with_transliterations(entry: Entry) -> Entry:
    """Return an entry for readers of Latin letters: after a title in Cyrillic or Greek, it in brackets.

    A container that has a translated title already keeps that one.
    """
    source = None if entry.source is None else _transliterated(entry.source)
    return replace(entry, item=_transliterated(entry.item), source=source)


def _transliterated(item: Item) -> Item:
    found = dict(item)
    if (title := plain_text(item.get("title") or "")) and _OTHER_LETTERS.search(title):
        found["title"] = f"{title} [{transliterate(title)}]"
    container = plain_text(item.get("container-title") or "")
    if _OTHER_LETTERS.search(container) and TRANSLATED_KEY not in custom_of(item):
        found["custom"] = {**custom_of(item), TRANSLATED_KEY: transliterate(container)}
    return found


def format_plain_list(entries: Sequence[Entry]) -> str:
    """Format each entry on a line; a source that was given as text is returned as it was written."""
    return "".join(f"{format_entry(entry)}\n" for entry in entries)


def format_csl_list(entries: Sequence[Entry]) -> str:
    """Format the items as one CSL-JSON list, which reference managers import."""
    return format_json([dict(entry.item) for entry in entries])


def format_bibtex_list(entries: Sequence[Entry]) -> str:
    """Format a BibTeX database, with a blank line between entries."""
    return "\n".join(format_bibtex(entry.item) for entry in entries)


def format_ris_list(entries: Sequence[Entry]) -> str:
    """Format RIS records, with a blank line between them."""
    return "\r\n".join(format_ris(entry.item) for entry in entries)


FORMS: dict[str, Callable[[Sequence[Entry]], str]] = {
    PLAIN: format_plain_list,
    CSL_JSON: format_csl_list,
    BIBTEX: format_bibtex_list,
    RIS: format_ris_list,
}
"""The functions that format a bibliography without any other library."""


def _with_access(entry: Entry, accessed: Mapping[str, Any]) -> Entry:
    source = None if entry.source is None else {**entry.source, "accessed": accessed}
    return replace(entry, item={**entry.item, "accessed": accessed}, source=source)


def _sort_key(entry: Entry) -> tuple[str, str, str]:
    item = entry.item
    title = plain_text(next((item[v] for v in _TITLES if item.get(v)), ""))
    names = without_markup(format_names(item, "author"))
    date = own_date_of(item)
    first, then = (names or title), (title if names else "")
    return transliterate(first).casefold(), date.iso or str(date), transliterate(then).casefold()
