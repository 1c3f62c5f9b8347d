"""Which letter an extraction wrote for each accent, inferred from the text.

A carrier follows letters that its accent can stand on, in pairs that hardly any word of the language has. Its
neighbours fit the accented letter: `reépublique` is unlikely, `république` is not.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from archtool.text.repairing.accents.accented_words import Carriers
from archtool.text.repairing.accents.carriers import MAX_WORD_LETTERS, Alphabet
from archtool.text.repairing.accents.letter_pairs import BORDER, LetterPairs
from archtool.text.words import WORD

ONE_LETTER_LESS = 3.0
"""What a reading with one letter less gains by its length alone, as a natural logarithm: one in twenty."""
_ENOUGH_WORDS = 3
"""Different words with clear pairs that make a letter a carrier; fewer are typing errors or names."""
_ENOUGH_SHARE = 0.5  # of the different words with that accent, in short texts
_LEAST_SHARE = 0.002  # of all letters with that accent: one damaged page in five hundred
_SHARE_OF_NATURAL = 0.3  # of all letters with that accent, where sound words have the same pair
_CERTAINLY_DAMAGED_WORDS = 10  # different words; then each clear pair makes a carrier
_CLEAR = 4.0  # as a natural logarithm: by chance, one pair in fifty looks like damage so clearly


def infer_carriers(text: str, alphabet: Alphabet, letter_pairs: LetterPairs) -> Carriers:
    """Return the carriers of a text; without any, nothing in it looks like damage.

    Each accent has at most one carrier among the small letters and one among the capitals: the letter with
    most clear pairs.
    """
    counts = _count_letters(text, alphabet, letter_pairs)
    candidates: dict[tuple[str, bool], str] = {}
    for carrier, _ in sorted(counts.clear.items(), key=lambda item: (-item[1], item[0])):
        candidates.setdefault(_class_of(carrier, alphabet), carrier)
    if not any(counts.has_enough(carrier, of) for of, carrier in candidates.items()):
        return Carriers(alphabet, {})
    is_damaged = any(
        counts.clear_words[carrier] >= _CERTAINLY_DAMAGED_WORDS for carrier in candidates.values()
    )
    natural = frozenset(pair[1] for pair in alphabet.natural_pairs)
    chosen = {
        of: carrier
        for of, carrier in candidates.items()
        if (is_damaged or counts.has_enough(carrier, of))
        and (carrier not in natural or counts.clear[carrier] >= _SHARE_OF_NATURAL * counts.occurrences[of])
    }
    for (accent, is_capital), carrier in list(chosen.items()):
        if not is_capital and _is_mostly_in_pairs(text, carrier.upper(), alphabet):
            chosen.setdefault((accent, True), carrier.upper())
    return Carriers(alphabet, chosen)


@dataclass(frozen=True, slots=True)
class _LetterCounts:
    """How often accented letters occur, and how often they clearly stand for an accent."""

    clear: Counter[str]
    """How often each letter is clearly a carrier."""
    clear_words: Counter[str]
    """In how many different words."""
    occurrences: Counter[tuple[str, bool]]
    """How often the letters with each accent occur, capitals apart."""
    words: Counter[tuple[str, bool]]
    """In how many different words."""

    def has_enough(self, carrier: str, of: tuple[str, bool]) -> bool:
        """Return whether clear pairs are more than some odd words in a sound text."""
        is_in_words = self.clear_words[carrier] >= min(_ENOUGH_WORDS, _ENOUGH_SHARE * self.words[of])
        return is_in_words and self.clear[carrier] >= _LEAST_SHARE * self.occurrences[of]


def _class_of(letter: str, alphabet: Alphabet) -> tuple[str, bool]:
    return alphabet.accent_of(letter) or "", letter.isupper()


def _is_mostly_in_pairs(text: str, capital: str, alphabet: Alphabet) -> bool:
    """Return whether most of the occurrences of a capital can be carriers."""
    bases = "".join(pair[0] for pair in alphabet.pairs if pair[1] == capital)
    in_pairs = len(re.findall(f"[{bases}]{capital}", text)) if bases else 0
    return in_pairs > 0 and 2 * in_pairs >= text.count(capital)


def _count_letters(text: str, alphabet: Alphabet, letter_pairs: LetterPairs) -> _LetterCounts:
    counts = _LetterCounts(Counter(), Counter(), Counter(), Counter())
    for word, count in Counter(WORD.findall(text)).items():
        if word.isascii() or len(word) > MAX_WORD_LETTERS or alphabet.letters.isdisjoint(word):
            continue
        clear = {
            word[position + 1]
            for position in range(len(word) - 1)
            if word[position : position + 2] in alphabet.pairs
            and _gain(word, position, alphabet, letter_pairs) >= _CLEAR
        }
        for letter in clear:
            counts.clear[letter] += count
            counts.clear_words[letter] += 1
        for of in {_class_of(letter, alphabet) for letter in word if letter in alphabet.letters}:
            counts.occurrences[of] += count
            counts.words[of] += 1
    return counts


def _gain(word: str, position: int, alphabet: Alphabet, letter_pairs: LetterPairs) -> float:
    """Return how much likelier a pair becomes as one letter, with the letters beside it."""
    left = word[position - 1] if position else BORDER
    pair, right = word[position : position + 2], word[position + 2 : position + 3]
    restored = letter_pairs.log_probability((left + alphabet.pairs[pair] + right).lower())
    return restored - letter_pairs.log_probability((left + pair + right).lower()) - ONE_LETTER_LESS
