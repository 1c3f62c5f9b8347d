"""Formats one citation as RIS; values without a RIS tag are written to `N1`.

Source: RIS format specification (Research Information Systems, 2001 and 2011): a tag, two spaces, a hyphen, a
space, the value, CR LF; `TY` first, `ER` last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from archtool.description.citing.model import Item, verbatim_citation
from archtool.exports.citations.csl import (
    address_of,
    date_of,
    format_name,
    names_of,
    page_range,
    plain_text,
    remaining,
    text_of,
)
from archtool.exports.citations.markup import without_markup

_TYPES = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "bill": "BILL",
    "book": "BOOK",
    "chapter": "CHAP",
    "dataset": "DATA",
    "document": "GEN",
    "entry-dictionary": "DICT",
    "entry-encyclopedia": "ENCYC",
    "figure": "FIGURE",
    "hearing": "HEAR",
    "legal_case": "CASE",
    "manuscript": "MANSCPT",
    "map": "MAP",
    "motion_picture": "MPCT",
    "musical_score": "MUSIC",
    "pamphlet": "PAMP",
    "paper-conference": "CPAPER",
    "patent": "PAT",
    "personal_communication": "PCOMM",
    "post-weblog": "BLOG",
    "report": "RPRT",
    "review": "JOUR",
    "software": "COMP",
    "standard": "STAND",
    "thesis": "THES",
    "webpage": "ELEC",
}
_SHARED_TYPES = frozenset({"review"})  # these share a RIS type with another CSL type
_NAMES = {"author": "AU", "editor": "ED", "translator": "A4"}
_TAGS = {
    "title": "TI",
    "container-title": "T2",
    "collection-title": "T3",
    "original-title": "OP",
    "edition": "ET",
    "volume": "VL",
    "issue": "IS",
    "publisher": "PB",
    "publisher-place": "CY",
    "ISBN": "SN",
    "ISSN": "SN",
    "DOI": "DO",
    "URL": "UR",
    "abstract": "AB",
    "keyword": "KW",
    "language": "LA",
    "genre": "M3",
    "archive": "AV",
    "call-number": "CN",
    "id": "ID",
    "note": "N1",
}
_LINE_ENDS = re.compile(r"\s*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+\s*")


def format_ris(item: Item) -> str:
    """Format one record; every line ends with CR LF."""
    lines = [f"{tag}  - {_LINE_ENDS.sub(' ', value)}" for tag, value in _lines(item)]
    return "\r\n".join([*lines, "ER  - "]) + "\r\n"


def _lines(item: Item) -> Iterable[tuple[str, str]]:
    kind = str(item.get("type", ""))
    written = {"issued", "page", *_NAMES, *_TAGS}
    accessed = date_of(item, "accessed")
    if len(accessed.days) == 1 and not accessed.is_circa:
        written.add("accessed")
    if kind in _TYPES and kind not in _SHARED_TYPES:
        written.add("type")
    yield "TY", _TYPES.get(kind, "GEN")
    for variable, tag in _NAMES.items():
        for name in names_of(item, variable):
            yield tag, without_markup(format_name(name))
    for variable, tag in _TAGS.items():
        if item.get(variable) is not None:
            yield tag, _value(item, variable)
    yield from _dates(item)
    yield from _pages(item)
    if "accessed" in written:
        yield "Y2", _slashed(accessed.days[0])
    for variable, text in remaining(item, written):
        yield "N1", f"{variable}: {without_markup(text)}"


def _value(item: Item, variable: str) -> str:
    if variable in ("id", "URL", "DOI"):
        return address_of(item[variable]) if variable != "id" else text_of(item[variable])
    is_verbatim = variable == "note" and verbatim_citation(item) is not None
    return text_of(item[variable]) if is_verbatim else plain_text(item[variable])


def _dates(item: Item) -> Iterable[tuple[str, str]]:
    """Yield `PY` (year) and `DA` (year/month/day/other); any other date becomes a note."""
    issued = date_of(item, "issued")
    has_tag = issued.year is not None and not issued.is_before_christ
    if issued.year is not None and has_tag:
        yield "PY", issued.year
    if len(issued.days) == 1 and len(issued.days[0]) > 1 and has_tag:
        yield "DA", _slashed(issued.days[0])
    needs_note = issued.is_circa or issued.season or issued.text or len(issued.days) > 1
    needs_note = needs_note or issued.is_before_christ  # PY would be read as a year after Christ
    if needs_note and str(issued):
        extra = f" ({issued.text})" if issued.text and issued.year else ""
        yield "N1", f"issued: {issued}{extra}"


def _slashed(day: tuple[int, ...]) -> str:
    """Format a day as `year/month/day/other`, with the parts that are known."""
    year, *rest = day
    parts = [f"{year:04d}", *(f"{number:02d}" for number in rest), "", "", ""]
    return "/".join(parts[:4])


def _pages(item: Item) -> Iterable[tuple[str, str]]:
    first, last = page_range(item) or (None, None)
    if first is not None:
        yield "SP", first
    if last is not None:
        yield "EP", last
