"""Lays out a page of text: a heading, sections, and labels with their values in a second column."""

from __future__ import annotations

import re
import unicodedata

from archtool.files.paths import shown
from archtool.report.text.columns import text_width, wrap_columns

MIN_WIDTH = 40  # in a narrower window the terminal breaks the lines
MIN_ROOM = 20  # columns left in a deep tree: enough for one word
_LABEL_WIDTH = 15
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")


def one_line(text: str) -> str:
    """Return a text as one line for the screen: line ends become spaces, control characters are escaped.

    No-break spaces (before `:` and between « » in French) are kept.
    """
    plain = _BLANKS.sub(" ", text).strip(" ")
    if plain.isprintable():
        return plain
    return "".join(c if unicodedata.category(c) == "Zs" else shown(c) for c in plain)


def wrap(text: str, width: int, lead: str = "", hanging: int | None = None) -> list[str]:
    """Break a text that is safe for the screen into lines; a word is never cut."""
    indent = " " * (len(lead) if hanging is None else hanging)
    return wrap_columns(text, width, lead, indent)


class Page:
    """Collects the lines of a page."""

    def __init__(self, width: int) -> None:
        self.width = max(width, MIN_WIDTH)
        self.lines: list[str] = []

    def text(self) -> str:
        """Return the page as text."""
        return "\n".join(self.lines) + "\n"

    def heading(self, text: str) -> None:
        """Add the title, underlined."""
        lines = wrap(one_line(text), self.width)
        self.lines += [*lines, "=" * min(max(map(text_width, lines), default=0), self.width)]

    def section(self, text: str) -> None:
        """Begin a new section."""
        self.lines += ["", text]

    def field(self, label: str, value: str) -> None:
        """Add a label and its value; each line of the value starts a new line."""
        first = f"  {one_line(label)}".ljust(_LABEL_WIDTH) + " "
        indent = " " * min(len(first), _LABEL_WIDTH + 1)
        paragraphs = [one_line(part) for part in value.splitlines() if part.strip()] or [""]
        if len(first) > len(indent):  # a long label has a line to itself
            self.lines += wrap(first.strip(), self.width, "  ")
            first = indent
        for i, paragraph in enumerate(paragraphs):
            lead = first if i == 0 else indent
            self.lines += wrap(paragraph, self.width, lead, len(indent)) or [lead.rstrip()]

    def optional(self, label: str, value: str | None) -> None:
        """Add a label and its value, unless the value is missing or empty."""
        if value:
            self.field(label, value)

    def wrapped(self, text: str, room: int) -> tuple[str, ...]:
        """Return a text broken into lines that leave `room` columns free on their left."""
        return tuple(wrap(one_line(text), max(self.width - room, MIN_ROOM)))
