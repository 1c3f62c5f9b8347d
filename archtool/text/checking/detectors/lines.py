"""Finds the line ends at which pages and lines left something in a text, all of them in one search."""

from __future__ import annotations

import re

from archtool.text.checking.chunk import Chunk
from archtool.text.checking.detectors.line_breaks import CAPITAL, SMALL, LineBreaks
from archtool.text.checking.detectors.pages import Pages

_DIGITS = "0123456789"
_HYPHENS = "-\u2010¬"
# Python finds the LF with memchr; the questions are asked at line ends only. The first one is about the line
# before, which can end with a hyphen, a digit, or a blank after them; the others are about the next line.
_NEXT_LINE = (
    "(?:[ \t\f]+)?(?:"
    "[0-9]{1,4}(?:[ \t\r\f]*\n|[ \t]+[^\\W\\d_])(?P<number>)"
    "|[-–—\\[(][ \t]*[0-9]{1,4}[ \t]*[-–—\\])](?P<marked>)"
    f"|\r?\n\\s*[{SMALL}](?P<paragraph>)"
    f"|[{CAPITAL}][ \t]*\r?\n\\s*[{SMALL}](?P<capital>)"
    ")"
)
_LINE_END = re.compile(f"\n(?:(?<=[{_HYPHENS}0-9 \r]\n)|(?={_NEXT_LINE}))")
_NEXT = f"\n(?={_NEXT_LINE})"  # compiled for texts with blanks at line ends only
_FIRST = re.compile(f"\n[ \t]*(?=[{SMALL}])")
_BLANKS = re.compile(r"\s*")


class LineDetector:
    """Finds them, and lets others decide."""

    def __init__(self, pages: Pages, line_breaks: LineBreaks) -> None:
        self._pages = pages
        self._line_breaks = line_breaks

    def check(self, chunk: Chunk) -> None:
        """Find the line ends of a chunk."""
        text = chunk.text
        if (chunk.first_line, chunk.first_column) == (1, 1) and (found := _FIRST.match(text)) is not None:
            self._line_breaks.check_paragraph(chunk, found.end())
        for found in _LINE_END.finditer(text):
            if found.lastgroup is None:
                self._check_end(chunk, found.start())
            else:
                self._check_next(chunk, found.start(), found.lastgroup)
        if b"\f" in chunk.data:
            self._pages.check_page_breaks(chunk)

    def _check_end(self, chunk: Chunk, at: int) -> None:
        """Examine a line that ends with a hyphen, a digit or a blank, and the line after it."""
        text, last = chunk.text, at - 1
        while text[last] in " \t\r":
            last -= 1
        if text[last] in _HYPHENS:
            self._line_breaks.check_hyphen(chunk, last, at)
        elif text[last] in _DIGITS:
            self._pages.check_last(chunk, at, last)
        elif (found := re.compile(_NEXT).match(text, at)) is not None and found.lastgroup is not None:
            self._check_next(chunk, at, found.lastgroup)

    def _check_next(self, chunk: Chunk, at: int, question: str) -> None:
        """Examine the line after a line end."""
        if question == "paragraph":
            blanks = _BLANKS.match(chunk.text, at)
            self._line_breaks.check_paragraph(chunk, blanks.end() if blanks is not None else at)
        elif question == "capital":
            self._line_breaks.check_lone_capital(chunk, at)
        else:
            self._pages.check_first(chunk, at)
