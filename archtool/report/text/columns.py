"""The columns of a terminal: how many a text takes, and texts that fill or fit a number of them.

A Chinese or Japanese character takes two columns and a combining mark none; `len` counts both as one.
Source: Unicode Standard Annex 11 (East Asian Width).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import accumulate

_WIDE = ("W", "F")
_ON_ANOTHER = ("Mn", "Me")
_CUT = "…"


def columns_of(text: str) -> int:
    """Return how many columns a text takes."""
    return len(text) if text.isascii() else sum(_widths(text))


def pad(text: str, columns: int) -> str:
    """Add blanks after a text, up to a number of columns."""
    return text + " " * (columns - columns_of(text))


def fit(text: str, columns: int) -> str:
    """Return a text, or its beginning and `…` if it takes more columns; nothing if there is no room."""
    if columns_of(text) <= columns:
        return text
    room = columns - columns_of(_CUT)
    ends = accumulate(_widths(text))
    kept = next(number for number, end in enumerate(ends) if end > room)
    return text[:kept].rstrip() + _CUT if room > 0 else ""


def _widths(text: str) -> Iterator[int]:
    for character in text:
        if unicodedata.category(character) in _ON_ANOTHER:
            yield 0
        else:
            yield 2 if unicodedata.east_asian_width(character) in _WIDE else 1
