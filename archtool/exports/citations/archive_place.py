"""Formats where a document is kept: place, archive, fonds, file and folio."""

from __future__ import annotations

import re

from archtool.description.citing.model import ARCHIVE_VARIABLES, Item
from archtool.exports.citations.csl import plain_text
from archtool.exports.citations.words import Words

_KEPT_TYPES = frozenset(("manuscript", "personal_communication", "graphic", "map"))
_HAS_LABEL = re.compile(r"[^\W\d]{1,6}\.?\s|[^\W\d]+\.", re.UNICODE)
_FOLIO = re.compile(r"\d+\s*[rv]\b")


def is_kept(item: Item) -> bool:
    """Return whether an item is in an archive and not published."""
    return item.get("type") in _KEPT_TYPES and not item.get("container-title") and not item.get("publisher")


def archive_place(item: Item, words: Words, *, from_the_file: bool = False) -> str:
    """Return the parts on one line; `from_the_file` begins with the folio and ends with the town."""
    parts = [plain_text(item[variable]) for variable in ARCHIVE_VARIABLES if item.get(variable)]
    if item.get("page") is not None:
        parts.append(folio_or_page(plain_text(item["page"]), words))
    if from_the_file:
        parts = [*parts[2:], *reversed(parts[:2])] if item.get("archive-place") else parts
    return ", ".join(parts)


def folio_or_page(pages: str, words: Words) -> str:
    """Return pages with their label; `12r-13v` are folios, and `л. 5` has its label already."""
    if _HAS_LABEL.match(pages):
        return pages
    return f"{words.folio if _FOLIO.search(pages) else words.page} {pages}"
