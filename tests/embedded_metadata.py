"""Reads the head of a web page as Zotero's "Embedded Metadata" does: by its published rules, not by our code.

The rules: a tag of Highwire decides the type (a journal title makes an article, a book title a section of a
book), else the first DC.type that is a type of Zotero, else an article. Names, date, pages and container are
those of Highwire; what it lacks comes from Dublin Core. Several authors can be in one tag, divided by
semicolons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import html

_TYPES = frozenset(
    [
        "artwork",
        "book",
        "bookSection",
        "conferencePaper",
        "dictionaryEntry",
        "document",
        "encyclopediaArticle",
        "interview",
        "journalArticle",
        "letter",
        "magazineArticle",
        "manuscript",
        "map",
        "newspaperArticle",
        "presentation",
        "report",
        "thesis",
        "webpage",
    ]
)
_DECIDING = {
    "citation_journal_title": "journalArticle",
    "citation_technical_report_institution": "report",
    "citation_conference_title": "conferencePaper",
    "citation_book_title": "bookSection",
    "citation_inbook_title": "bookSection",
    "citation_dissertation_institution": "thesis",
}
_FIELDS = {
    "citation_title": "title", "citation_publication_date": "date", "citation_date": "date",
    "citation_journal_title": "publicationTitle", "citation_book_title": "bookTitle",
    "citation_volume": "volume", "citation_issue": "issue", "citation_series_title": "series",
    "citation_publisher": "publisher", "citation_isbn": "ISBN", "citation_abstract": "abstractNote",
    "citation_public_url": "url", "citation_language": "language",
}  # fmt: skip
_DUBLIN_CORE = {
    "title": "title", "date": "date", "language": "language", "rights": "rights", "publisher": "publisher",
}  # fmt: skip


@dataclass
class ReadItem:
    """What a reference manager would save of a page."""

    type: str
    creators: list[tuple[str, str]] = field(default_factory=list)
    """Family and given names."""
    fields: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    alternates: dict[str, str] = field(default_factory=dict)
    """The addresses of files in other forms, by their media types."""


def read_item(page: bytes) -> ReadItem:
    """Return the item of a page."""
    tree = html.fromstring(page)
    stated = [
        (str(meta.get("name") or meta.get("property") or ""), str(meta.get("content") or ""))
        for meta in tree.xpath("//head/meta")
    ]
    prefixes = _declared_prefixes(tree)
    core = [(_property(name, prefixes), content) for name, content in stated]
    item = ReadItem(_type_of(stated, core))
    for name, content in core:
        if name in _DUBLIN_CORE:
            item.fields.setdefault(_DUBLIN_CORE[name], content)
    for name, content in stated:
        if name in _FIELDS and content.strip():
            item.fields[_FIELDS[name]] = " ".join(content.split())
    authors = [
        a for name, content in stated if name == "citation_author" for a in re.split(r"\s*;\s*", content)
    ]
    item.creators = [_name(author) for author in authors or [c for name, c in core if name == "creator"]]
    item.tags = [content for name, content in stated if name == "citation_keywords"]
    pages = [content for name, content in stated if name in ("citation_firstpage", "citation_lastpage")]
    if pages:
        item.fields["pages"] = "-".join(pages)
    links = tree.xpath("//head/link[@rel='alternate']")
    item.alternates = {str(link.get("type")): str(link.get("href")) for link in links}
    return item


def _declared_prefixes(tree: html.HtmlElement) -> dict[str, str]:
    links = tree.xpath("//head/link[starts-with(@rel, 'schema.')]")
    return {str(link.get("rel"))[7:].lower(): str(link.get("href")) for link in links}


def _property(name: str, prefixes: dict[str, str]) -> str:
    prefix, _, rest = name.partition(".")
    declared = prefixes.get(prefix.lower(), "")
    return rest[:1].lower() + rest[1:] if declared.startswith("http://purl.org/dc/elements/1.1/") else ""


def _type_of(stated: list[tuple[str, str]], core: list[tuple[str, str]]) -> str:
    first = next((content for name, content in core if name == "type"), "")
    if first in _TYPES:
        return first
    return next((_DECIDING[name] for name, _ in stated if name in _DECIDING), "journalArticle")


def _name(text: str) -> tuple[str, str]:
    if "," in text:
        family, _, given = text.partition(",")
        return family.strip(), given.strip()
    given, _, family = text.strip().rpartition(" ")
    return family, given
