"""Which letter an extraction wrote for each accent, inferred from the text.

A carrier follows letters that its accent can stand on, in pairs that hardly any word of the language has. Its
neighbours fit the accented letter: `reépublique` is unlikely, `république` is not.
"""

from __future__ import annotations

import re
from collections import Counter

from archtool.text.repairing.accents.accented_words import Carriers
from archtool.text.repairing.accents.carriers import Alphabet
from archtool.text.repairing.accents.letter_pairs import BORDER, LetterPairs
from archtool.text.words import WORD

ONE_LETTER_LESS = 3.0
"""What a reading with one letter less gains by its length alone, as a natural logarithm: about one in twenty."""
_CLEAR = 4.0  # as a natural logarithm: by chance, one pair in fifty looks like damage so clearly


def infer_carriers(text: str, alphabet: Alphabet, letter_pairs: LetterPairs) -> Carriers:
    """Return the carriers of a text; without any, nothing in it looks like damage.

    Each accent has at most one carrier among the small letters and one among the capitals: the letter with the
    most clear pairs.
    """
    clear = _count_clear_pairs(text, alphabet, letter_pairs)
    chosen: dict[tuple[str, bool], str] = {}
    for carrier, _ in sorted(clear.items(), key=lambda item: (-item[1], item[0])):
        accent = alphabet.accent_of(carrier)
        assert accent is not None  # noqa: S101 # only accented letters are counted
        chosen.setdefault((accent, carrier.isupper()), carrier)
    for (accent, is_capital), carrier in list(chosen.items()):
        if not is_capital and _is_mostly_in_pairs(text, carrier.upper(), alphabet):
            chosen.setdefault((accent, True), carrier.upper())
    return Carriers(alphabet, chosen)


def _is_mostly_in_pairs(text: str, capital: str, alphabet: Alphabet) -> bool:
    """Return whether most of the occurrences of a capital can be carriers."""
    bases = "".join(pair[0] for pair in alphabet.pairs if pair[1] == capital)
    in_pairs = len(re.findall(f"[{bases}]{capital}", text)) if bases else 0
    return 0 < in_pairs and 2 * in_pairs >= text.count(capital)


def _count_clear_pairs(text: str, alphabet: Alphabet, letter_pairs: LetterPairs) -> Counter[str]:
    """Return how often each letter is clearly a carrier."""
    clear: Counter[str] = Counter()
    for word, count in Counter(WORD.findall(text)).items():
        if word.isascii() or alphabet.letters.isdisjoint(word):
            continue
        for position in range(len(word) - 1):
            pair = word[position : position + 2]
            if pair in alphabet.pairs and _gain(word, position, alphabet, letter_pairs) >= _CLEAR:
                clear[pair[1]] += count
    return clear


def _gain(word: str, position: int, alphabet: Alphabet, letter_pairs: LetterPairs) -> float:
    """Return how much likelier a pair becomes as one letter, with the letters beside it."""
    left = word[position - 1] if position else BORDER
    pair, right = word[position : position + 2], word[position + 2 : position + 3]
    restored = letter_pairs.log_probability((left + alphabet.pairs[pair] + right).lower())
    return restored - letter_pairs.log_probability((left + pair + right).lower()) - ONE_LETTER_LESS
