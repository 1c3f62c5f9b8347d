"""Reads RIS: lines of a tag of two characters, two blanks, a hyphen and a value.

rispy (0.10) gives no line numbers, and drops the second of two titles. The format is small, and whatever fits
no key must be reported with its line.

Source: Research Information Systems, RIS format specifications (2011), as Zotero and EndNote write it.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from archtool.records.csl_values import inverted_name, page_range, ris_date, written_name
from archtool.records.model import About, Leftover, Record, RecordFile

FORM = "RIS"
_LINE = re.compile(r"([A-Z][A-Z0-9])  ?-(?: (.*)|\s*)")
_LINE_END = re.compile(r"\r\n|\n|\r")  # as editors count lines: U+2028 and U+0085 can be inside of a value
_TYPES = {
    "BOOK": "book", "EBOOK": "book", "EDBOOK": "book", "CHAP": "chapter", "ECHAP": "chapter",
    "JOUR": "article-journal", "EJOUR": "article-journal", "MGZN": "article-magazine",
    "NEWS": "article-newspaper", "CONF": "paper-conference", "CPAPER": "paper-conference",
    "THES": "thesis", "RPRT": "report", "MANSCPT": "manuscript", "UNPB": "manuscript",
    "PCOMM": "personal_communication", "ELEC": "webpage", "WEB": "webpage", "BLOG": "post-weblog",
    "PAMP": "pamphlet", "ENCYC": "entry-encyclopedia", "DICT": "entry-dictionary", "MAP": "map",
    "SER": "book", "GOVDOC": "report", "HEAR": "hearing", "LEGAL": "legal_case", "STAT": "legislation",
    "FIGURE": "graphic", "ART": "graphic", "SOUND": "song", "VIDEO": "motion_picture",
}  # fmt: skip
_TEXTS = {
    "TI": "title", "T1": "title", "CT": "title", "T2": "container-title", "JO": "container-title",
    "JF": "container-title", "BT": "container-title", "JA": "container-title-short",
    "J2": "container-title-short", "T3": "collection-title", "PB": "publisher", "CY": "publisher-place",
    "PP": "publisher-place", "VL": "volume", "ET": "edition", "DO": "DOI", "UR": "URL", "N1": "note",
    "LA": "language", "CN": "call-number", "AV": "archive_location", "DB": "source", "DP": "source",
    "ST": "title-short", "NV": "number-of-volumes", "OP": "original-title", "M3": "genre",
    "SE": "section",
}  # fmt: skip
_NAMES = {
    "AU": "author", "A1": "author", "A2": "editor", "ED": "editor", "A3": "collection-editor",
    "A4": "translator", "TA": "translator",
}  # fmt: skip
_ARTICLES = ("article-journal", "article-magazine", "article-newspaper")


class _Value(NamedTuple):
    """A tag with its value, which can continue on further lines."""

    tag: str
    parts: list[str]
    line: int

    @property
    def text(self) -> str:
        """The whole value."""
        return " ".join(filter(None, self.parts))


def read_ris(text: str) -> RecordFile:
    """Return the records of a RIS file; what is outside of records is left over."""
    records: list[Record] = []
    leftovers: list[Leftover] = []
    values: list[_Value] = []
    for number, line in enumerate(_LINE_END.split(text), start=1):
        found = _LINE.fullmatch(line.rstrip())
        tag, value = (found[1], (found[2] or "").strip()) if found is not None else ("", line.strip())
        if tag == "TY" and values:  # the end of the record before is missing
            records.append(_record(values))
            values = []
        if tag == "ER":
            records += [_record(values)] if values else []
            values = []
        elif tag and (values or tag == "TY"):
            values.append(_Value(tag, [value], number))
        elif value and values:  # long values are broken into lines
            values[-1].parts.append(value)
        elif value:
            leftovers.append(Leftover("a line outside of a record", line.strip(), number))
    records += [_record(values)] if values else []
    return RecordFile(FORM, records, leftovers)


def _record(values: list[_Value]) -> Record:
    item: dict[str, Any] = {}
    leftovers: list[Leftover] = []
    keywords: list[str] = []
    abstract = ""
    for tag, text, line in ((one.tag, one.text, one.line) for one in values):
        if tag == "ID" and text:
            item = {"id": text, **item}
        elif tag == "TY":
            item["type"] = _TYPES.get(text.upper(), "document")
            if text.upper() not in _TYPES and text.upper() != "GEN":
                leftovers.append(Leftover("type", text, line))
        elif tag in ("AB", "N2") and not abstract:
            abstract = text
        elif tag == "KW":
            keywords += [text] if text else []
        elif text and not _place(item, tag, text):
            leftovers.append(Leftover(tag, text, line))
    if keywords:
        item["keyword"] = ", ".join(keywords)
    _join_pages(item)
    about = About(
        title=item.get("title", ""),
        creators=[(written_name(name), "author") for name in item.get("author", ())],
        language=item.get("language", ""),
        translators=[written_name(name) for name in item.get("translator", ())],
        abstract=abstract,
    )
    return Record(item, about, leftovers, values[0].line)


def _place(item: dict[str, Any], tag: str, text: str) -> bool:
    """Put a value into its variable; return whether there is one, and it is free."""
    if tag in _NAMES:
        item.setdefault(_NAMES[tag], []).append(inverted_name(text))
        return True
    variable, value = _variable(item, tag, text)
    if variable is None or (variable in item and item[variable] != value):
        return False
    item[variable] = value
    return True


def _variable(item: dict[str, Any], tag: str, text: str) -> tuple[str | None, Any]:
    if tag in ("PY", "Y1", "DA"):
        value = ris_date(text)
        if tag == "DA" and _is_more_exact(value, item.get("issued", {})):
            item.pop("issued")  # DA has the day where PY has the year
        return "issued", value
    if tag == "Y2":
        return "accessed", ris_date(text)
    if tag in ("SP", "EP"):
        return ("page" if tag == "SP" else "_end"), text
    if tag in ("IS", "M1"):
        return ("issue" if item.get("type") in _ARTICLES else "number"), text
    if tag == "SN":
        return ("ISSN" if item.get("type") in _ARTICLES else "ISBN"), text
    return _TEXTS.get(tag), text


def _is_more_exact(date: dict[str, Any], known: dict[str, Any]) -> bool:
    """Whether a date is a month or day in a year or month that is known already."""
    if len(date.get("date-parts", ())) != 1 or len(known.get("date-parts", ())) != 1:
        return False
    parts, known_parts = date["date-parts"][0], known["date-parts"][0]
    return len(parts) > len(known_parts) and bool(parts[: len(known_parts)] == known_parts)


def _join_pages(item: dict[str, Any]) -> None:
    end = item.pop("_end", "")
    pages = page_range(item.get("page", ""))
    if pages and end and end != pages and "-" not in pages:
        item["page"] = f"{pages}-{end}"
    elif pages or end:
        item["page"] = pages or end
