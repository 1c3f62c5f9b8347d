"""Reads the first and last words of ranges of lines, and whether a range cuts a paragraph.

Paragraphs are separated by empty lines or rows of signs. In a text that has neither, no paragraph is known.
All ranges of a file are read together, in one pass; memory does not grow with the file.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from archtool.text.limits import MAX_QUOTE_CHARS
from archtool.text.lines import LineSink, is_annexe_heading

_LINES_QUOTED = 6  # a quotation is taken from at most that many lines
Nearest = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class RangeText:
    """What can be seen of a range of lines."""

    from_line: int
    to_line: int
    begins: str
    """The first words; empty if the range has no text."""
    ends: str
    """The last words."""
    is_complete: bool
    """Whether `begins` is the whole text."""
    empty_at_start: int
    """Empty lines before the first words."""
    empty_at_end: int
    cut_start: Nearest | None = None
    """If the first line is inside a paragraph: the line where this paragraph begins, and the next one."""
    cut_end: Nearest | None = None
    """If the last line is inside a paragraph: the line where the paragraph before ends, and this one."""


@dataclass(slots=True)
class _Range:
    """One range while its file is read."""

    from_line: int
    to_line: int | None
    head: list[tuple[int, bytes]] = field(default_factory=list)
    tail: list[tuple[int, bytes]] = field(default_factory=list)
    text_lines: int = 0
    last_line: int = 0
    starts: list[int | None] | None = None
    ends: list[int | None] | None = None
    is_over: bool = False


class RangeReader(LineSink):
    """Reads the ranges that were added before the file."""

    def __init__(self, encoding: str | None = None) -> None:
        super().__init__(encoding)
        self._ranges: list[_Range] = []
        self._starting: dict[int, list[_Range]] = {}
        self._ending: dict[int, list[_Range]] = {}
        self._open: list[_Range] = []  # still without enough first words
        self._recent: deque[tuple[int, bytes]] = deque(maxlen=_LINES_QUOTED)
        self._ended: list[_Range] = []  # in the line before
        self._waits_for_start: list[_Range] = []
        self._waits_for_end: list[_Range] = []
        self._texts = 0  # lines with words so far
        self._paragraph: int | None = None
        self._previous_end: int | None = None
        self._has_breaks = False
        self._is_finished = False
        self._has_carriage_returns = False

    def add(self, from_line: int, to_line: int | None) -> int:
        """Add a range, before the file is read; return its number."""
        new = _Range(from_line, to_line)
        self._ranges.append(new)
        self._starting.setdefault(from_line, []).append(new)
        if to_line is not None:
            self._ending.setdefault(to_line, []).append(new)
        return len(self._ranges) - 1

    @property
    def has_carriage_returns(self) -> bool:
        """Whether CR stands inside a line: in texts of old Macintosh computers it ends a line."""
        self.finish()
        return self._has_carriage_returns

    def line(self, number: int, line: bytes) -> None:
        """See `LineSink`."""
        if not self._has_carriage_returns and b"\r" in line[:-1]:
            self._has_carriage_returns = True
        is_text = not self.separates(number, line)
        if self._ended:
            self._check_end(number, line, is_text=is_text)
        if number in self._starting:
            self._start(number, line, is_text=is_text)
        if is_text:
            self._add_text(number, line)
        elif self._paragraph is not None:
            self._end_paragraph(number)
        if number in self._ending:
            self._end(number, self._ending[number])

    def _start(self, number: int, line: bytes, *, is_text: bool) -> None:
        for new in self._starting[number]:
            new.text_lines = -self._texts
            self._open.append(new)
            if is_text and self._paragraph is not None and not is_annexe_heading(self.decode(number, line)):
                new.starts = [self._paragraph, None]
                self._waits_for_start.append(new)

    def _add_text(self, number: int, line: bytes) -> None:
        if self._paragraph is None:
            self._paragraph = number
            for waiting in self._waits_for_start:
                if waiting.starts is not None:
                    waiting.starts[1] = number
            self._waits_for_start.clear()
        self._texts += 1
        self._recent.append((number, line))
        for new in self._open:
            new.head.append((number, line))
        if self._open:
            self._open = [new for new in self._open if len(new.head) < _LINES_QUOTED and not new.is_over]

    def _end_paragraph(self, number: int) -> None:
        self._paragraph = None
        self._previous_end = number - 1
        self._has_breaks = True
        for waiting in self._waits_for_end:
            if waiting.ends is not None:
                waiting.ends[1] = number - 1
        self._waits_for_end.clear()

    def _end(self, number: int, ranges: list[_Range]) -> None:
        for old in ranges:
            old.is_over, old.last_line = True, number
            old.text_lines += self._texts
            old.tail = [item for item in self._recent if item[0] >= old.from_line]
            if self._paragraph is not None:
                old.ends = [self._previous_end, None]
                self._ended.append(old)
        self._open = [new for new in self._open if not new.is_over]

    def _check_end(self, number: int, line: bytes, *, is_text: bool) -> None:
        """Decide for the ranges that ended in the line before, now that the line behind them is known."""
        cuts = is_text and not is_annexe_heading(self.decode(number, line))
        for old in self._ended:
            if cuts:
                self._waits_for_end.append(old)
            else:
                old.ends = None
        self._ended.clear()

    def finish(self) -> None:
        """End the file, and with it the ranges without a last line."""
        if self._is_finished:
            return
        self._is_finished = True
        super().finish()
        for old in self._ended:
            old.ends = None
        for waiting in self._waits_for_end:
            if waiting.ends is not None:
                waiting.ends[1] = self.lines
        self._ended.clear()
        self._end(self.lines, [r for r in self._ranges if r.to_line is None and r.from_line <= self.lines])
        for old in self._ended:
            old.ends = None

    def range_text(self, number: int) -> RangeText | None:
        """Return what was read of a range; `None` if the file does not have these lines."""
        self.finish()
        found = self._ranges[number]
        if not found.is_over or found.last_line < found.from_line:
            return None
        head, tail = self._quote(found.head), self._quote(found.tail)
        is_complete = found.text_lines <= len(found.head) and len(head) <= MAX_QUOTE_CHARS
        first = found.head[0][0] if found.head else found.last_line + 1
        last = found.tail[-1][0] if found.tail else found.last_line
        return RangeText(
            found.from_line,
            found.last_line,
            head[:MAX_QUOTE_CHARS],
            tail[-MAX_QUOTE_CHARS:],
            is_complete,
            first - found.from_line,
            found.last_line - last if head else 0,
            self._nearest(found.starts),
            self._nearest(found.ends),
        )

    def _quote(self, lines: list[tuple[int, bytes]]) -> str:
        return " ".join(self.decode(number, line) for number, line in lines)

    def _nearest(self, lines: list[int | None] | None) -> Nearest | None:
        return None if lines is None or not self._has_breaks else (lines[0], lines[1])
