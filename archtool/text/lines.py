r"""Splits a text into lines while it is read, and recognises lines that separate its parts.

A line ends at LF (also in CR LF), as in `line_spans`. Memory does not grow with the length of a line.
"""

from __future__ import annotations

import codecs
import re
from abc import ABC, abstractmethod

from archtool.encodings import DEFAULT_ENCODING
from archtool.text.limits import MAX_LINE_BYTES_KEPT

_UNITS = {"utf-16": 2, "utf-32": 4}
_LETTER = re.compile(rb"[A-Za-z0-9]")
_SHORT = 200  # bytes; a longer line is not a separator
# three or more of one sign, with or without blanks between them; an asterism can stand alone
_SEPARATOR = re.compile(r"([*_=~#·•.+\-–—―─═])(?:\s?\1){2,}|⁂(?:\s*⁂)*")
_NUMBER = r"(?:(?:n[o°º]?|nr|№|num)?\.?\s*(?:\d{1,4}|[IVXLC]{1,7}|[A-ZА-Я])\b)?"
_HEADING = re.compile(
    r"(?:annexe?|appendix|enclosure|pi[eè]ce jointe|приложение|додаток|anlage|beilage|anhang|bijlage|allegato"
    r"|anexo|zał[aą]cznik|příloha|bilaga|liite)\b"
    rf"\s*{_NUMBER}\s*(?:$|[.:)—–-].*)",
    re.IGNORECASE,
)
_MAX_HEADING_CHARS = 160


class LineDecoder:
    """Decodes single lines of a file; bytes that are not in its encoding become U+FFFD."""

    def __init__(self, encoding: str | None) -> None:
        name = codecs.lookup(encoding or DEFAULT_ENCODING).name
        self._unit = _UNITS.get(name[:6], 1)
        self._name: str | None = name if self._unit == 1 or len(name) > len("utf-16") else None
        self._encoding = name

    @property
    def is_wide(self) -> bool:
        """Whether each character has several bytes, so that the byte LF is only a part of a line's end."""
        return self._unit > 1

    def start(self, head: bytes) -> None:
        """Learn the order of bytes from the beginning of the file."""
        if self._name is None:
            is_big = head.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE))
            self._name = f"{self._encoding}-{'be' if is_big else 'le'}"

    def decode(self, line: bytes, *, is_first: bool) -> str:
        """Return the text of a line that was cut at the byte LF."""
        name = self._name or self._encoding
        if self._unit > 1:  # the other bytes of the line's end are before or behind the cut
            line = line[self._unit - 1 :] if name.endswith("-le") and not is_first else line
            line = line[: len(line) - len(line) % self._unit]
        return line.decode(name, "replace").replace("\ufeff", "")


class LineSink(ABC):
    """Receives the bytes of a file, and calls `line` for every line of it."""

    def __init__(self, encoding: str | None = None) -> None:
        self._decoder = LineDecoder(encoding)
        self._pending = b""
        self.lines = 0
        """The number of lines so far."""

    @property
    def is_wide(self) -> bool:
        """Whether the text is in UTF-16 or UTF-32."""
        return self._decoder.is_wide

    def update(self, data: memoryview, /) -> None:
        """Process the next bytes of the file."""
        first, *others = bytes(data).split(b"\n")
        if not others:
            self._pending = _kept(self._pending + first)
            return
        self._end_line(self._pending + first)
        for line in others[:-1]:
            self._end_line(line)
        self._pending = _kept(others[-1])

    def finish(self) -> None:
        """End the file; text after the last LF is a line."""
        if self._pending:
            self._end_line(self._pending)
            self._pending = b""

    def _end_line(self, line: bytes) -> None:
        self.lines += 1
        if self.lines == 1:
            self._decoder.start(line)
        self.line(self.lines, _kept(line))

    @abstractmethod
    def line(self, number: int, line: bytes) -> None:
        """Process one line, without its LF; of a very long line only both ends."""

    def decode(self, number: int, line: bytes) -> str:
        """Return the text of a line as one line, without blanks at its ends."""
        return " ".join(self._decoder.decode(line, is_first=number == 1).split())

    def separates(self, number: int, line: bytes) -> bool:
        """Return whether a line is empty, or separates what is before it from what follows."""
        if len(line) > _SHORT or _LETTER.search(line):
            return False
        return is_blank_or_separator(self._decoder.decode(line, is_first=number == 1))


def _kept(line: bytes) -> bytes:
    if len(line) <= 2 * MAX_LINE_BYTES_KEPT:
        return line
    return line[:MAX_LINE_BYTES_KEPT] + line[-MAX_LINE_BYTES_KEPT:]


def is_blank_or_separator(text: str) -> bool:
    """Return whether a line has no words: it is empty, or a row of asterisks, dashes or the like."""
    plain = text.strip()
    return not plain or is_separator(plain)


def is_separator(text: str) -> bool:
    """Return whether a line is a row of signs."""
    return _SEPARATOR.fullmatch(text.strip()) is not None


def is_annexe_heading(text: str) -> bool:
    """Return whether a line is the heading of one annexe: `Annexe 2:`, `Appendix`, `Приложение № 1`."""
    # lower case is the end of a sentence that was broken over lines: `see / annexe 2.`
    return (
        text.strip()[:1].isupper()
        and len(text) <= _MAX_HEADING_CHARS
        and _HEADING.fullmatch(text.strip()) is not None
    )
