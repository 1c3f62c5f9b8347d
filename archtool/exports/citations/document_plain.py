"""Formats the entry of a document as a line of text: the document, then the source that it is in.

Authors [attribution]. Title. Issuing body, date. Translation. In: the source as `plain` formats it. Accessed.
"""

from __future__ import annotations

import re
from typing import Any

from archtool.description.citing.model import (
    ARCHIVE_VARIABLES,
    Entry,
    Item,
    is_same_title,
    verbatim_citation,
)
from archtool.exports.citations.archive_place import archive_place, is_kept
from archtool.exports.citations.csl import (
    date_of,
    format_name,
    format_names,
    name_in_order,
    names_of,
    one_line,
    plain_text,
)
from archtool.exports.citations.markup import without_markup
from archtool.exports.citations.plain import format_plain
from archtool.exports.citations.words import ENGLISH

_NEEDS_NO_STOP = re.compile(r"[.!?…]$|://\S+$")


def format_entry(entry: Entry) -> str:
    """Format an entry on one line."""
    accessed = _accessed(entry.item)
    if entry.source is None:
        source = _source_alone(entry.item)
        return f"{_sentence(source)} {accessed}" if accessed else source
    parts = (
        _authors(entry), plain_text(entry.item.get("title", "")), _issued(entry), _translation(entry),
        _in_source(entry, entry.source), accessed,
    )  # fmt: skip
    return " ".join(_sentence(one_line(part)) for part in parts if part)


def _source_alone(item: Item) -> str:
    """Format a source as bag-info.txt has it; of a manuscript, folios are called folios."""
    if verbatim_citation(item) is not None:
        return format_plain(item)
    if not is_kept(item):
        return one_line(format_plain(item))
    names = without_markup(format_names(item, "author"))
    parts = (names, plain_text(item.get("title", "")), _kept("", {**item, "title": None}))
    return " ".join(_sentence(one_line(part)) for part in parts if part)


def _sentence(part: str) -> str:
    return part if _NEEDS_NO_STOP.search(part) else f"{part}."


def _authors(entry: Entry) -> str:
    shown = []
    for number, name in enumerate(names_of(entry.item, "author")):
        status = entry.attribution(number)
        bracket = f" [{ENGLISH.attributions.get(status, status)}]" if status else ""
        shown.append(f"{without_markup(format_name(name))}{bracket}")
    return "; ".join(shown)


def _issued(entry: Entry) -> str:
    """Return the issuing body and the date of the document itself."""
    return ", ".join(part for part in (entry.issuer or "", _own_date(entry)) if part)


def _own_date(entry: Entry) -> str:
    """Return the date of the document as the description has it; empty if that is the date of its source."""
    item, source = entry.item, entry.source or {}
    if item.get("original-date"):
        return str(date_of(item, "original-date"))
    return str(date_of(item, "issued")) if item.get("issued") != source.get("issued") else ""


def _translation(entry: Entry) -> str:
    if entry.credit:
        return entry.credit
    translators = ", ".join(name_in_order(name) for name in names_of(entry.item, "translator"))
    is_own = translators and entry.item.get("translator") != (entry.source or {}).get("translator")
    return f"{ENGLISH.translated_by} {translators}" if is_own else ""


def _in_source(entry: Entry, source: Item) -> str:
    if entry.source_text is not None:
        return f"{ENGLISH.source} {entry.source_text}"
    rest = _without_what_is_said(entry.item, source)
    rest |= {variable: entry.item[variable] for variable in ARCHIVE_VARIABLES if variable in entry.item}
    if is_kept(entry.item):
        return _kept(_own_date(entry), rest)
    is_in = rest.get("title") or rest.get("container-title")
    text = format_plain(rest)
    return f"In: {text}" if is_in else text


def _kept(own: str, rest: dict[str, Any]) -> str:
    """Format a source in an archive; `own` is the date of the document if that was written already."""
    place = archive_place(rest, ENGLISH)
    others = {
        k: v for k, v in rest.items() if k not in (*ARCHIVE_VARIABLES, "page", "issued", "title", "author")
    }
    titled = f"In: {_sentence(_title_with_author(rest))}" if rest.get("title") else ""
    date = "" if own else str(date_of(rest, "issued"))
    more = format_plain(others)
    return " ".join(_sentence(part) for part in (date, titled, place, more) if part)


def _title_with_author(rest: dict[str, Any]) -> str:
    names = without_markup(format_names(rest, "author"))
    return ". ".join(part for part in (names, plain_text(rest["title"])) if part)


def _without_what_is_said(item: Item, source: Item) -> dict[str, Any]:
    """Return the source without the title and the authors that it has in common with the document."""
    rest = dict(source)
    if is_same_title(source.get("title", ""), item.get("title", "")):
        rest.pop("title", None)
        rest.pop("author", None)
    if source.get("author") == item.get("author"):
        rest.pop("author", None)
    return rest


def _accessed(item: Item) -> str:
    """Return the date of access, unless `plain` has it beside the address."""
    accessed = str(date_of(item, "accessed"))
    return f"{ENGLISH.accessed} {accessed}." if accessed and not item.get("URL") else ""
