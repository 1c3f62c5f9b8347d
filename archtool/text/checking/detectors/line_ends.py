"""Line ends of several kinds in one text."""

from __future__ import annotations

import re
from itertools import islice

from archtool.text.checking.chunk import Chunk
from archtool.text.checking.model import TextFault
from archtool.text.checking.tally import Tally

KIND = "line-ends"
_LONE_CR = re.compile("\r(?!\n)")
_CRLF = re.compile("\r\n")
_LONE_LF = re.compile("(?<!\r)\n")


class LineEndDetector:
    """Counts the kinds of line ends; all but the most frequent are reported."""

    def __init__(self, most: int) -> None:
        self._tally = Tally(most)

    def check(self, chunk: Chunk) -> None:
        """Count the line ends of a chunk."""
        data = chunk.data
        lines = chunk.line_ends
        returns = data.count(b"\r")
        both = data.count(b"\r\n") if returns else 0
        self._count(chunk, "LF", lines - both, _LONE_LF, first=1)
        self._count(chunk, "CR LF", both, _CRLF)
        self._count(chunk, "CR", returns - both, _LONE_CR)

    def _count(self, chunk: Chunk, name: str, number: int, search: re.Pattern[str], first: int = 0) -> None:
        if not number:
            return
        wanted = min(number, self._tally.places_wanted(name))
        if wanted:
            found = islice(search.finditer(chunk.text, first), wanted)
            self._tally.add_all(chunk, (one.span() for one in found), name)
        self._tally.count(number - wanted, name)

    def fault(self) -> TextFault | None:
        """Return the line ends that differ from most others."""
        counts = self._tally.variants()
        if len(counts) < 2:
            return None
        usual = max(counts, key=lambda name: counts[name])
        detail = f"most lines end in {usual}: {counts[usual]:,}"
        return self._tally.fault(KIND, [name for name in counts if name != usual], detail)
