"""Formats one citation as BibTeX in UTF-8; values without a BibTeX field are written to `annote`.

Source: BibTeX (btxdoc, 1988) for entry types and names; biblatex for `date`, `url`, `doi`, `language`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from archtool.description.citing.model import ARCHIVE_VARIABLES, Item, verbatim_citation
from archtool.exports.citations.archive_place import archive_place
from archtool.exports.citations.csl import (
    address_of,
    date_of,
    family_name,
    given_name,
    names_of,
    remaining,
    text_of,
)
from archtool.exports.citations.markup import markup_to_tex
from archtool.exports.citations.words import ENGLISH

_ENTRY_TYPES = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "entry": "incollection",
    "entry-dictionary": "incollection",
    "entry-encyclopedia": "incollection",
    "manuscript": "unpublished",
    "pamphlet": "booklet",
    "paper-conference": "inproceedings",
    "report": "techreport",
    "review": "article",
    "review-book": "article",
    "thesis": "phdthesis",
}
_PLAIN_TYPES = frozenset(
    ("article-journal", "book", "chapter", "manuscript", "pamphlet", "paper-conference", "report", "thesis")
)
"""The types of CSL that a program finds again by the type of the BibTeX entry."""
_FIELDS = {
    "title": "title",
    "publisher-place": "address",
    "volume": "volume",
    "edition": "edition",
    "collection-title": "series",
    "genre": "type",
    "chapter-number": "chapter",
    "abstract": "abstract",
    "keyword": "keywords",
    "language": "language",
    "ISBN": "isbn",
    "ISSN": "issn",
    "note": "note",
}
_OTHER_DATES = {"original-date": "origdate", "accessed": "urldate"}
_ADDRESSES = {"URL": "url", "DOI": "doi"}
_NAMES = ("author", "editor", "translator")
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    # BibTeX counts braces even after a backslash
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
} | {character: f"\\{character}" for character in "&%$#_"}
_ESCAPES = str.maketrans(_SPECIAL)
# a brace in a URL would end the field
_ADDRESS_ESCAPES = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})
_RANGE = re.compile(r"(?<=\w)\s*[-–—]+\s*(?=\w)")  # between two pages: 147b-148a
_UNSAFE_IN_KEY = re.compile(r"[^A-Za-z0-9:._/+-]+")


def format_bibtex(item: Item) -> str:
    """Format one entry with a final newline; letters are kept as UTF-8."""
    kind = _ENTRY_TYPES.get(str(item.get("type", "")), "misc")
    fields = dict(_fields(item, kind))
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@{kind}{{{bibtex_key(item)},", *lines, "}"]) + "\n"


def bibtex_key(item: Item) -> str:
    """Return the item's key; every character that is unsafe in BibTeX becomes `-`."""
    return _UNSAFE_IN_KEY.sub("-", text_of(item.get("id", ""))).strip("-") or "source"


def escape_bibtex(text: str) -> str:
    """Escape the special characters of TeX."""
    return text.translate(_ESCAPES)


def to_bibtex(text: str) -> str:
    """Convert a CSL text to TeX: special characters are escaped, and markup becomes TeX commands."""
    return markup_to_tex(text, escape_bibtex)


def _fields(item: Item, kind: str) -> Iterable[tuple[str, str]]:
    written = {"issued", "page", "number", "issue", "container-title", "publisher", *_NAMES, *_FIELDS}
    written |= set(_ADDRESSES)
    for variable in _NAMES:
        names = names_of(item, variable)
        if names:
            yield variable, " and ".join(_name(name) for name in names)
    for variable, field in _FIELDS.items():
        if item.get(variable) is not None:
            is_verbatim = variable == "note" and verbatim_citation(item) is not None
            yield field, (escape_bibtex if is_verbatim else to_bibtex)(text_of(item[variable]))
    yield from _by_kind(item, kind)
    yield from _date(item)
    yield from _other_dates(item, written)
    if item.get("page") is not None:
        yield "pages", _RANGE.sub("--", to_bibtex(text_of(item["page"])))
    for variable, field in _ADDRESSES.items():
        if item.get(variable):
            yield field, address_of(item[variable]).translate(_ADDRESS_ESCAPES)
    if kind == "unpublished" and item.get("note") is None:
        yield from _kept(item, written)
    yield from _annotation(item, written)


def _other_dates(item: Item, written: set[str]) -> Iterable[tuple[str, str]]:
    for variable, field in _OTHER_DATES.items():
        if date := _iso_date(item, variable):
            written.add(variable)
            yield field, date


def _kept(item: Item, written: set[str]) -> Iterable[tuple[str, str]]:
    """Yield the place in an archive as the note that BibTeX requires of an unpublished text."""
    if place := to_bibtex(archive_place({**item, "page": None}, ENGLISH)):
        written |= set(ARCHIVE_VARIABLES)
        yield "note", place


def _by_kind(item: Item, kind: str) -> Iterable[tuple[str, str]]:
    """Yield the fields whose names depend on the type of the entry."""
    container = "journal" if kind == "article" else "booktitle"
    publisher = {"phdthesis": "school", "techreport": "institution"}.get(kind, "publisher")
    number = "issue" if kind == "article" else "number"
    other = "number" if kind == "article" else "issue"
    pairs = ((container, "container-title"), (publisher, "publisher"), ("number", number), ("issue", other))
    for field, variable in pairs:
        if item.get(variable) is not None:
            yield field, to_bibtex(text_of(item[variable]))


def _date(item: Item) -> Iterable[tuple[str, str]]:
    issued = date_of(item, "issued")
    if issued.year is None:
        if str(issued):
            yield "year", escape_bibtex(str(issued))
        return
    yield "year", issued.year
    if not issued.is_plain_year and (date := _iso_date(item, "issued")):
        yield "date", date


def _iso_date(item: Item, variable: str) -> str | None:
    """Return a date as biblatex reads it; `None` for one that is only a text or a season."""
    date = date_of(item, variable)
    if not date.iso or date.season or date.text:
        return None
    return "/".join(f"{day}~" if date.is_circa else day for day in date.iso.split("/"))


def _annotation(item: Item, written: set[str]) -> Iterable[tuple[str, str]]:
    """Yield `annote` with all values that have no field, and type and key if they differ from BibTeX's."""
    if verbatim_citation(item) is not None:
        written |= {"type", "id"}
    if item.get("type") in _PLAIN_TYPES:
        written.add("type")
    if text_of(item.get("id", "")) == bibtex_key(item):
        written.add("id")
    notes = [f"{variable}: {text}" for variable, text in remaining(item, written)]
    issued = date_of(item, "issued")
    if issued.year and (issued.season or issued.text):
        notes.append(f"issued: {issued}" + (f" ({issued.text})" if issued.text else ""))
    if notes:
        yield "annote", to_bibtex("; ".join(notes))


def _name(name: Mapping[str, Any]) -> str:
    """Format a name; a literal name is put in braces, so that BibTeX does not split it."""
    if name.get("literal"):
        return f"{{{to_bibtex(str(name['literal']))}}}"
    suffix = str(name.get("suffix", ""))
    parts = [family_name(name), suffix, given_name(name)] if suffix else [family_name(name), given_name(name)]
    return ", ".join(_name_part(part) for part in parts if part)


def _name_part(part: str) -> str:
    escaped = to_bibtex(part)
    return f"{{{escaped}}}" if "," in part or " and " in f" {part.casefold()} " else escaped
