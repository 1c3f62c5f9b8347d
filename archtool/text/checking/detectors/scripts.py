"""Words with letters of two scripts.

A Latin `a` in a Russian word looks right, and a search does not find the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from archtool.text.checking.chunk import Chunk
from archtool.text.checking.tally import Tally
from archtool.text.words import WORD

_LATIN, _GREEK, _CYRILLIC = "a-zA-ZÀ-ÖØ-öø-ɏ", "\u0370-\u03ff", "\u0400-\u052f"
_SCRIPTS = {
    "Latin": re.compile(f"[{_LATIN}]"),
    "Greek": re.compile(f"[{_GREEK}]"),
    "Cyrillic": re.compile(f"[{_CYRILLIC}]"),
}
_RARE_SHARE = 0.05  # a letter that is so rare is found fastest; two frequent ones by their pair
_MICRO = "µμ"  # the sign is often written with the Greek letter: μm
_WORD_CHARACTERS = 60  # on each side of a change of script


class ScriptDetector:
    """Finds such words."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def check(self, chunk: Chunk) -> None:
        """Find the words of a chunk."""
        if not chunk.has_other_scripts:
            return
        classes = chunk.classes
        counts = {script: classes.count(script) for script in (b"L", b"G", b"C")}
        present = [script for script in counts if counts[script]]
        found: set[int] = set()
        for one, other in combinations(sorted(present, key=lambda script: counts[script]), 2):
            found.update(_changes(classes, one, other, is_rare=counts[one] < _RARE_SHARE * len(classes)))
        starts = sorted(found)
        end = 0
        for at in starts:
            if at < end:
                continue
            word = _word_around(chunk.text, at)
            if word is not None:
                end = word[1]
                if (variant := _scripts_of(chunk.text[word[0] : end])) is not None:
                    self._tally.add(chunk, *word, variant)


def _changes(classes: bytes, one: bytes, other: bytes, *, is_rare: bool) -> Iterator[int]:
    """Yield where a letter of one script is followed by a letter of another, or the other way round."""
    if is_rare:
        for found in re.finditer(one + b"(?:(?<=" + other + one + b")|(?=" + other + b"))", classes):
            at = found.start()
            if classes[at - 1 : at] == other:
                yield at - 1
            if classes[at + 1 : at + 2] == other:
                yield at
        return
    for pair in (one + other, other + one):
        at = classes.find(pair)
        while at >= 0:
            yield at
            at = classes.find(pair, at + 1)


def _word_around(text: str, at: int) -> tuple[int, int] | None:
    """Return the word that the characters at and after an index belong to; `None` if it ends between them."""
    left = max(0, at - _WORD_CHARACTERS)
    for word in WORD.finditer(text, left, at + _WORD_CHARACTERS):
        if word.start() <= at and word.end() > at + 1:
            return word.span()
        if word.start() > at:
            break
    return None


def _scripts_of(word: str) -> str | None:
    """Return the scripts of a word, the rarer first; `None` if it is one script, or a unit such as `μm`."""
    counts = {name: len(letters.findall(word)) for name, letters in _SCRIPTS.items()}
    present = sorted((name for name in counts if counts[name]), key=lambda name: counts[name])
    if len(present) < 2 or (word[0] in _MICRO and counts["Greek"] == 1):
        return None
    return f"{present[0]} letters in {present[-1]} words"
