"""How likely each accented word is damaged: by its letters, by known words, and by the words around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archtool.text.repairing.accents.accented_words import AccentedWord
from archtool.text.repairing.accents.carrier_inference import ONE_LETTER_LESS
from archtool.text.repairing.accents.known_words import KnownWords
from archtool.text.repairing.accents.letter_pairs import BORDER, LetterPairs
from archtool.text.repairing.accents.stretches import Border, damage_probabilities
from archtool.text.words import WORD

_IMPOSSIBLE = (
    -12.0
)  # evidence of a word like `été`, as a natural logarithm: other fonts begin inside a line, too
_LISTED = 6.0
_LISTED_SHORT = 2.0  # a word of one or two letters
_REPEATED = 2.0


@dataclass(frozen=True, slots=True)
class WordJudge:
    """Judges the accented words of one text."""

    text: str
    letter_pairs: LetterPairs

    def probabilities(self, words: Sequence[AccentedWord], known: KnownWords) -> list[float]:
        """Return for each word the probability that it is damaged."""
        restored = {word.start: word.restored for word in words if word.restored is not None}
        evidence = [
            self._evidence_of_letters(word) + self._evidence_of_words(word, known, restored) for word in words
        ]
        ends = [0, *(word.end for word in words)]
        borders = [self._border(end, word.start) for end, word in zip(ends, words, strict=False)]
        return damage_probabilities(evidence, borders)

    def _evidence_of_letters(self, word: AccentedWord) -> float:
        if word.restored is None:
            return _IMPOSSIBLE
        after = "" if word.is_broken else BORDER
        restored, letters = (BORDER + form.lower() + after for form in (word.restored, word.letters))
        gain = self.letter_pairs.log_probability(restored) - self.letter_pairs.log_probability(letters)
        return gain - ONE_LETTER_LESS * len(word.pairs)

    def _evidence_of_words(self, word: AccentedWord, known: KnownWords, restored: dict[int, str]) -> float:
        if word.restored is None:
            return 0.0
        forms = [word.restored]
        if word.is_broken and (following := WORD.match(self.text, word.end + 1)):
            forms.append(word.restored + restored.get(following.start(), following.group()))
        listed = any(map(known.is_listed, forms)) - known.is_listed(word.letters)
        repeated = any(map(known.is_repeated, forms)) - known.is_repeated(word.letters)
        weight = _LISTED if len(word.restored) > 2 else _LISTED_SHORT
        return weight * listed + _REPEATED * repeated

    def _border(self, end: int, start: int) -> Border:
        line_end = self.text.find("\n", end, start)
        if line_end < 0:
            return Border.NOTHING
        between = self.text[line_end:start]
        return Border.BLANK_LINE if "\n\n" in between or "\n\r\n" in between else Border.LINE_END
