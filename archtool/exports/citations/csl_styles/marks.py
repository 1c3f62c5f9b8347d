"""Marks in the texts that are given to citeproc-py, which show where they are in its result.

citeproc-py prints some texts twice and leaves others out, and has no place for an attribution or a credit.
Marks around the title and after each author show the places, without any guess from the words.
The marks are noncharacters of Unicode, which no text is meant to contain; any in the texts are removed first.
"""

from __future__ import annotations

import re

TITLE_BEGIN, TITLE_END = "\ufdd0", "\ufdd1"
DATE_BEGIN, DATE_END = "\ufdd2", "\ufdd3"
PAGES = "\ufdd5"
NO_AUTHOR = "\ufdd4"
_TENS = "".join(chr(code) for code in range(0xFDD8, 0xFDE4))
_ONES = "".join(chr(code) for code in range(0xFDE4, 0xFDF0))
MAX_MARKED_AUTHORS = len(_TENS) * len(_ONES)  # the attributions of any others are not shown
_ALL = re.compile("[\ufdd0-\ufdef]")
_BEFORE, _AFTER = '(?:[“‘«„"][ \u00a0\u202f]?)?', '(?:[ \u00a0\u202f]?[”’»“"])?'


def author_mark(number: int) -> str:
    """Return the mark of an author, counted from 0; empty beyond the last mark."""
    if number >= MAX_MARKED_AUTHORS:
        return ""
    tens, ones = divmod(number, len(_ONES))
    return _TENS[tens] + _ONES[ones]


def without_marks(text: str) -> str:
    """Remove all marks."""
    return _ALL.sub("", text)


def without_author(text: str) -> str:
    """Remove the place of an author whom the document does not have."""
    return re.sub(f"{NO_AUTHOR}[.,:]? ?", "", text)


def keep_first(text: str, begin: str, end: str) -> str:
    """Keep the first of several equal marked texts, and remove the others with their quotes and full stop."""
    marked = re.compile(f"{_BEFORE}{begin}([^{begin}{end}]*){end}{_AFTER}[.,]? ?")
    first = marked.search(text)
    if first is None:
        return text
    kept = first[1].casefold()  # styles change the case of titles
    rest = marked.sub(lambda found: found[0] if found[1].casefold() != kept else "", text[first.end() :])
    return text[: first.end()] + rest


def insert_after_title(text: str, addition: str) -> str:
    """Insert a text after the title and its closing quote; at the end if the style has left the title out."""
    found = re.search(f"{TITLE_END}{_AFTER}(?=[.,:;?! ]|$)", text)
    at = found.end() if found is not None else len(text)
    return text[:at] + addition + text[at:]


def insert_after_author(text: str, number: int, name: dict[str, str], addition: str) -> str:
    """Insert a text after an author, wherever the style has put the given name."""
    mark = author_mark(number)
    if not mark or mark not in text:
        return text
    family_end = text.index(mark) + len(mark)
    given = _given_pattern(name.get("given", ""), name.get("suffix", ""))
    found = re.compile(given).match(text, family_end) if given else None
    at = found.end() if found is not None else family_end
    return text[:at] + addition + text[at:]


def _given_pattern(given: str, suffix: str) -> str:
    """Return a pattern for a given name, or its initials, after the family name."""
    words = given.split()
    if not words:
        return ""
    initials = "[ \u00a0-]?".join(f"{re.escape(word[0])}\\.?" for word in words)
    after = f"(?:, {re.escape(suffix)})?" if suffix else ""
    return f",?[ \u00a0](?:{re.escape(given)}|{initials}){after}"
