"""How a word is capitalised, and the spellings in which a list can have it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from enum import Enum
from itertools import islice

_MAX_SHARP_S = 8  # spellings of a word with `SS`: three pairs are rare


class Capitals(Enum):
    """How a word is capitalised."""

    NONE = "no capital"
    FIRST = "only the first letter"
    ALL = "all letters"
    MIXED = "others"


def plain_form(word: str) -> str:
    """Return a word, or many, as they are compared: composed (NFC), with the straight apostrophe."""
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", word.replace("\u2019", "'").replace("\u02bc", "'"))


def capitals_of(word: str) -> Capitals:
    """Return how a word is capitalised; signs without case count as either."""
    if word.islower() or word.lower() == word:
        return Capitals.NONE
    if word[0].lower() != word[0] and word[1:].lower() == word[1:]:
        return Capitals.FIRST
    return Capitals.ALL if word.upper() == word else Capitals.MIXED


def capitalised(word: str) -> str:
    """Return a word in lower case with its first letter as a capital."""
    return word[:1].upper() + word[1:].lower()


def spellings(word: str) -> Iterator[str]:
    """Yield the spellings under which a plain list can have a word of a text, the likeliest first.

    At the beginning of a sentence a word has a capital, in a heading all are capitals: `ÉTÉ` is `été`, and
    `JEAN-PAUL` is `Jean-Paul`. A capital in the list is never dropped: `paris` is not `Paris`.
    """
    yield word
    capitals = capitals_of(word)
    if capitals is Capitals.FIRST or capitals is Capitals.ALL:
        lower = word.lower().replace("i\u0307", "i")  # from İ, the Turkish capital
        yield lower
        if capitals is Capitals.ALL:
            yield capitalised(word)
            yield word.title()
            yield from sharp_spellings(lower)


def sharp_spellings(lower: str) -> Iterator[str]:
    """Yield the spellings with ß that a word has in capitals as `SS`: `GROSSE` is `große`."""
    return islice(_with_sharp_s(lower, 0), _MAX_SHARP_S)


def _with_sharp_s(word: str, start: int) -> Iterator[str]:
    at = word.find("ss", start)
    if at >= 0:
        sharp = f"{word[:at]}ß{word[at + 2 :]}"
        yield sharp
        yield from _with_sharp_s(sharp, at + 1)
        yield from _with_sharp_s(word, at + 1)
