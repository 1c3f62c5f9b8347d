"""A part of a text that is checked at once: complete lines, decoded."""

from __future__ import annotations

from archtool.text.checking.limits import CONTEXT_CHARACTERS
from archtool.text.checking.model import TextPlace

_OTHER_SCRIPTS = bytes([0xCE, 0xCF, *range(0xD0, 0xD4)])
"""First bytes of Greek and Cyrillic letters."""
_RARE = bytes([*range(9), 11, *range(14, 32), 127, 0xC2, 0xCC, 0xCD, *range(0xD6, 0x100)])
"""Control characters, and first bytes of characters that are no letters of Latin, Greek or Cyrillic."""
_COMMON = bytes(set(range(256)) - set(_RARE) - set(_OTHER_SCRIPTS))
_CONTINUATION = bytes(range(0x80, 0xC0))


def _classes() -> bytes:
    """Return the table from first bytes of UTF-8 to classes of characters."""
    table = bytearray(b"." * 256)
    for byte in range(256):
        if byte < 128 and chr(byte).isalpha():
            table[byte] = ord("L")
    for byte in range(0xC3, 0xCA):
        table[byte] = ord("L")
    table[0xCE] = table[0xCF] = ord("G")
    table[0xD0:0xD4] = b"CCCC"
    return bytes(table)


_CLASSES = _classes()
Origin = tuple[int, int]
"""The line and column at which a chunk begins in its file; the column is not 1 if a long line was cut."""


class Chunk:
    r"""Complete lines of a text. Its text begins with an additional LF, so that `\n` precedes each line."""

    __slots__ = (
        "_classes", "_known", "data", "first_column", "first_line", "has_other_scripts", "is_last",
        "line_ends", "rare", "text",
    )  # fmt: skip

    def __init__(self, data: bytes, text: str, origin: Origin = (1, 1), *, is_last: bool = False) -> None:
        """`data` is the text in UTF-8; both begin with the additional LF."""
        self.data = data
        self.text = text
        self.first_line, self.first_column = origin
        self.is_last = is_last
        self.line_ends = data.count(b"\n") - 1  # without the additional LF
        leads = data.translate(None, _COMMON)  # deleting nearly all bytes is the fastest question
        rare = leads.translate(None, _OTHER_SCRIPTS)
        self.rare = frozenset(rare)
        self.has_other_scripts = len(rare) < len(leads)
        self._classes: bytes | None = None
        self._known = len(text) + 1, 0
        """The last index whose line was counted, and this line: places are asked for in their order."""

    @property
    def classes(self) -> bytes:
        """A class for each character, at the same index: `L`atin, `G`reek, `C`yrillic, or `.`."""
        if self._classes is None:
            self._classes = self.data.translate(_CLASSES, _CONTINUATION)
        return self._classes

    def position(self, start: int) -> tuple[int, int]:
        """Return line and column of an index of `text`."""
        at, line = self._known if self._known[0] <= start else (0, self.first_line - 1)
        line += self.text.count("\n", at, start)
        self._known = start, line
        first = self.text.rfind("\n", 0, start)
        return line, start - first + (self.first_column - 1 if first == 0 else 0)

    def place(self, start: int, end: int) -> TextPlace:
        """Return the place of `text[start:end]`."""
        line, column = self.position(start)
        left = max(self.text.rfind("\n", 0, start) + 1, start - CONTEXT_CHARACTERS)
        line_end = self.text.find("\n", end)
        right = min(len(self.text) if line_end < 0 else line_end, end + CONTEXT_CHARACTERS)
        after = self.text[end:right].removesuffix("\r")
        return TextPlace(line, column, self.text[left:start], self.text[start:end], after)
