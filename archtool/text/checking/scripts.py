"""Words with letters of two scripts: a Latin `a` in a Russian word looks right, and is not found by a search."""

from __future__ import annotations

import re

from archtool.text.checking.chunk import Chunk
from archtool.text.checking.tally import Tally
from archtool.text.words import WORD

_LATIN, _GREEK, _CYRILLIC = "a-zA-ZÀ-ÖØ-öø-ɏ", "\u0370-\u03ff", "\u0400-\u052f"
_SCRIPTS = {
    "Latin": re.compile(f"[{_LATIN}]"),
    "Greek": re.compile(f"[{_GREEK}]"),
    "Cyrillic": re.compile(f"[{_CYRILLIC}]"),
}
_PAIRS = {
    "C": (b"LC", b"CL"),
    "G": (b"LG", b"GL"),
    "CG": (b"CG", b"GC"),
}
_MICRO = "µμ"  # the sign is often written with the Greek letter: μm
_WORD_CHARACTERS = 60  # on each side of a change of script


class ScriptDetector:
    """Finds such words."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def check(self, chunk: Chunk) -> None:
        """Find the words of a chunk."""
        classes = chunk.classes
        has_cyrillic, has_greek = b"C" in classes, b"G" in classes
        pairs: tuple[bytes, ...] = ()
        for scripts, wanted in _PAIRS.items():
            if ("C" not in scripts or has_cyrillic) and ("G" not in scripts or has_greek):
                pairs += wanted
        starts = sorted({at for pair in pairs for at in _find_all(classes, pair)})
        end = 0
        for at in starts:
            if at < end:
                continue
            found = _word_around(chunk.text, at)
            if found is not None:
                end = found[1]
                if (variant := _scripts_of(chunk.text[found[0] : end])) is not None:
                    self._tally.add(chunk, *found, variant)


def _find_all(classes: bytes, pair: bytes) -> list[int]:
    found, at = [], classes.find(pair)
    while at >= 0:
        found.append(at)
        at = classes.find(pair, at + 1)
    return found


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
