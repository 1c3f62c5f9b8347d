"""What pages leave in the flow of a text: their numbers, running heads, and pages without text.

A number alone on a line can also be the heading of a section. It is the number of a page if it interrupts a
sentence, or if it belongs to a series of numbers that does not begin with 1, or one of which interrupts a
sentence. A line is a running head if it stands with increasing numbers, or beside numbers of pages, three
times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archtool.text.checking.chunk import Chunk
from archtool.text.checking.limits import MAX_HEADS, MAX_LONE_NUMBERS
from archtool.text.checking.model import TextFault, TextPlace
from archtool.text.checking.tally import Tally

NUMBERS, HEADS, EMPTY = "page-numbers", "running-heads", "empty-pages"
_NUMBER_FIRST = re.compile(r"\n[ \t\f]*([-–—\[(][ \t]*)?(\d{1,4})(?!\d)([^\n]{0,80})(?=\n|\Z)")
_AFTER_NUMBER = re.compile(r"[ \t\r\f]*")
_AFTER_MARKED_NUMBER = re.compile(r"[ \t]*[-–—\])][ \t\r\f]*")
_LAST_NUMBER = re.compile(r"(?:^|\n)[ \t\f]*([^\W\d_][^\n]{2,78}?)[ \t]+(\d{1,4})[ \t\r]*\Z")
_FORM_FEED = re.compile(r"\f")
_EMPTY_PAGE = re.compile(r"\f[ \t\r\n]*(?:\d{1,4}[ \t\r\n]*)?(?=\f)")
_SENTENCE_END = re.compile(r"[.!?…:;»”\")*]\s*\Z")
_BLANK_LINE_BEFORE = re.compile(r"\n[ \t\r\f]*\Z|\f[ \t\r\n]*\Z")
_BLANK_LINE_AFTER = re.compile(r"\n[ \t\r\f]*(?:\n|\Z)|\Z|[ \t\r\n]*\f")
_NEAR = 400  # characters before and after a number in which the next words are
_DIGITS = "0123456789"
_LONGEST_HEAD = 80
_FEWEST_LINES = 8  # of a page: numbers and heads that are closer belong to a list
_FEWEST_HEADS = 3
_YEARS = range(1000, 2101)


@dataclass(frozen=True, slots=True)
class _LoneNumber:
    """A line with a number only."""

    value: int
    place: TextPlace
    interrupts: bool
    """Whether a sentence goes on after it."""
    is_apart: bool
    """Whether it stands between empty lines, or at a page break."""
    follows_number: bool
    """Whether the line with words before it is such a number, too."""


class _Head:
    """A line that can be a running head."""

    __slots__ = ("last_number", "places", "rises")

    def __init__(self) -> None:
        self.last_number = -1
        self.rises = 0
        self.places: list[TextPlace] = []


class Pages:
    """Finds them; what is a page number is decided at the end of the text."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._numbers: list[_LoneNumber] = []
        self._heads: dict[str, _Head] = {}
        self._empty = Tally(most)
        self._has_many = False

    def check_first(self, chunk: Chunk, line_end: int) -> None:
        """Examine the line after a line end, which begins with a number."""
        found = _NUMBER_FIRST.match(chunk.text, line_end)
        if found is None:
            return
        after = found[3]
        if (_AFTER_MARKED_NUMBER if found[1] else _AFTER_NUMBER).fullmatch(after):
            self._add_number(chunk, found)
        elif after[:1] in (" ", "\t") and after.strip()[:1].isalpha():
            head = after.strip()
            self._add_head(chunk, head, int(found[2]), chunk.text.find(head, found.start(3)))

    def check_last(self, chunk: Chunk, line_end: int, last: int) -> None:
        """Examine the line before a line end, whose last character, at `last`, is a digit."""
        text = chunk.text
        while text[last] in _DIGITS:
            last -= 1
        if text[last] not in " \t":
            return
        start = text.rfind("\n", 0, last)
        if 3 < line_end - start <= _LONGEST_HEAD:
            found = _LAST_NUMBER.match(text, start, line_end)
            if found is not None:
                self._add_head(chunk, found[1], int(found[2]), found.start(1))

    def _add_number(self, chunk: Chunk, found: re.Match[str]) -> None:
        if len(self._numbers) >= MAX_LONE_NUMBERS:
            self._has_many = True
            return
        text = chunk.text
        before = text[max(0, found.start() - _NEAR) : found.start()]
        after = text[found.end() : found.end() + _NEAR]
        is_apart = bool(_BLANK_LINE_BEFORE.search(before) and _BLANK_LINE_AFTER.match(after))
        before, after = before.rstrip(), after.lstrip()
        last_line = before[before.rfind("\n") + 1 :].strip()
        interrupts = bool(last_line) and not _SENTENCE_END.search(last_line) and after[:1].islower()
        follows = bool(re.fullmatch(r"\d{1,4}", last_line))
        number = _LoneNumber(int(found[2]), chunk.place(*found.span(2)), interrupts, is_apart, follows)
        self._numbers.append(number)
        for line in (last_line, after.partition("\n")[0].strip()):
            if 3 <= len(line) <= _LONGEST_HEAD and line[0].isalpha():
                self._add_head(chunk, line, number.value, text.find(line, max(0, found.start() - _NEAR)))

    def _add_head(self, chunk: Chunk, line: str, number: int, at: int) -> None:
        head = self._heads.get(line)
        if head is None:
            if len(self._heads) >= MAX_HEADS:
                return
            head = self._heads[line] = _Head()
        if number > head.last_number >= 0:
            head.rises += 1
        elif number < head.last_number:
            head.rises -= 1
        head.last_number = number
        if len(head.places) < max(self._most, _FEWEST_HEADS):
            head.places.append(chunk.place(at, at + len(line)))

    def check_page_breaks(self, chunk: Chunk) -> None:
        """Find pages without words, and the first lines of pages."""
        for found in _EMPTY_PAGE.finditer(chunk.text):
            self._empty.add(chunk, found.start(), found.start() + 1)
        for found in _FORM_FEED.finditer(chunk.text):
            rest = chunk.text[found.end() : found.end() + 2 * _LONGEST_HEAD].lstrip()
            line = rest.partition("\n")[0].strip()
            if 3 <= len(line) <= _LONGEST_HEAD and line[0].isalpha() and not line[-1].isdigit():
                last = self._heads[line].last_number if line in self._heads else 0
                self._add_head(chunk, line, last + 1, chunk.text.find(line, found.end()))

    def faults(self) -> list[TextFault]:
        """Return page numbers, running heads and empty pages."""
        numbers, empty = Tally(self._most), self._empty
        for number in [] if self._has_many else _page_numbers(self._numbers):
            numbers.add_place(number.place)
            if number.follows_number:
                empty.add_place(number.place)
        heads = Tally(self._most)
        for line, head in self._heads.items():
            lines = [place.line for place in head.places]
            is_on_pages = lines[-1] - lines[0] >= _FEWEST_LINES * (len(lines) - 1)
            if head.rises + 1 >= _FEWEST_HEADS and is_on_pages:
                for place in head.places:
                    heads.add_place(place, line)
                heads.count(head.rises + 1 - min(len(head.places), head.rises + 1), line)
        found = (numbers.fault(NUMBERS), heads.fault(HEADS), empty.fault(EMPTY))
        return [fault for fault in found if fault is not None]


def _page_numbers(numbers: list[_LoneNumber]) -> list[_LoneNumber]:
    """Return the numbers of pages among the numbers that are alone on a line."""
    series: list[list[_LoneNumber]] = []
    for number in numbers:
        last = series[-1][-1].value if series else 0
        if series and last < number.value <= last + 2:
            series[-1].append(number)
        else:
            series.append([number])
    found = []
    for members in series:
        first = members[0].value
        if any(member.interrupts for member in members) or (
            first != 1 and _are_apart(members) and (len(members) > 1 or first not in _YEARS)
        ):
            found += members
    return found


def _are_apart(members: list[_LoneNumber]) -> bool:
    """Whether a number stands alone, or those of a series are as far from each other as on pages."""
    if len(members) == 1:
        return members[0].is_apart
    lines = [member.place.line for member in members]
    return (lines[-1] - lines[0]) / (len(lines) - 1) >= _FEWEST_LINES
