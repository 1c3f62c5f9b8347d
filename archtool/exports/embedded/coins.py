"""Formats an entry as COinS, the invisible citation in a list from which a reference manager takes many.

Source: ANSI/NISO Z39.88-2004 (OpenURL), the matrices `book`, `journal` and `dc` in key/encoded-value form.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from archtool.description.citing.model import PERIODICALS, Entry, Item
from archtool.exports.citations.csl import (
    family_name,
    given_name,
    name_in_order,
    names_of,
    page_range,
    plain_text,
)
from archtool.exports.embedded.highwire import published
from archtool.exports.embedded.item_types import BOOK_PARTS, zotero_type

_FORMAT = "info:ofi/fmt:kev:mtx:"
_ARTICLE = (("jtitle", "container-title"), ("volume", "volume"), ("issue", "issue"), ("issn", "ISSN"))
_BOOK = (("pub", "publisher"), ("place", "publisher-place"), ("isbn", "ISBN"), ("series", "collection-title"))


def format_coins(entry: Entry) -> str:
    """Return the value of the `title` attribute, not escaped yet."""
    item = entry.item
    fields = [("url_ver", "Z39.88-2004"), ("ctx_ver", "Z39.88-2004"), *_matrix(item), *_authors(item)]
    fields += [
        ("rft.date", published(item).replace("/", "-")),
        ("rft.language", plain_text(item.get("language", ""))),
    ]
    if pages := page_range(item):
        fields += [
            ("rft.spage", pages[0]),
            ("rft.epage", pages[1] or ""),
            ("rft.pages", plain_text(item["page"])),
        ]
    return urlencode([(name, value) for name, value in fields if value])


def _matrix(item: Item) -> Iterator[tuple[str, str]]:
    kind, title = item.get("type"), plain_text(item.get("title", ""))
    if kind in PERIODICALS:
        yield from (("rft_val_fmt", f"{_FORMAT}journal"), ("rft.genre", "article"), ("rft.atitle", title))
        yield from _values(item, _ARTICLE)
    elif kind in BOOK_PARTS:
        yield from (("rft_val_fmt", f"{_FORMAT}book"), ("rft.genre", "bookitem"), ("rft.atitle", title))
        yield from _values(item, (("btitle", "container-title"), *_BOOK))
    elif kind == "book":
        yield from (("rft_val_fmt", f"{_FORMAT}book"), ("rft.genre", "book"), ("rft.btitle", title))
        yield from _values(item, _BOOK)
    else:
        yield from (("rft_val_fmt", f"{_FORMAT}dc"), ("rft.type", zotero_type(item)), ("rft.title", title))
        yield from _values(item, (("publisher", "publisher"), ("source", "archive")))


def _values(item: Item, names: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    for name, variable in names:
        yield f"rft.{name}", plain_text(item.get(variable, ""))


def _authors(item: Item) -> Iterator[tuple[str, str]]:
    names = names_of(item, "author")
    if names and names[0].get("family"):
        yield "rft.aulast", family_name(names[0])
        yield "rft.aufirst", given_name(names[0])
    for name in names[1:] if names and names[0].get("family") else names:
        yield "rft.au", name_in_order(name)
