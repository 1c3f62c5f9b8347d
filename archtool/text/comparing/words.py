"""Reads a text as words: what stands between blanks, and what of it is letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from archtool.text.comparing.limits import MAX_WORD_CHARS
from archtool.text.comparing.model import Word

_WORD = re.compile(rf"\S{{1,{MAX_WORD_CHARS}}}")
_DIVIDED = re.compile("(?<=[^\\W\\d_])[-\u00ad\u2010]$")  # a letter, then a hyphen at the end of a line
_LINE_END = re.compile(r"\r\n?|\n")


def read_words(text: str) -> list[Word]:
    """Return the words of a text, composed (NFC), with their places."""
    lines = _LINE_END.split(unicodedata.normalize("NFC", text.removeprefix("\ufeff")))
    return [
        Word(found[0], number, found.start() + 1)
        for number, line in enumerate(lines, start=1)
        for found in _WORD.finditer(line)
    ]


def count_words(text: str) -> int:
    """Return how many words `read_words` finds, without making them."""
    return sum(1 for _ in _WORD.finditer(text))


@lru_cache(maxsize=1 << 17)
def letters_of(text: str) -> str:
    """Return the letters and digits of a word, with their marks; the whole word if it has none."""
    if text.isalnum():
        return text
    letters = "".join(char for char in text if char.isalnum() or unicodedata.category(char)[0] == "M")
    return letters or text


@lru_cache(maxsize=1 << 17)
def core_of(text: str) -> str:
    """Return what two words have in common that differ only in signs and capitals."""
    return letters_of(text).casefold()


def join_divided(words: Sequence[Word], other: Sequence[Word]) -> list[Word]:
    """Join words that were divided at a line's end, if the other text has them in one piece or divided.

    The hyphen stays if the other text has the word with it (`bolcheviks-léninistes`).
    """
    whole = {word.text for word in other}
    cores = {core_of(text) for text in whole}
    cores.update(core_of(first.text[:-1] + second.text) for first, second in _divided(other))
    return list(_joined(words, whole, cores))


def _joined(words: Sequence[Word], whole: Container[str], cores: Container[str]) -> Iterator[Word]:
    at = 0
    while at < len(words):
        word = words[at]
        if at + 1 < len(words) and _is_divided(word, words[at + 1]):
            rest = words[at + 1].text
            plain = word.text[:-1] + rest
            if core_of(plain) in cores:
                hyphened = word.text + rest
                yield word._replace(text=hyphened if hyphened in whole else plain)
                at += 2
                continue
        yield word
        at += 1


def _divided(words: Iterable[Word]) -> Iterator[tuple[Word, Word]]:
    return ((first, second) for first, second in pairwise(words) if _is_divided(first, second))


def _is_divided(first: Word, second: Word) -> bool:
    return first.line + 1 == second.line and _DIVIDED.search(first.text) is not None
