"""What follows each damaged word: nothing, blanks and then a letter, a mark or the end of the line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from archtool.text.repairing.accents.accented_words import AccentedWord
from archtool.text.repairing.accents.blanks import LineGaps

_GAP_IN_LINE = re.compile(r"(?<=\S) +(?=\S)")
_MARK = re.compile(r"[^\W\d_]( ?)([^\w\s])")
_CLOSING_MARKS = frozenset(",.;:!?…)]}»”’'-")
_SELDOM = 0.02
"""A blank before a mark is stray if fewer of the other words before that mark have one."""


class Next(Enum):
    """What is after the blanks."""

    LETTER = "letter"
    MARK = "mark"
    LINE_END = "line end"


@dataclass(frozen=True, slots=True)
class Gap:
    """The blanks after a damaged word that ends in a carrier."""

    start: int
    """The offset of the first blank."""
    width: int
    """The number of blanks, at least one."""
    next: Next
    """The kind of what follows."""
    character: str
    """What follows, in small letters; empty at the end of the text."""
    line: LineGaps
    """The other gaps of the line."""


class GapReader:
    """Reads the gaps of one text."""

    def __init__(self, text: str, damaged: Iterable[AccentedWord], carriers: frozenset[str]) -> None:
        self._text = text
        self._after_pairs = frozenset(word.end for word in damaged if word.ends_in_pair)
        self._line_start, self._line_end = 0, -1
        self._line = LineGaps.of(())
        self._marks = _count_marks(text, carriers)

    def read(self, word: AccentedWord) -> Gap | None:
        """Return the gap after a word; None if no blank is there, or something else stands beside it."""
        text, end = self._text, word.end
        position = end
        while text.startswith(" ", position):
            position += 1
        character = text[position : position + 1]
        if position == end or character in ("\t", "\u00a0", "\u202f"):
            return None
        return Gap(end, position - end, _kind(character), character.lower(), self._gaps_of_line(end))

    def has_seldom_blank_before(self, mark: str) -> bool:
        """Return whether this text seldom has a blank before a mark, to judge by its other words."""
        with_blank, without = self._marks[" " + mark], self._marks[mark]
        if with_blank + without == 0:
            return mark in _CLOSING_MARKS
        return with_blank < _SELDOM * (with_blank + without)

    def _gaps_of_line(self, offset: int) -> LineGaps:
        if not self._line_start <= offset <= self._line_end:  # a line can be as long as the text
            start = self._text.rfind("\n", 0, offset) + 1
            end = self._text.find("\n", offset)
            end = len(self._text) if end < 0 else end
            gaps = _GAP_IN_LINE.finditer(self._text, start, end)
            widths = [len(gap.group()) for gap in gaps if gap.start() not in self._after_pairs]
            self._line_start, self._line_end, self._line = start, end, LineGaps.of(widths)
        return self._line


def _count_marks(text: str, carriers: frozenset[str]) -> Counter[str]:
    """Return how often each mark follows a letter that is no carrier, at once and after a blank."""
    return Counter(
        match.group(1) + match.group(2) for match in _MARK.finditer(text) if match.group()[0] not in carriers
    )


def _kind(character: str) -> Next:
    if not character or character in "\r\n":
        return Next.LINE_END
    return Next.LETTER if character.isalpha() else Next.MARK
