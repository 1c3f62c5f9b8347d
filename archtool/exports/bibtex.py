"""One citation as BibTeX, in UTF-8; what BibTeX has no field for stands in `annote`.

Source: BibTeX (btxdoc, 1988) for entry types and names; biblatex for `date`, `url`, `doi`, `language`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from archtool.exports.csl import (
    Item,
    address_of,
    date_of,
    family_of,
    given_of,
    names_of,
    remaining,
    text_of,
    words_only,
)
from archtool.exports.markup import markup_to_tex

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
    {"article-journal", "book", "chapter", "manuscript", "paper-conference", "report"}
) | {
    "pamphlet",
    "thesis",
}
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
_ADDRESSES = {"URL": "url", "DOI": "doi"}
_NAMES = ("author", "editor", "translator")
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    # BibTeX counts braces even behind a backslash
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
} | {character: f"\\{character}" for character in "&%$#_"}
_ESCAPES = str.maketrans(_SPECIAL)
# a brace in an address would end the field
_ADDRESS_ESCAPES = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})
_RANGE = re.compile(r"(?<=\w)\s*[-–—]+\s*(?=\w)")  # between two pages: 147b-148a
_UNSAFE_IN_KEY = re.compile(r"[^A-Za-z0-9:._/+-]+")


def format_bibtex(item: Item) -> str:
    """Write one entry, ending with a newline; UTF-8 letters stay as they are."""
    kind = _ENTRY_TYPES.get(str(item.get("type", "")), "misc")
    fields = dict(_fields(item, kind))
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@{kind}{{{bibtex_key(item)},", *lines, "}"]) + "\n"


def bibtex_key(item: Item) -> str:
    """The item's key with every character that BibTeX might trip over as `-`."""
    return _UNSAFE_IN_KEY.sub("-", text_of(item.get("id", ""))).strip("-") or "source"


def escape_bibtex(text: str) -> str:
    """Make every character stand for itself in TeX."""
    return text.translate(_ESCAPES)


def to_bibtex(text: str) -> str:
    """Make the characters of a CSL text stand for themselves in TeX, and its markup for TeX commands."""
    return markup_to_tex(text, escape_bibtex)


def _fields(item: Item, kind: str) -> Iterable[tuple[str, str]]:
    told = {"issued", "page", "number", "issue", "container-title", "publisher", *_NAMES, *_FIELDS}
    told |= set(_ADDRESSES)
    for variable in _NAMES:
        names = names_of(item, variable)
        if names:
            yield variable, " and ".join(_name(name) for name in names)
    for variable, field in _FIELDS.items():
        if item.get(variable) is not None:
            is_verbatim = variable == "note" and words_only(item) is not None
            yield field, (escape_bibtex if is_verbatim else to_bibtex)(text_of(item[variable]))
    yield from _by_kind(item, kind)
    yield from _date(item)
    if item.get("page") is not None:
        yield "pages", _RANGE.sub("--", to_bibtex(text_of(item["page"])))
    for variable, field in _ADDRESSES.items():
        if item.get(variable):
            yield field, address_of(item[variable]).translate(_ADDRESS_ESCAPES)
    yield from _annotation(item, told)


def _by_kind(item: Item, kind: str) -> Iterable[tuple[str, str]]:
    """Fields whose name depends on the entry."""
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
    if not issued.is_plain_year and issued.iso and not issued.season:
        yield "date", "/".join(f"{day}~" if issued.is_circa else day for day in issued.iso.split("/"))


def _annotation(item: Item, told: set[str]) -> Iterable[tuple[str, str]]:
    """Everything that has no field; the type and the key too, where BibTeX's are not the same."""
    if words_only(item) is not None:
        told |= {"type", "id"}
    if item.get("type") in _PLAIN_TYPES:
        told.add("type")
    if text_of(item.get("id", "")) == bibtex_key(item):
        told.add("id")
    notes = [f"{variable}: {words}" for variable, words in remaining(item, told)]
    issued = date_of(item, "issued")
    if issued.year and (issued.season or issued.words):
        notes.append(f"issued: {issued}" + (f" ({issued.words})" if issued.words else ""))
    if notes:
        yield "annote", to_bibtex("; ".join(notes))


def _name(name: Mapping[str, Any]) -> str:
    """A body or a whole name in braces, so that nobody takes it apart."""
    if name.get("literal"):
        return f"{{{to_bibtex(str(name['literal']))}}}"
    suffix = str(name.get("suffix", ""))
    parts = [family_of(name), suffix, given_of(name)] if suffix else [family_of(name), given_of(name)]
    return ", ".join(_name_part(part) for part in parts if part)


def _name_part(part: str) -> str:
    escaped = to_bibtex(part)
    return f"{{{escaped}}}" if "," in part or " and " in f" {part.casefold()} " else escaped
