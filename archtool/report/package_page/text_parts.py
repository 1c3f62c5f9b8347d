"""Divides a text into parts for reading, and its lines into segments that belong to the same annexes."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archtool.report.package_page.model import ShownText, Stretch

MAX_DEPTH = 3  # margins of annexes within annexes: more would leave no room for the words
_OPENING_CHARS = 60


@dataclass(frozen=True, slots=True)
class Segment:
    """Consecutive lines that belong to the same annexes."""

    first: int
    lines: tuple[str, ...]
    begins: tuple[Stretch, ...] = ()
    """The annexes that begin with the first line, the outermost first."""
    ends: tuple[Stretch, ...] = ()
    """The annexes that end with the last line."""
    depth: int = 0
    """How many margins mark the lines: one for each annexe that contains them, at most `MAX_DEPTH`."""
    language: str | None = None
    """The language of the innermost annexe that states one."""

    @property
    def numbered(self) -> Iterator[tuple[int, str]]:
        """The lines with their numbers in the file."""
        return zip(range(self.first, self.first + len(self.lines)), self.lines, strict=True)


@dataclass(frozen=True, slots=True)
class TextPart:
    """Some lines of a text, with a heading in the table of contents."""

    first: int
    last: int
    segments: tuple[Segment, ...]
    opening: str
    """The first words, for the table of contents."""


def text_parts(text: ShownText, page_lines: int) -> tuple[TextPart, ...]:
    """Return the parts of a text, each of at most `page_lines` lines."""
    firsts = range(1, len(text.lines) + 1, page_lines)
    by_part: dict[int, list[Segment]] = defaultdict(list)
    for segment in _segments(text, firsts):
        by_part[(segment.first - 1) // page_lines].append(segment)
    return tuple(_part(text, first, page_lines, by_part[number]) for number, first in enumerate(firsts))


def _part(text: ShownText, first: int, page_lines: int, segments: Sequence[Segment]) -> TextPart:
    last = min(first + page_lines - 1, len(text.lines))
    lines = text.lines[first - 1 : last]
    opening = next((" ".join(line.split()) for line in lines if line.strip()), "")
    if len(opening) > _OPENING_CHARS:
        opening = opening[:_OPENING_CHARS].rsplit(" ", 1)[0] + " …"
    return TextPart(first, last, tuple(segments), opening)


def _segments(text: ShownText, part_firsts: Sequence[int]) -> Iterator[Segment]:
    """Yield the segments in one pass over the lines: a description can have ten thousands of annexes."""
    count = len(text.lines)
    begins: dict[int, list[int]] = defaultdict(list)
    ends: dict[int, list[int]] = defaultdict(list)
    for number, stretch in enumerate(text.stretches):
        last = _last(stretch, text)
        if stretch.first <= min(last, count):
            begins[stretch.first].append(number)
            ends[last].append(number)
    cuts = sorted({*part_firsts, *begins, *(line + 1 for line in ends if line < count), count + 1})
    depth = 0
    with_language: list[int] = []
    for first, following in pairwise(cuts):
        new, gone = begins.get(first, ()), ends.get(following - 1, ())
        depth += len(new)
        for number in new:
            if text.stretches[number].language is not None:
                insort(with_language, number)
        yield Segment(
            first,
            text.lines[first - 1 : following - 1],
            tuple(text.stretches[number] for number in new),
            tuple(text.stretches[number] for number in gone),
            min(depth, MAX_DEPTH),
            text.stretches[with_language[-1]].language if with_language else None,
        )
        depth -= len(gone)
        for number in gone:
            if text.stretches[number].language is not None:
                del with_language[bisect_left(with_language, number)]


def _last(stretch: Stretch, text: ShownText) -> int:
    """Return the last line of an annexe; one behind the shown lines if its end is not shown."""
    count = len(text.lines)
    end_of_file = count if text.is_whole else count + 1
    return end_of_file if stretch.last is None else min(stretch.last, end_of_file)
