"""The lines of a text, as `pages/1` looks at them: page numbers, running heads, form feeds, all others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_RAW_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_NUMBER = re.compile(
    r"(?:[-–—\[(~•|]\s*|p(?:age|\.)?\s*|с(?:тр)?\.\s*)?(?P<number>\d{1,4})(?:\s*[-–—\])~•|])?", re.IGNORECASE
)
_HEAD = re.compile(
    r"(?:(?P<one>\d{1,4})\s+(?P<words>\S.{1,78}\S)|(?P<others>\S.{1,78}\S)\s+(?P<other>\d{1,4}))"
)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_ENDS_SENTENCE = re.compile(r"[.!?…:;»”\")\]]\Z")
_MAX_HEAD_CHARS = 80
_MIN_REPEATS = 3
_MIN_PROSE_CHARS = 20
MAX_PAGE_EDGE_LINES = 3  # with words, of a page's head and of the foot of the page before it: more are text


@dataclass(slots=True)
class Line:
    """One line of the text, with what is known of it."""

    start: int
    text: str
    """Without its line end."""
    end: int
    """The offset of its line end."""
    plain: str
    """Without blanks and form feeds around it."""
    number: int | None = None
    """The page number, if the line can be one or can be a running head with one."""
    head: str | None = None
    """The words of the line, if it is short enough for a running head."""
    is_furniture: bool = False
    """Whether the line can belong to the page instead of the text."""
    reason: str | None = None
    """Why the line is removed, if it is."""

    @property
    def is_bare_number(self) -> bool:
        """Whether the line has a number and no words."""
        return self.number is not None and self.head is None

    @property
    def has_page_break(self) -> bool:
        """Whether a form feed is in the line."""
        return "\f" in self.text


def read_lines(text: str) -> list[Line]:
    """Return the lines of a text; those that can belong to pages are marked."""
    lines = [_read(found[0], found.start()) for found in _RAW_LINE.finditer(text)]
    repeated = Counter(line.head for line in lines if line.head is not None)
    for line in lines:
        is_repeated = line.head is not None and repeated[line.head] >= _MIN_REPEATS
        line.is_furniture = is_repeated or line.is_bare_number
    return lines


def _read(raw: str, start: int) -> Line:
    body = raw.rstrip("\n").removesuffix("\r")
    plain = body.replace("\f", " ").strip()
    line = Line(start, body, start + len(body), plain)
    if not plain or len(plain) > _MAX_HEAD_CHARS + 6:
        return line
    if found := _NUMBER.fullmatch(plain):
        line.number = int(found["number"])
    elif found := _HEAD.fullmatch(plain):
        line.number = int(found["one"] or found["other"])
        line.head = " ".join((found["words"] or found["others"]).split())
    elif len(plain) <= _MAX_HEAD_CHARS:
        line.head = " ".join(plain.split())
    if line.head is not None and _LETTERS.search(line.head) is None:
        line.head = line.number = None
    return line


def interrupts_sentence(lines: Sequence[Line], at: int) -> bool:
    """Return whether a line stands inside a sentence; other lines of the page count as absent."""
    before, after = text_beside(lines, at, -1), text_beside(lines, at, 1)
    return before is not None and after is not None and goes_on(before, after)


def text_beside(lines: Sequence[Line], at: int, step: int) -> Line | None:
    """Return the next line of the text before (-1) or after (1) a line."""
    passed = 0
    for near in range(at + step, len(lines) if step > 0 else -1, step):
        if lines[near].plain:
            if not lines[near].is_furniture or passed == MAX_PAGE_EDGE_LINES:
                return lines[near]
            passed += 1
    return None


def goes_on(before: Line, after: Line) -> bool:
    """Return whether the second line continues a sentence of the first one; cells of tables are too short."""
    is_prose = len(before.plain) >= _MIN_PROSE_CHARS
    return is_prose and after.plain[0].islower() and _ENDS_SENTENCE.search(before.plain) is None


def is_at_page_break(lines: Sequence[Line], at: int) -> bool:
    """Return whether a form feed is at a line, with nothing but lines of the page between them."""
    return lines[at].has_page_break or any(line.has_page_break for line in _around(lines, at))


def _around(lines: Sequence[Line], at: int) -> Iterator[Line]:
    """Yield the lines around a line up to those of the text; the one after them, which can begin a page."""
    yield from edge_lines(lines, at, -1)
    after = list(edge_lines(lines, at, 1))
    yield from after
    yield from lines[at + len(after) + 1 : at + len(after) + 2]


def edge_lines(lines: Sequence[Line], at: int, step: int) -> Iterator[Line]:
    """Yield the lines before (-1) or after (1) a line that can belong to the edge of the same page."""
    passed = 0
    for near in range(at + step, len(lines) if step > 0 else -1, step):
        if lines[near].plain:
            if not lines[near].is_furniture or passed == MAX_PAGE_EDGE_LINES:
                return
            passed += 1
        yield lines[near]
