"""How likely a word of a language is, by its pairs of letters: `eé` is in no French word, `ée` is in many."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from archtool.text.repairing.accents.carriers import primary_language
from archtool.text.repairing.accents.letter_pair_data import LETTER_PAIR_COUNTS

BORDER = "_"
"""What stands before the first and after the last letter of a word."""
_MAX_KNOWN = 200_000  # some 30 MB of memory
_UNSEEN_COUNT = 0.5  # as if each pair that no word has had been seen half a time
_IMPOSSIBLE = math.log(1e-5)  # in one of 100,000 places after the first letter
# no list of words proves that a pair never occurs: there are names and abbreviations
_LEAST_PROBABILITY = 2e-6
_FOREIGN_LETTER_PROBABILITY = 1e-4  # a letter that the language does not have
_AVERAGE_PROBABILITY = 1 / 40  # after a letter that the language does not have, each letter is as likely


@dataclass(frozen=True, slots=True)
class LetterPairs:
    """The pairs of letters of one language, or of all languages together."""

    log_probabilities: Mapping[str, float]
    """Two letters to the natural logarithm of the probability that the second follows the first."""
    letters: frozenset[str]
    """The letters of the language, and `BORDER`."""
    _known: dict[str, float] = field(default_factory=dict, compare=False)
    """Runs of letters that were asked before: texts repeat their words."""

    def log_probability(self, letters: str) -> float:
        """Return the natural logarithm of the probability of a run of letters, given the first one."""
        known = self._known.get(letters)
        if known is None:
            known = sum(self._pair(letters[i : i + 2]) for i in range(len(letters) - 1))
            if len(self._known) < _MAX_KNOWN:
                self._known[letters] = known
        return known

    def is_impossible(self, pair: str) -> bool:
        """Return whether hardly any word has a pair of letters."""
        return self.log_probability(pair) < _IMPOSSIBLE

    def _pair(self, pair: str) -> float:
        known = self.log_probabilities.get(pair)
        if known is not None:
            return known
        is_after_foreign_letter = pair[0] not in self.letters
        return math.log(_AVERAGE_PROBABILITY if is_after_foreign_letter else _FOREIGN_LETTER_PROBABILITY)


@cache
def letter_pairs_of(language: str | None) -> LetterPairs:
    """Return the pairs of a language (BCP 47); those of all languages if it is None or not known well."""
    primary = primary_language(language)
    tables = [_read_table(table) for name, table in LETTER_PAIR_COUNTS.items() if primary in (name, None)]
    letters = frozenset(letter for table in tables for letter in table)
    return LetterPairs(_log_probabilities(tables, letters), letters)


def _read_table(table: str) -> dict[str, dict[str, float]]:
    """Return the letters of one table with the probability of what follows each, if anything does."""
    letters, *rows = table.split()
    followers = {}
    for row in rows:
        counts = [1.5 * 2 ** (int(digit, 36) - 1) if digit != "0" else 0.0 for digit in row[1:]]
        total = sum(counts) + _UNSEEN_COUNT * len(letters)
        shares = (
            (letter, (count + _UNSEEN_COUNT) / total) for letter, count in zip(letters, counts, strict=True)
        )
        followers[row[0]] = dict(shares)
    return followers


def _log_probabilities(
    tables: list[dict[str, dict[str, float]]], letters: frozenset[str]
) -> dict[str, float]:
    """Return the mean of the tables that have the first letter."""
    result = {}
    for first in letters:
        rows = [table[first] for table in tables if first in table]
        for second in letters:
            mean = sum(row.get(second, 0.0) for row in rows) / len(rows)
            result[first + second] = math.log(max(mean, _LEAST_PROBABILITY))
    return result
