"""How likely letters are a word: by a word list, by the undamaged words of the text, and by their pairs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from archtool.text.repairing.accents.letter_pairs import BORDER, LetterPairs
from archtool.text.repairing.changes import Words

_LISTED = 3.5  # log(0.97 / 0.03): 97 % of the words of a text are in a list, and 3 % of what is not a word
_LISTED_BY_LENGTH = (0.0, 0.0, 0.5, 2.0)  # almost any two letters are in a list
_ONE_OF_THE_LIST = -12.0  # any word of a list of 150,000
_NO_WORD = -8.0  # one letter that is no word of the language
_OWN_SHARE = 0.9  # nine words in ten were in the text before
_UNSEEN_WORDS = 1000  # how many words must be read until that is so
_ONE_LETTER_WORDS = {
    "cs": "aikosuvz",
    "de": "",
    "es": "aeouyáéóú",
    "fr": "aàyô",
    "pl": "aiouwzó",
    "pt": "aàeéoóôy",
}


@dataclass(frozen=True, slots=True)
class KnownWords:
    """What is known of the words of a text."""

    language: str | None
    """The language, as its two letters."""
    listed: Words | None
    """The word list, if one was given."""
    own: Counter[str]
    """How often the text has each word undamaged, in small letters."""
    own_total: int
    """How many words that are."""
    letter_pairs: LetterPairs

    def with_own(self, words: Iterable[str]) -> KnownWords:
        """Return the same with other undamaged words of the text."""
        own = Counter(word.lower() for word in words)
        return replace(self, own=own, own_total=own.total())

    def log_probability(self, word: str) -> float:
        """Return how likely a word is, as a natural logarithm."""
        lower = word.lower()
        ways = [self.letter_pairs.log_probability(f"{BORDER}{lower}{BORDER}") + self._evidence_of_list(word)]
        if len(word) >= len(_LISTED_BY_LENGTH) and self.is_listed(word):
            ways.append(_ONE_OF_THE_LIST)
        if count := self.own[lower]:
            ways.append(math.log(_OWN_SHARE * count / (self.own_total + _UNSEEN_WORDS)))
        return max(ways)

    def _evidence_of_list(self, word: str) -> float:
        if len(word) == 1 and word.isalpha():
            known = _ONE_LETTER_WORDS.get(self.language or "", "".join(_ONE_LETTER_WORDS.values()))
            return 0.0 if word.lower() in known else _NO_WORD
        if self.listed is None:
            return 0.0
        if word not in self.listed:
            return -_LISTED
        return _LISTED_BY_LENGTH[len(word)] if len(word) < len(_LISTED_BY_LENGTH) else _LISTED

    def has(self, word: str) -> bool:
        """Return whether a word is in the word list or undamaged in the text."""
        return word.lower() in self.own or self.is_listed(word)

    def is_listed(self, word: str) -> bool:
        """Return whether a word is in the word list, if there is one."""
        return self.listed is not None and word in self.listed

    def is_repeated(self, word: str) -> bool:
        """Return whether the text has a word undamaged more than once: one may be the word in question."""
        return self.own[word.lower()] > 1
