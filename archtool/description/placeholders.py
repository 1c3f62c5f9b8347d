"""Defines the placeholders in capitals that `archtool new` writes, and finds those that were not filled in.

A package is signed and kept for ever, so a placeholder must never be accepted as the title of a document.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archtool.schemas import SchemaPath

TITLE = "TITLE OF THE DOCUMENT"
ANNEXE_TITLE = "TITLE OF THE ANNEXE"
FOUND_ANNEXE_TITLE = "TITLE OF THIS ANNEXE"
ENCLOSURE_TITLE = "TITLE OF THE ENCLOSURE"
SOURCE = "AUTHOR, TITLE, PLACE, PUBLISHER, YEAR, PAGES."
CREDIT = "CREDIT LINE VERBATIM"
NAME = "NAME"
NOTE = "WHY"
KEY = "KEY"
EVENT = "WHAT HAPPENED"
TEXT_FILE = "NAME OF THE TEXT FILE.txt"

_ANYWHERE = frozenset((TITLE, ANNEXE_TITLE, FOUND_ANNEXE_TITLE, ENCLOSURE_TITLE, CREDIT, EVENT, TEXT_FILE))
# single words, which can be real text in other places
_UNDER_A_KEY = {"name": NAME, "by": NAME, "to": NAME, "note": NOTE, "cite": KEY, "title": "TITLE"}
_SOURCE_WORDS = frozenset(word.strip(" .") for word in SOURCE.split(","))


def find_placeholders(values: Any, path: SchemaPath = ()) -> Iterator[tuple[SchemaPath, str]]:
    """Yield each placeholder that is left in a description, with its path."""
    if isinstance(values, dict):
        for key, value in values.items():
            yield from find_placeholders(value, (*path, key))
    elif isinstance(values, list):
        for number, value in enumerate(values):
            yield from find_placeholders(value, (*path, number))
    elif isinstance(values, str) and values.isascii():
        word = _placeholder_in(values.strip(), path)
        if word is not None:
            yield path, word


def _placeholder_in(text: str, path: SchemaPath) -> str | None:
    if text in _ANYWHERE:
        return text
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    if _UNDER_A_KEY.get(key) == text:
        return text
    if path == ("source",):  # some words of this line can be filled in, and others not
        parts = (part.strip(" .") for part in text.split(","))
        return next((part for part in parts if part in _SOURCE_WORDS), None)
    return None
