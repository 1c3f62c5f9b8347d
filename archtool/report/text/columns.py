"""Measures, cuts and pads texts by the columns that they take on a terminal.

Chinese, Japanese and Korean characters take two columns, combining marks none.

Source: Unicode Standard Annex #11 (East Asian Width).
"""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "…"
_WIDE = frozenset("WF")
# all that is not Latin, Greek, Cyrillic, Armenian or common punctuation of one column
_UNUSUAL = re.compile("[\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u2012\u2027-\U0010ffff]")
_NO_WIDTH = frozenset(("Mn", "Me", "Cf"))


def text_width(text: str) -> int:
    """Return the number of columns that a text of one line takes."""
    return len(text) if _UNUSUAL.search(text) is None else sum(map(_width, text))


def _width(char: str) -> int:
    if unicodedata.category(char) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(char) in _WIDE else 1


def cut_end(text: str, width: int) -> str:
    """Shorten a text to a width, with an ellipsis at its end; between words, where one ends near there."""
    if text_width(text) <= width:
        return text
    return _whole_words(_first_columns(text, width - 1)).rstrip() + ELLIPSIS


def cut_start(text: str, width: int) -> str:
    """Shorten a text to its last words, with an ellipsis at its beginning."""
    if text_width(text) <= width:
        return text
    last = _first_columns(_reversed(text), width - 1)
    return ELLIPSIS + _reversed(_whole_words(last)).lstrip()


def fit(text: str, width: int) -> str:
    """Return a text, or its beginning and an ellipsis if it is wider; nothing if there is no room."""
    if text_width(text) <= width:
        return text
    return _first_columns(text, width - 1).rstrip("\0").rstrip() + ELLIPSIS if width > 1 else ""


def _reversed(text: str) -> str:
    """Return the characters in reverse order, each still followed by its combining marks."""
    parts: list[str] = []
    for char in text:
        if parts and unicodedata.combining(char):
            parts[-1] += char
        else:
            parts.append(char)
    return "".join(reversed(parts))


def _first_columns(text: str, width: int) -> str:
    taken = 0
    for at, char in enumerate(text):
        taken += _width(char)
        if taken > width:
            return text[:at] + ("\0" if char != " " else "")
    return text


def _whole_words(text: str) -> str:
    """Remove the beginning of a word at the end (marked by NUL), unless it takes half of the text."""
    if not text.endswith("\0"):
        return text
    text = text[:-1]
    words = text.rpartition(" ")[0]
    return words if len(words) * 2 > len(text) else text


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Fill a text with spaces to a width; with `right` it stands at the right."""
    blanks = " " * max(0, width - text_width(text))
    return blanks + text if right else text + blanks
