"""Finds the lines of a text at which an annexe can begin: after a row of signs, at a heading.

These are proposals: a program cannot know whether a row of asterisks ends a document or a chapter.
"""

from __future__ import annotations

from dataclasses import dataclass

from archtool.text.limits import MAX_BOUNDARIES
from archtool.text.lines import LineSink, is_annexe_heading, is_separator

_MANY_EMPTY_LINES = 4  # in a row: more than what is between two paragraphs
_MAX_SIGN_CHARS = 20


@dataclass(frozen=True, slots=True)
class Boundary:
    """A line at which another document can begin."""

    from_line: int
    """The first line with words."""
    ends_before: int
    """The last line with words before it; 0 if there is none."""
    reason: str
    """What is there, in words."""
    is_heading: bool
    """Whether the line is the heading of an annexe."""


class BoundaryFinder(LineSink):
    """Finds the boundaries while a text is read; a boundary at the very beginning is none."""

    def __init__(self, encoding: str | None = None) -> None:
        super().__init__(encoding)
        self.boundaries: list[Boundary] = []
        self._last_text = 0
        self._sign: str | None = None  # what was seen since the last line with words
        self._empty = 0

    def line(self, number: int, line: bytes) -> None:
        """See `LineSink`."""
        has_page_break = b"\f" in line
        if self.separates(number, line):
            self._separate(number, line, has_page_break=has_page_break)
            return
        text = self.decode(number, line)
        is_heading = is_annexe_heading(text)
        reason = "after a page break" if has_page_break and line.lstrip(b" \r").startswith(b"\f") else None
        reason = self._sign or reason
        if reason is None and self._empty >= _MANY_EMPTY_LINES:
            reason = f"after {self._empty} empty lines"
        if is_heading:
            reason = f"{reason}, a heading" if reason else "a heading"
        if reason is not None and self._last_text and len(self.boundaries) < MAX_BOUNDARIES:
            self.boundaries.append(Boundary(number, self._last_text, reason, is_heading))
        self._last_text, self._sign, self._empty = number, None, 0

    def _separate(self, number: int, line: bytes, *, has_page_break: bool) -> None:
        text = self.decode(number, line)
        self._empty += 1
        if is_separator(text):
            self._sign = f"after the line {text[:_MAX_SIGN_CHARS]}"
        elif has_page_break and self._sign is None:
            self._sign = "after a page break"
