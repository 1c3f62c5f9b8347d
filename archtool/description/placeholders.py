"""Defines the words in capitals that `archtool new` writes, and finds those that are left.

A package is signed and kept for ever, so a placeholder must never be accepted as the title of a document, nor
a value that others wrote and that is not confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archtool.description import finding_kinds
from archtool.description.bag_info import KEY as BAG_INFO_KEY
from archtool.findings import Finding, clip
from archtool.printable import show_steering
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
VALUE = "VALUE"
"""Of a label of bag-info.txt, in the hints about a profile."""
TEXT_FILE = "NAME OF THE TEXT FILE.txt"
UNCONFIRMED = "CONFIRM:"
"""The mark before a value that others wrote, until a person confirms it."""
_MAX_SHOWN_CHARACTERS = 60

_ANYWHERE = frozenset((TITLE, ANNEXE_TITLE, FOUND_ANNEXE_TITLE, ENCLOSURE_TITLE, CREDIT, EVENT, TEXT_FILE))
# single words, which can be real text in other places
_UNDER_A_KEY = {"name": NAME, "by": NAME, "to": NAME, "note": NOTE, "cite": KEY, "title": "TITLE"}
_SOURCE_WORDS = frozenset(word.strip(" .") for word in SOURCE.split(","))


def check_placeholders(values: Any, path: SchemaPath = ()) -> Iterator[tuple[SchemaPath, Finding]]:
    """Yield a finding for each word that is left in a description, with the path of its value."""
    if isinstance(values, dict):
        for key, value in values.items():
            yield from check_placeholders(value, (*path, key))
    elif isinstance(values, list):
        for number, value in enumerate(values):
            yield from check_placeholders(value, (*path, number))
    elif isinstance(values, str):
        finding = _finding_in(values.strip(), path)
        if finding is not None:
            yield path, finding


def _finding_in(text: str, path: SchemaPath) -> Finding | None:
    if text.startswith(UNCONFIRMED):
        shortened = show_steering(clip(" ".join(text.split()), _MAX_SHOWN_CHARACTERS))
        return finding_kinds.UNCONFIRMED.at(f"`{shortened}`: this value was not confirmed")
    word = _placeholder_in(text, path) if text.isascii() else None
    if word is None:
        return None
    return finding_kinds.PLACEHOLDER.at(f"`{word}` is a placeholder that was not filled in")


def _placeholder_in(text: str, path: SchemaPath) -> str | None:
    if text in _ANYWHERE:
        return text
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    if _UNDER_A_KEY.get(key) == text or (text == VALUE and path[:1] == (BAG_INFO_KEY,)):
        return text
    if path == ("source",):  # some words of this line can be filled in, and others not
        parts = (part.strip(" .") for part in text.split(","))
        return next((part for part in parts if part in _SOURCE_WORDS), None)
    return None
