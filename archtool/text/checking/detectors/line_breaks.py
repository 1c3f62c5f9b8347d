"""What the lines of a page leave in a text: hyphens at line ends, and capitals that stood apart.

A drop capital is displaced if a paragraph begins with a small letter, and a single capital stands at its end
or on a line of its own before it.
"""

from __future__ import annotations

import re

from archtool.text.checking.chunk import Chunk
from archtool.text.checking.tally import Tally
from archtool.text.repairing.rules.hyphens import CONJUNCTIONS

HYPHENS, CAPITALS = "line-end-hyphens", "drop-capitals"
_NEXT_WORD = re.compile(r"\s*([^\W\d_]{1,12})")
CAPITAL = "A-ZÀ-ÖØ-ÞŒŠŽĀ-ĀΑ-ΩА-ЯЁІЄҐ"
SMALL = "a-zß-öø-ÿœšžа-яёіїєґα-ω"
_LAST_CAPITAL = re.compile(rf"(?:[^\w\s][ \t]?|[.!?…»”\")][ \t]+)([{CAPITAL}])[ \t\r]*\Z")
_PARAGRAPH_END = re.compile(r"\n[ \t\r]*\n")
_LONGEST_PARAGRAPH = 20_000  # characters
_INITIAL = re.compile(r"\b[^\W\d_]\.[ \t]?\Z")
_EYES = re.compile(r"[:;]-?\Z")
_MOUTHS = "DOPSX"


class LineBreaks:
    """Decides whether line ends that were found are such faults."""

    def __init__(self, hyphens: Tally, capitals: Tally) -> None:
        self._hyphens = hyphens
        self._capitals = capitals

    def check_hyphen(self, chunk: Chunk, at: int, line_end: int) -> None:
        """Count a hyphen that is the last character of a line, if it is inside a word."""
        text = chunk.text
        if at and text[at - 1].isalpha():
            is_cut = line_end + 1 == len(text) and not chunk.is_last
            following = _NEXT_WORD.match(text, line_end)
            if is_cut or (following and following[1] not in CONJUNCTIONS):
                self._hyphens.add(chunk, at, at + 1)

    def check_lone_capital(self, chunk: Chunk, line_end: int) -> None:
        """Count the capital that is alone on the line after a line end."""
        at = line_end + 1
        while chunk.text[at] in " \t":
            at += 1
        self._capitals.add(chunk, at, at + 1)

    def check_paragraph(self, chunk: Chunk, start: int) -> None:
        """Count a capital at the end of a paragraph that begins with a small letter at `start`."""
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
