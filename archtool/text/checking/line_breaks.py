"""What the lines of a page leave in a text: hyphens at line ends, and capitals that stood apart.

A drop capital is displaced if a paragraph begins with a small letter, and a single capital stands at its end or
on a line of its own before it.
"""

from __future__ import annotations

import re

from archtool.text.checking.chunk import Chunk
from archtool.text.checking.tally import Tally

HYPHENS, CAPITALS = "line-end-hyphens", "drop-capitals"
_HYPHEN = re.compile("[-\u2010¬][ \t\r]*\n")
_HAS_OTHER_HYPHEN = (b"\xe2\x80\x90", b"\xc2\xac")
_PLAIN_HYPHEN = re.compile(r"-[ \t\r]*\n")
_NEXT_WORD = re.compile(r"\s*[^\W\d_]")
_CAPITAL = "A-ZÀ-ÖØ-ÞŒŠŽĀ-ĀΑ-ΩА-ЯЁІЄҐ"
_SMALL = "a-zß-öø-ÿœšžа-яёіїєґα-ω"
_SMALL_PARAGRAPH = re.compile(rf"\n[ \t\r]*\n[ \t]*(?=[{_SMALL}])")
_LONE_CAPITAL = re.compile(rf"\n[ \t]*([{_CAPITAL}])[ \t\r]*\n[ \t\r]*(?:\n[ \t\r]*)?(?=[{_SMALL}])")
_LAST_CAPITAL = re.compile(rf"(?:[^\w\s][ \t]?|[.!?…»”\")][ \t]+)([{_CAPITAL}])[ \t\r]*\Z")
_PARAGRAPH_END = re.compile(r"\n[ \t\r]*\n")
_LONGEST_PARAGRAPH = 20_000  # characters
_INITIAL = re.compile(r"[^\W\d_]\.[ \t]?\Z")
_EYES = re.compile(r"[:;]-?\Z")
_MOUTHS = "DOPSX"


class LineBreakDetector:
    """Finds both."""

    def __init__(self, hyphens: Tally, capitals: Tally) -> None:
        self._hyphens = hyphens
        self._capitals = capitals

    def check(self, chunk: Chunk) -> None:
        """Find the places of a chunk."""
        self._check_hyphens(chunk)
        text = chunk.text
        for found in _LONE_CAPITAL.finditer(text):
            self._capitals.add(chunk, *found.span(1))
        for found in _SMALL_PARAGRAPH.finditer(text):
            self._check_paragraph(chunk, found.end())

    def _check_hyphens(self, chunk: Chunk) -> None:
        text, data = chunk.text, chunk.data
        search = _HYPHEN if any(other in data for other in _HAS_OTHER_HYPHEN) else _PLAIN_HYPHEN
        spans = []
        for found in search.finditer(text):
            start, end = found.start(), found.end()
            is_word_before = text[start - 1].isalpha()
            if is_word_before and (_NEXT_WORD.match(text, end) or end == len(text) and not chunk.is_last):
                spans.append((start, start + 1))
        if spans:
            self._hyphens.add_all(chunk, spans)

    def _check_paragraph(self, chunk: Chunk, start: int) -> None:
        text = chunk.text
        ended = _PARAGRAPH_END.search(text, start, start + _LONGEST_PARAGRAPH)
        end = ended.start() if ended is not None else min(len(text), start + _LONGEST_PARAGRAPH)
        last_line = text[text.rfind("\n", start, end) + 1 if "\n" in text[start:end] else start : end]
        found = _LAST_CAPITAL.search(last_line)
        if found is not None and not _is_other(last_line[: found.start(1)], found[1]):
            at = end - len(last_line) + found.start(1)
            self._capitals.add(chunk, at, at + 1)


def _is_other(before: str, capital: str) -> bool:
    """Whether the last capital of a line is an initial (`J. L`), or the mouth of a smiley (`:P`)."""
    return bool(_INITIAL.search(before) or (capital in _MOUTHS and _EYES.search(before)))
