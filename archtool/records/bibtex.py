r"""Reads BibTeX and BibLaTeX with bibtexparser: every entry, and what is no entry.

bibtexparser 2 keeps what it cannot parse, with its line, where version 1 drops it; pybtex stops at the first
fault. Values are converted from LaTeX with pylatexenc, on which bibtexparser depends.

Sources: Patashnik, BibTeXing (1988); the BibLaTeX manual 3.20, §2 (database guide).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock
from pylatexenc.latex2text import LatexNodes2Text

from archtool.records.csl_values import csl_date, month_number, page_range, written_name
from archtool.records.limits import MAX_VALUE_CHARACTERS
from archtool.records.model import About, Leftover, Record, RecordFile

FORM = "BibTeX"
_TYPES = {
    "article": "article-journal", "book": "book", "mvbook": "book", "inbook": "chapter",
    "incollection": "chapter", "suppbook": "chapter", "bookinbook": "chapter",
    "inproceedings": "paper-conference", "conference": "paper-conference", "mastersthesis": "thesis",
    "phdthesis": "thesis", "thesis": "thesis", "techreport": "report", "report": "report",
    "unpublished": "manuscript", "online": "webpage", "electronic": "webpage", "www": "webpage",
    "booklet": "pamphlet", "manual": "book", "proceedings": "book", "collection": "book",
    "mvcollection": "book", "periodical": "periodical", "letter": "personal_communication",
    "inreference": "entry", "reference": "book", "newspaper": "article-newspaper",
}  # fmt: skip
_TEXTS = {
    "booktitle": "container-title", "journal": "container-title", "journaltitle": "container-title",
    "publisher": "publisher", "school": "publisher", "institution": "publisher",
    "organization": "publisher", "address": "publisher-place", "location": "publisher-place",
    "volume": "volume", "volumes": "number-of-volumes", "series": "collection-title",
    "edition": "edition", "isbn": "ISBN", "issn": "ISSN", "doi": "DOI", "url": "URL", "note": "note",
    "chapter": "chapter-number", "language": "language", "langid": "language", "keywords": "keyword",
    "shorttitle": "title-short", "eventtitle": "event-title", "pagetotal": "number-of-pages",
    "library": "archive", "type": "genre", "origtitle": "original-title",
    "origpublisher": "original-publisher", "origlocation": "original-publisher-place", "issue": "issue",
}  # fmt: skip
_NAMES = {
    "author": "author", "editor": "editor", "translator": "translator",
    "bookauthor": "container-author", "commentator": "contributor",
}  # fmt: skip
_DATES = {"date": "issued", "urldate": "accessed", "origdate": "original-date", "eventdate": "event-date"}
_VERBATIM = frozenset(["url", "doi", "file", "isbn", "issn"])
_INHERITED_TITLE = "booktitle"
_COMMENT_OF_PROGRAM = re.compile(r"\s*jabref", re.IGNORECASE)
_MAX_DEPTH = 30  # of braces in a value: pylatexenc is recursive, and names and titles have two or three
_MAX_RAW_CHARACTERS = 2_000
_LATEX = re.compile(r"[\\{}$~]|--|``|''")


class _Converter(LatexNodes2Text):  # type: ignore[misc]  # the library has no types
    """Converts LaTeX to text; a command without its arguments stays as it is written."""

    def apply_simplify_repl(self, node: Any, simplify_repl: Any, what: Any) -> Any:
        """Return the text of a command; the library returns its own pattern if there are no arguments."""
        text = super().apply_simplify_repl(node, simplify_repl, what)
        return node.latex_verbatim() if text == simplify_repl and "%s" in text else text


_converter = _Converter(math_mode="verbatim", strict_latex_spaces=False)


def read_bibtex(text: str) -> RecordFile:
    """Return the records of a BibTeX file; entries that cannot be parsed are left over, with their lines."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # the libraries log each fault, and what is left over reports it
    try:
        return _read(text)
    finally:
        logging.disable(before)


def _read(text: str) -> RecordFile:
    library = parse_string(text)
    entries = {entry.key.lower(): entry for entry in library.entries}
    records: list[Record] = []
    leftovers: list[Leftover] = []
    for block in library.blocks:
        if isinstance(block, Entry):
            records.append(_record(block, entries))
        elif isinstance(block, DuplicateBlockKeyBlock) and isinstance(block.ignore_error_block, Entry):
            records.append(_record(_bare(block.ignore_error_block), entries))
        elif isinstance(block, DuplicateFieldKeyBlock) and isinstance(block.ignore_error_block, Entry):
            records.append(_record(_bare(block.ignore_error_block), entries, block.raw or ""))
        else:
            leftovers += _leftover(block)
    return RecordFile(FORM, records, leftovers)


def _bare(entry: Entry) -> Entry:
    """Return an entry that bibtexparser did not complete, without the braces or quotes around its values."""
    for field in entry.fields:
        value = str(field.value).strip()
        if value[:1] + value[-1:] in ("{}", '""') and len(value) > 1:
            field.value = value[1:-1]
    return entry


def _leftover(block: Any) -> Iterator[Leftover]:
    raw = (block.raw or "").strip()
    line = None if block.start_line is None else block.start_line + 1
    if isinstance(block, ParsingFailedBlock):
        yield Leftover("an entry that is not BibTeX", raw[:_MAX_RAW_CHARACTERS], line)
    elif type(block).__name__ == "Preamble":
        yield Leftover("@preamble", raw[:_MAX_RAW_CHARACTERS], line)
    elif type(block).__name__ in ("ExplicitComment", "ImplicitComment") and raw:
        yield Leftover("text that is no entry", raw[:_MAX_RAW_CHARACTERS], line)


def _record(entry: Entry, entries: Mapping[str, Entry], raw: str = "") -> Record:
    fields = {field.key.lower(): field for field in entry.fields}
    line = None if entry.start_line is None else entry.start_line + 1
    leftovers = [Leftover("a field twice", raw[:_MAX_RAW_CHARACTERS], line)] if raw else []
    values = {key: str(field.value) for key, field in fields.items()}
    parent = entries.get(values.get("crossref", "").strip().lower())
    values |= _inherited(values, parent) if parent is not None else {}
    kind = entry.entry_type.lower()
    item: dict[str, Any] = {"id": entry.key.strip()} if entry.key.strip() else {}
    item["type"] = _TYPES.get(kind, "document")
    used = _fill(item, values, kind) | ({"crossref"} if parent is not None else set())
    for key, value in values.items():
        if key not in used and value.strip():
            number = fields[key].start_line + 1 if key in fields else None
            leftovers.append(Leftover(key, _plain(key, value), number))
    if kind not in _TYPES and kind != "misc":
        leftovers.append(Leftover("type", kind, line))
    about = About(
        title=item.get("title", ""),
        creators=[(written_name(name), "author") for name in item.get("author", ())],
        language=item.get("language", ""),
        translators=[written_name(name) for name in item.get("translator", ())],
        abstract=_plain("abstract", values.get("abstract", "")),
    )
    return Record(item, about, leftovers, line)


def _inherited(values: Mapping[str, str], parent: Entry) -> dict[str, str]:
    """Return the fields that an entry has from the one that it names by `crossref`."""
    above = {field.key.lower(): str(field.value) for field in parent.fields}
    if "title" in above:
        above.setdefault(_INHERITED_TITLE, above.pop("title"))
    above.pop("crossref", None)
    return {key: value for key, value in above.items() if key not in values}


def _fill(item: dict[str, Any], values: Mapping[str, str], kind: str) -> set[str]:
    """Fill an item; return the fields that were used."""
    used = {"abstract"}
    titles = [_plain("title", values[key]) for key in ("title", "subtitle") if values.get(key)]
    if titles:
        item["title"] = ": ".join(titles)
        used |= {"title", "subtitle"}
    for key, variable in _NAMES.items():
        if names := _names(values.get(key, "")):
            item[variable] = names
            used.add(key)
    for key, variable in _TEXTS.items():
        if values.get(key, "").strip() and variable not in item:
            item[variable] = _plain(key, values[key])
            used.add(key)
    if values.get("pages", "").strip():
        item["page"] = page_range(_plain("pages", values["pages"]))
        used.add("pages")
    if values.get("number", "").strip():
        item.setdefault(_number_variable(values, kind), _plain("number", values["number"]))
        used.add("number")
    return used | _fill_dates(item, values)


def _number_variable(values: Mapping[str, str], kind: str) -> str:
    """Return what the number of an entry counts: issues of a periodical, volumes of a series, or reports."""
    if kind in ("article", "periodical"):
        return "issue"
    return "collection-number" if "series" in values else "number"


def _fill_dates(item: dict[str, Any], values: Mapping[str, str]) -> set[str]:
    used = set()
    for key, variable in _DATES.items():
        if values.get(key, "").strip():
            item[variable] = csl_date(_plain(key, values[key]))
            used.add(key)
    year = _plain("year", values.get("year", ""))
    if "issued" not in item and year:
        month, day = month_number(values.get("month", "")), values.get("day", "").strip()
        parts = [
            year,
            *([f"{month:02}"] if month else []),
            *([day.zfill(2)] if month and day.isdecimal() else []),
        ]
        item["issued"] = csl_date("-".join(parts) if year.isdecimal() else year)
        used |= {"year", *(["month"] if month else []), *(["day"] if len(parts) == 3 else [])}
    return used


def _names(value: str) -> list[dict[str, str]]:
    if not value.strip():
        return []
    return [_name(one) for one in split_multiple_persons_names(value) if one.strip()]


def _name(text: str) -> dict[str, str]:
    bare = text.strip()
    if bare.startswith("{") and bare.endswith("}"):
        return {"literal": _plain("author", bare)}
    try:
        parts = parse_single_name_into_parts(bare, strict=False)
    except ValueError:
        return {"literal": _plain("author", bare)}
    named = {
        "family": parts.last, "given": parts.first, "non-dropping-particle": parts.von, "suffix": parts.jr,
    }  # fmt: skip
    name = {key: _plain("author", " ".join(words)) for key, words in named.items() if words}
    return name if name.get("family") and name.get("given") else {"literal": _plain("author", bare)}


def _plain(key: str, value: str) -> str:
    """Return a value without LaTeX."""
    text = " ".join(value.split())
    if key in _VERBATIM or len(text) > MAX_VALUE_CHARACTERS or not _LATEX.search(text):
        return text
    if _depth(text) > _MAX_DEPTH:
        return text
    # an unescaped % would begin a comment, and the rest of the value would be lost
    converted = _converter.latex_to_text(re.sub(r"(?<!\\)%", r"\\%", text))
    return " ".join(converted.split())


def _depth(text: str) -> int:
    """Return how deeply braces are nested."""
    depth = deepest = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
    return deepest
