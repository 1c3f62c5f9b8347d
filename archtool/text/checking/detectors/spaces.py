"""Two spaces and more between words, as justified lines leave them in extracted text.

Two spaces after the end of a sentence are a habit of typists, not damage: a text that has them only there is
not reported. Neither is indentation, nor a line in columns (wide gaps at more than one place).
"""

from __future__ import annotations

import re

from archtool.text.checking.chunk import Chunk
from archtool.text.checking.model import TextFault
from archtool.text.checking.tally import Tally
from archtool.text.sentence_gaps import SENTENCE_ENDS, is_typing_habit

KIND = "double-spaces"
# two or three spaces after words and before words; more set columns apart, or a name below a verse
_RUN = re.compile("  (?<=[^ \n\t\f]  ) ?(?! )(?=[^\n\r\t])")
_ELSEWHERE, _AFTER_SENTENCES = "between words", "after sentences"
_COLUMN_GAP = "    "  # in a line with such a gap, the narrower ones set columns apart, too


class SpaceDetector:
    """Finds them."""

    def __init__(self, most: int) -> None:
        self._tally = Tally(most)

    def check(self, chunk: Chunk) -> None:
        """Find the runs of spaces in the lines of a chunk."""
        text = chunk.text
        inside: list[tuple[int, int]] = []
        after: list[tuple[int, int]] = []
        line_end, has_columns = -1, False
        for found in _RUN.finditer(text):
            if found.start() > line_end:
                line_start = text.rfind("\n", 0, found.start()) + 1
                line_end = text.find("\n", found.end())
                line_end = len(text) if line_end < 0 else line_end
                has_columns = _COLUMN_GAP in text[line_start:line_end].strip()
            if not has_columns:
                (after if text[found.start() - 1] in SENTENCE_ENDS else inside).append(found.span())
        for name, spans in ((_ELSEWHERE, inside), (_AFTER_SENTENCES, after)):
            if self._tally.wants_places(name):
                self._tally.add_all(chunk, spans, name)
            else:
                self._tally.count(len(spans), name)

    def fault(self) -> TextFault | None:
        """Return what was found, unless spaces are doubled after sentences only."""
        elsewhere, after = self._tally.total(_ELSEWHERE), self._tally.total(_AFTER_SENTENCES)
        return None if is_typing_habit(after, elsewhere) else self._tally.fault(KIND)
