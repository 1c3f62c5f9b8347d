"""The words that count as evidence: those of a word list, and those of the text itself."""

from __future__ import annotations

import re
from collections import Counter

from archtool.text.repairing.changes import RepairContext
from archtool.text.words import WORD

WORD_START = r"(?<![^\W\d_])(?<![\u0300-\u036f])"
"""Where a word begins: without it, a pattern that begins with a word tries each letter of a long run."""
_COMPOUND = re.compile(rf"{WORD_START}(?:{WORD.pattern})(?:[-\u2010](?:{WORD.pattern}))+")
_BROKEN = re.compile(rf"(?:{WORD_START}{WORD.pattern})?[-\u2010\u00ad¬][ \t]*\r?\n")


class WordEvidence:
    """Words that a list or the text itself vouches for.

    Words of the text that are broken over a line's end do not count, and neither does a word that occurs only
    in the place in question: the caller says how often it occurs there.
    """

    def __init__(self, text: str, context: RepairContext) -> None:
        """Count the words of a text, and its compounds with hyphens."""
        self._list = context.words
        whole = _BROKEN.sub("\n", text)
        self._words = Counter(found[0].casefold() for found in WORD.finditer(whole))
        self._compounds = Counter(
            found[0].casefold().replace("\u2010", "-") for found in _COMPOUND.finditer(whole)
        )
        self.has_list = self._list is not None
        """Whether a word list was given."""

    def evidence_for(self, word: str) -> str | None:
        """Return why a word is known, or `None` if it is not."""
        if self._list is not None and word in self._list:
            return f"“{word}” is in the word list"
        return self._counted(word, self._words[word.casefold()])

    def evidence_for_compound(self, word: str) -> str | None:
        """Return why a word with a hyphen is known, or `None` if it is not."""
        if self._list is not None and word in self._list:
            return f"“{word}” is in the word list"
        return self._counted(word, self._compounds[word.casefold()])

    @staticmethod
    def _counted(word: str, count: int) -> str | None:
        if not count:
            return None
        return f"“{word}” occurs {'once' if count == 1 else f'{count} times'} elsewhere in the text"
