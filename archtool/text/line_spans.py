"""Finds a range of lines in a file while it is read, and computes the digest of this range.

One file often contains two documents (the text, and after a line of asterisks its annexe). With the offset
and the digest, the range can still be extracted and checked in fifty years, with `tail -c` and `head -c`.
"""

from __future__ import annotations

from dataclasses import dataclass

from archtool.files.hashing.digests import Algorithm, Digest


@dataclass(frozen=True, slots=True)
class LineSpan:
    """A range of lines in a file; a line ends at LF (also in CR LF), the last one at the end of the file."""

    from_line: int
    to_line: int
    """The last line of the range; the last line of the file if no end was requested."""
    offset_bytes: int
    size_bytes: int
    digest: Digest
    lines_in_file: int


class SpanSink:
    """Finds lines `from_line` to `to_line` (counted from 1, inclusive) while a file is read."""

    def __init__(self, from_line: int, to_line: int | None, algorithm: Algorithm) -> None:
        self.from_line = from_line
        self.to_line = to_line
        self._algorithm = algorithm
        self._hasher = algorithm.hasher()
        self._line = 1  # the line that the next byte belongs to
        self._offset_bytes = 0
        self._start: int | None = 0 if from_line == 1 else None
        self._size_bytes = 0
        self._ends_in_lf = True

    def update(self, data: memoryview, /) -> None:
        """Process the next bytes of the file."""
        block = bytes(data)
        if not block:
            return
        start = self._position_in(block, self.from_line - self._line)
        end = len(block) if self.to_line is None else self._position_in(block, self.to_line + 1 - self._line)
        if start < end:
            if self._start is None:
                self._start = self._offset_bytes + start
            self._hasher.update(block[start:end])
            self._size_bytes += end - start
        self._line += block.count(b"\n")
        self._offset_bytes += len(block)
        self._ends_in_lf = block.endswith(b"\n")

    def _position_in(self, block: bytes, line_ends: int) -> int:
        """Return the position after the given number of line ends, or the end of the block."""
        position = 0
        for _ in range(line_ends):
            found = block.find(b"\n", position)
            if found < 0:
                return len(block)
            position = found + 1
        return position

    @property
    def lines_in_file(self) -> int:
        """The number of lines so far; text after the last LF counts as a line."""
        return self._line - 1 if self._ends_in_lf else self._line

    def span(self) -> LineSpan | None:
        """Return the range; `None` if the file does not have these lines."""
        lines = self.lines_in_file
        last = lines if self.to_line is None else self.to_line
        if self._start is None or self.from_line > lines or last > lines or last < self.from_line:
            return None
        digest = Digest(self._algorithm, self._hasher.hexdigest())
        return LineSpan(self.from_line, last, self._start, self._size_bytes, digest, lines)
