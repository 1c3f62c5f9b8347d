"""A page of text for a person: a heading, sections, and labels with values that hang beside them."""

from __future__ import annotations

import re
import unicodedata

from archtool.files.paths import shown

MIN_WIDTH = 40  # narrower windows break lines by themselves
MIN_ROOM = 20  # a deep tree leaves little, but a word should stand there
_LABEL_WIDTH = 15
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")


def one_line(text: str) -> str:
    """A text for the screen: line ends become blanks, whatever could steer a terminal is made visible.

    Blanks that are not to be broken (before `:` and between « » in French) stay what they are.
    """
    plain = _BLANKS.sub(" ", text).strip(" ")
    if plain.isascii() and plain.isprintable():
        return plain
    return "".join(c if unicodedata.category(c) == "Zs" else shown(c) for c in plain)


def wrap(text: str, width: int, lead: str = "", hanging: int | None = None) -> list[str]:
    """Break a text that is fit for the screen into lines; a word is never cut."""
    import textwrap

    indent = " " * (len(lead) if hanging is None else hanging)
    return textwrap.wrap(
        text,
        width,
        initial_indent=lead,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


class Page:
    """Collects lines."""

    def __init__(self, width: int) -> None:
        self.width = max(width, MIN_WIDTH)
        self.lines: list[str] = []

    def text(self) -> str:
        """The whole page."""
        return "\n".join(self.lines) + "\n"

    def heading(self, text: str) -> None:
        """The title, underlined."""
        lines = wrap(one_line(text), self.width)
        self.lines += [*lines, "=" * min(max(map(len, lines), default=0), self.width)]

    def section(self, text: str) -> None:
        """The beginning of another part."""
        self.lines += ["", text]

    def field(self, label: str, value: str) -> None:
        """A label and its value; each line end of the value begins a new line."""
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
        """The same, where there is a value."""
        if value:
            self.field(label, value)

    def wrapped(self, text: str, room: int) -> tuple[str, ...]:
        """The lines of a text that leaves so many columns to what stands before it."""
        return tuple(wrap(one_line(text), max(self.width - room, MIN_ROOM)))
