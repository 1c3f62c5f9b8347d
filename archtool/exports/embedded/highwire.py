"""Formats an entry as the tags of Highwire Press, which Google Scholar and reference managers read.

Source: Google Scholar, Inclusion Guidelines for Webmasters (Indexing).
"""

from __future__ import annotations

from collections.abc import Iterator

from archtool.description.citing.model import PERIODICALS, Entry, Item
from archtool.exports.citations.csl import date_of, format_name, names_of, page_range, plain_text
from archtool.exports.citations.markup import without_markup
from archtool.exports.embedded.item_types import BOOK_PARTS
from archtool.exports.embedded.tag import Tag

_TAGS = (
    ("volume", "volume"), ("issue", "issue"), ("publisher", "publisher"), ("ISBN", "isbn"), ("ISSN", "issn"),
    ("collection-title", "series_title"), ("language", "language"), ("abstract", "abstract"),
)  # fmt: skip


def highwire_tags(entry: Entry, address: str | None = None) -> Iterator[Tag]:
    """Yield the tags of the document that an entry cites; `address` is that of its page on the web."""
    item = entry.item
    language = str(item["language"]) if item.get("language") else None
    yield Tag("citation_title", plain_text(item.get("title", "")), language)
    for name in names_of(item, "author"):
        yield Tag("citation_author", without_markup(format_name(name)))
    if date := published(item):
        yield Tag("citation_publication_date", date)
    yield from _container(item)
    for variable, tag in _TAGS:
        if item.get(variable):
            yield Tag(f"citation_{tag}", plain_text(item[variable]))
    yield from _pages(item)
    if item.get("genre"):
        yield Tag("citation_keywords", plain_text(item["genre"]))
    if address is not None:
        yield Tag("citation_public_url", address)


def published(item: Item) -> str:
    """Return when the item was published as `2013/05/17`; else the date of the document itself.

    Of a span of time it is the beginning: the tag has no form for two dates.
    """
    for variable in ("issued", "original-date"):
        date = date_of(item, variable)
        if date.days and not date.is_before_christ:
            year, *rest = date.days[0]
            return "/".join([f"{year:04d}", *(f"{number:02d}" for number in rest)])
        if str(date):
            return str(date)
    return ""


def _container(item: Item) -> Iterator[Tag]:
    kind, title = item.get("type"), plain_text(item.get("container-title", ""))
    if title and kind in PERIODICALS:
        yield Tag("citation_journal_title", title)
    elif title and kind in BOOK_PARTS:
        yield Tag("citation_book_title", title)
    elif kind == "thesis" and item.get("publisher"):
        yield Tag("citation_dissertation_institution", plain_text(item["publisher"]))
    elif kind == "report" and item.get("publisher"):
        yield Tag("citation_technical_report_institution", plain_text(item["publisher"]))


def _pages(item: Item) -> Iterator[Tag]:
    pages = page_range(item)
    if pages is not None:
        yield Tag("citation_firstpage", pages[0])
        if pages[1] is not None:
            yield Tag("citation_lastpage", pages[1])
