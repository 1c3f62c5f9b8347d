"""Characters that are not in Unicode's normalization form C, such as a letter with a separate accent."""

from __future__ import annotations

import re
import unicodedata

from archtool.text.checking.chunk import Chunk
from archtool.text.checking.tally import Tally

_MAY_DIFFER = frozenset([0xCC, 0xCD, *range(0xD6, 0xE2), *range(0xE3, 0x100)])
"""First bytes of characters that can be in another form; of those with 0xE2 see below."""
_OTHER_E2 = re.compile(rb"\xe2[^\x80\x82\x86\x94-\x97\x99]")  # not quotes, dashes, arrows, boxes
_ANO_TELEIA = re.compile(rb"\xce\x87")
_CLUSTER = "[^\n][\u0300-\u036f\u0483-\u0487\u0591-\u06ed\u0900-\u1fff\u20d0-\u20ff\u3099\u309a]*"


class NormalizationDetector:
    """Finds them."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def check(self, chunk: Chunk) -> None:
        """Find the characters of a chunk."""
        if not self._may_differ(chunk) or unicodedata.is_normalized("NFC", chunk.text):
            return
        start = 0
        for line in chunk.text.splitlines(keepends=True):
            if not line.isascii() and not unicodedata.is_normalized("NFC", line):
                self._check_line(chunk, start, line)
            start += len(line)

    @staticmethod
    def _may_differ(chunk: Chunk) -> bool:
        rare = chunk.rare
        if _MAY_DIFFER & rare or (chunk.has_other_scripts and _ANO_TELEIA.search(chunk.data)):
            return True
        return 0xE2 in rare and _OTHER_E2.search(chunk.data) is not None

    def _check_line(self, chunk: Chunk, start: int, line: str) -> None:
        for found in re.finditer(_CLUSTER, line):
            cluster = found[0]
            if not cluster.isascii() and not unicodedata.is_normalized("NFC", cluster):
                self._tally.add(chunk, start + found.start(), start + found.end())
