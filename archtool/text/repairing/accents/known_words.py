"""Whether a word is known: by the word list that was given, or because the text itself has it undamaged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archtool.text.repairing.changes import Words

_IN_LIST = 3.5  # log(0.97 / 0.03): 97 % of the words of a text are in a list, and 3 % of what is not a word
_IN_TEXT = 2.5
_NOT_IN_TEXT = -0.5  # most words occur once in a text
_SHORT = 2
_ONE_LETTER_WORDS = frozenset("aàyôoeéáuúóikosuvzwi")


@dataclass(frozen=True, slots=True)
class KnownWords:
    """Two sources of known words."""

    listed: Words | None
    """The word list, if one was given."""
    own: frozenset[str]
    """Words that the text has undamaged, in small letters."""

    def weigh(self, word: str) -> float:
        """Return the evidence that letters are a word, as a natural logarithm; negative if that is unlikely."""
        if len(word) == 1:
            return 0.0 if word.lower() in _ONE_LETTER_WORDS else -_IN_LIST
        in_text = word.lower() in self.own
        if self.listed is None:
            return _IN_TEXT if in_text else _NOT_IN_TEXT
        if word in self.listed:
            return 0.5 if len(word) <= _SHORT else _IN_LIST
        return 0.0 if in_text else -_IN_LIST

    def has(self, word: str) -> bool:
        """Return whether a word is known."""
        return word.lower() in self.own or (self.listed is not None and word in self.listed)


def own_words(words: Iterable[str]) -> frozenset[str]:
    """Return words of a text in the form in which they are compared."""
    return frozenset(word.lower() for word in words)
