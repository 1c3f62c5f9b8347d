"""A part of a text that is checked at once: complete lines, decoded."""

from __future__ import annotations

from bisect import bisect_left

from archtool.text.checking.limits import CONTEXT_CHARACTERS
from archtool.text.checking.model import TextPlace

_RARE = bytes([*range(9), 11, *range(14, 32), 127, 0xC2, 0xCC, 0xCD, *range(0xE0, 0x100)])
"""Control characters, and first bytes of characters that are no letters of Latin, Greek or Cyrillic."""
_COMMON = bytes(set(range(256)) - set(_RARE))
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


class Chunk:
    """Complete lines of a text. Its text begins with an additional LF, so that `\\n` precedes each line."""

    __slots__ = ("_classes", "_ends", "_rare", "data", "first_column", "first_line", "is_last", "text")

    def __init__(self, data: bytes, text: str, *, is_last: bool = False) -> None:
        """`data` is the text in UTF-8; both without the additional LF."""
        self.data = b"\n" + data
        self.text = "\n" + text
        self.first_line = self.first_column = 1
        """Where the text begins in its file; the column is not 1 if a long line was cut."""
        self.is_last = is_last
        self._ends: list[int] | None = None
        self._rare: frozenset[int] | None = None
        self._classes: bytes | None = None

    @property
    def rare(self) -> frozenset[int]:
        """The control characters and first bytes of UTF-8 that occur, without those of common letters."""
        if self._rare is None:
            self._rare = frozenset(self.data.translate(None, _COMMON))
        return self._rare

    @property
    def classes(self) -> bytes:
        """A class for each character, at the same index: `L`atin, `G`reek, `C`yrillic, or `.`."""
        if self._classes is None:
            self._classes = self.data.translate(_CLASSES, _CONTINUATION)
        return self._classes

    def position(self, start: int) -> tuple[int, int]:
        """Return line and column of an index of `text`."""
        if self._ends is None:
            ends, at = [], self.text.find("\n")
            while at >= 0:
                ends.append(at)
                at = self.text.find("\n", at + 1)
            self._ends = ends
        before = bisect_left(self._ends, start)
        column = start - self._ends[before - 1]
        return self.first_line + before - 1, column + (self.first_column - 1 if before == 1 else 0)

    def place(self, start: int, end: int) -> TextPlace:
        """Return the place of `text[start:end]`."""
        line, column = self.position(start)
        left = max(self.text.rfind("\n", 0, start) + 1, start - CONTEXT_CHARACTERS)
        line_end = self.text.find("\n", end)
        right = min(len(self.text) if line_end < 0 else line_end, end + CONTEXT_CHARACTERS)
        after = self.text[end:right].removesuffix("\r")
        return TextPlace(line, column, self.text[left:start], self.text[start:end], after)
