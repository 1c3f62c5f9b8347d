"""Measures, cuts and pads texts by the columns that they take on a terminal.

Chinese, Japanese and Korean characters and most emoji take two columns, combining marks none. A text is cut
only between what a reader sees as characters. The widths are those of wcwidth, which follows the terminals;
it is imported only for texts that need it.

Source: Unicode Standard Annexes #11 (East Asian Width) and #29 (text segmentation).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

ELLIPSIS = "…"
# all that is not Latin, Greek, Cyrillic, Armenian or common punctuation of one column
_UNUSUAL = re.compile("[\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u2012\u2027-\U0010ffff]")
_WITHOUT_BLANKS = re.compile("[\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")


def text_width(text: str) -> int:
    """Return the number of columns that a text of one line takes."""
    if _UNUSUAL.search(text) is None:
        return len(text)
    from wcwidth import wcswidth  # lazy: 27 ms, most texts have letters of one column only

    return max(wcswidth(text), 0)


def wrap_columns(text: str, width: int, first: str, others: str) -> list[str]:
    """Break a text into lines of a width, with an indent before the first and the others.

    No word is cut, except in Chinese and Japanese prose, which has no blanks between words.
    """
    if _UNUSUAL.search(text) is None:
        import textwrap  # lazy: 1 ms, not needed without findings

        return textwrap.wrap(
            text,
            width,
            initial_indent=first,
            subsequent_indent=others,
            break_long_words=False,
            break_on_hyphens=False,
        )
    from wcwidth import wrap  # lazy: 27 ms, most texts have letters of one column only

    is_prose = _WITHOUT_BLANKS.search(text) is not None and "/" not in text  # a path is copied, so never cut
    return wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=is_prose,
        break_on_hyphens=False,
    )


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
    return "".join(reversed([*_characters(text)]))


def _characters(text: str) -> Iterable[str]:
    """Return what a reader sees as characters: letters with their marks, flags, joined emoji."""
    if _UNUSUAL.search(text) is None:
        return text
    from wcwidth import iter_graphemes  # lazy: 27 ms, most texts have letters of one column only

    return iter_graphemes(text)


def _first_columns(text: str, width: int) -> str:
    taken, at = 0, 0
    for character in _characters(text):
        taken += text_width(character)
        if taken > width:
            return text[:at] + ("\0" if character != " " else "")
        at += len(character)
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
