"""Compares two words letter by letter; a letter is a character with its combining marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from archtool.text.comparing.model import Letters

_SIMPLE = re.compile("[\x00-\u02ff\u0370-\u0482\u048a-\u0590\u1e00-\u20cf]*")
"""Letters of Latin, Greek, Cyrillic and Armenian without separate marks, and punctuation."""


def clusters_of(text: str) -> Sequence[str]:
    """Return the letters of a text, each with its marks (`х` with a combining acute is one)."""
    if _SIMPLE.fullmatch(text) is not None:
        return text
    parts: list[str] = []
    for char in text:
        if parts and unicodedata.category(char)[0] == "M":
            parts[-1] += char
        else:
            parts.append(char)
    return parts


def letter_differences(one: str, other: str) -> tuple[Letters, ...]:
    """Return the parts of two words that are the same and that differ, in order."""
    first, second = clusters_of(one), clusters_of(other)
    parts: list[Letters] = []
    for code in Levenshtein.opcodes(first, second):
        texts = first[code.src_start : code.src_end], second[code.dest_start : code.dest_end]
        part = Letters(*map("".join, texts))
        if parts and parts[-1].is_same is part.is_same:
            part = Letters(parts[-1].one + part.one, parts[-1].other + part.other)
            del parts[-1]
        parts.append(part)
    return tuple(parts)


@lru_cache(maxsize=1 << 16)
def likeness(one: str, other: str) -> float:
    """Return how like two words are, from 0 to 1; accents weigh less than the letters that carry them."""
    exact = Levenshtein.normalized_similarity(clusters_of(one), clusters_of(other))
    bare = Levenshtein.normalized_similarity(_without_marks(one), _without_marks(other))
    return max(exact, 0.9 * bare)


def _without_marks(text: str) -> str:
    if text.isascii():
        return text
    bare = (char for char in unicodedata.normalize("NFD", text) if unicodedata.category(char)[0] != "M")
    return "".join(bare) or text
