"""Divides a text into parts for reading, and its lines into segments that belong to the same annexes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archtool.report.package_page.model import ShownText, Stretch

MAX_DEPTH = 3  # margins of annexes within annexes: more would leave no room for the words


@dataclass(frozen=True, slots=True)
class Segment:
    """Consecutive lines that belong to the same annexes."""

    first: int
    lines: tuple[str, ...]
    inside: tuple[Stretch, ...]
    """The annexes that contain these lines, the outermost first."""
    begins: tuple[Stretch, ...]
    ends: tuple[Stretch, ...]

    @property
    def numbered(self) -> Iterator[tuple[int, str]]:
        """The lines with their numbers in the file."""
        return zip(range(self.first, self.first + len(self.lines)), self.lines, strict=True)

    @property
    def language(self) -> str | None:
        """The language of the innermost annexe that states one."""
        return next((s.language for s in reversed(self.inside) if s.language is not None), None)

    @property
    def depth(self) -> int:
        """How many margins mark the lines."""
        return min(len(self.inside), MAX_DEPTH)


@dataclass(frozen=True, slots=True)
class TextPart:
    """Some lines of a text, with a heading in the table of contents."""

    first: int
    last: int
    segments: tuple[Segment, ...]
    opening: str
    """The first words, for the table of contents."""


_OPENING_CHARS = 60


def text_parts(text: ShownText, page_lines: int) -> tuple[TextPart, ...]:
    """Return the parts of a text, each of at most `page_lines` lines."""
    count = len(text.lines)
    return tuple(
        _part(text, first, min(first + page_lines - 1, count)) for first in range(1, count + 1, page_lines)
    )


def _part(text: ShownText, first: int, last: int) -> TextPart:
    lines = text.lines[first - 1 : last]
    opening = next((" ".join(line.split()) for line in lines if line.strip()), "")
    if len(opening) > _OPENING_CHARS:
        opening = opening[:_OPENING_CHARS].rsplit(" ", 1)[0] + " …"
    return TextPart(first, last, tuple(_segments(text, first, last)), opening)


def _segments(text: ShownText, first: int, last: int) -> Iterator[Segment]:
    cuts = _cuts(text, first, last)
    for start, following in pairwise(cuts):
        inside = tuple(s for s in text.stretches if _contains(s, start, text))
        yield Segment(
            start,
            text.lines[start - 1 : following - 1],
            inside,
            tuple(s for s in inside if s.first == start),
            tuple(s for s in inside if _last(s, text) == following - 1),
        )


def _cuts(text: ShownText, first: int, last: int) -> Sequence[int]:
    """Return the lines at which a segment begins, and the line behind the last."""
    cuts = {first, last + 1}
    for stretch in text.stretches:
        edges = (stretch.first, _last(stretch, text) + 1)
        cuts.update(line for line in edges if first < line <= last)
    return sorted(cuts)


def _contains(stretch: Stretch, line: int, text: ShownText) -> bool:
    return stretch.first <= line <= _last(stretch, text)


def _last(stretch: Stretch, text: ShownText) -> int:
    """Return the last line of an annexe; one behind the shown lines if its end is not shown."""
    count = len(text.lines)
    end_of_file = count if text.is_whole else count + 1
    return end_of_file if stretch.last is None else min(stretch.last, end_of_file)
