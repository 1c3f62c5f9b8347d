"""The rule set `accents/1`: letters restored from a base letter and a carrier, and stray blanks dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archtool.text.repairing.accents.accented_words import AccentedWord, Carriers, find_accented_words
from archtool.text.repairing.accents.blank_verdicts import BlankJudge
from archtool.text.repairing.accents.carrier_inference import infer_carriers
from archtool.text.repairing.accents.carriers import alphabet_of
from archtool.text.repairing.accents.composed_letters import restores_letters
from archtool.text.repairing.accents.damaged_words import WordJudge
from archtool.text.repairing.accents.known_words import KnownWords
from archtool.text.repairing.accents.letter_pairs import LetterPairs, letter_pairs_of
from archtool.text.repairing.accents.word_repair import WordRepair
from archtool.text.repairing.changes import Change, OpenPlace, Proposal, RepairContext
from archtool.text.words import WORD

_SURE = 0.999  # the probability from which a word counts as damaged
_SURE_WITHOUT_LANGUAGE = 0.9999
_DOUBTFUL = 0.3  # the probability from which a person is asked


@dataclass(frozen=True, slots=True)
class AccentsRule:
    """Restores accents that an extraction wrote as separate letters."""

    name: str = "accents/1"
    summary: str = "restore accents extracted as separate letters: eé to é"

    def propose(self, text: str, context: RepairContext) -> Proposal:
        """Return the changes that the evidence allows, and the places that a person must decide.

        1. Infer which letters are carriers; without any, the text is left alone.
        2. Judge which words are damaged, first by their letters and their neighbours, then also by the words
           that are certain so far.
        3. Judge the blanks after the damaged letters.
        """
        alphabet, letter_pairs = alphabet_of(context.language), letter_pairs_of(context.language)
        carriers = infer_carriers(text, alphabet, letter_pairs)
        if not carriers.letters:
            return Proposal()
        return _TextRepair(text, context, carriers, letter_pairs).propose()

    def may_make(self, before: str, after: str) -> bool:
        """Return whether a change restores letters and drops blanks after them, and changes nothing else."""
        return restores_letters(before, after)


class _TextRepair:
    """The repair of one text."""

    def __init__(
        self, text: str, context: RepairContext, carriers: Carriers, letter_pairs: LetterPairs
    ) -> None:
        self._text = text
        self._context = context
        self._carriers = carriers
        self._letter_pairs = letter_pairs
        self._sure = _SURE if carriers.alphabet.language else _SURE_WITHOUT_LANGUAGE
        self._judge = WordJudge(text, letter_pairs)

    def propose(self) -> Proposal:
        words = list(find_accented_words(self._text, self._carriers))
        known = KnownWords(
            self._carriers.alphabet.language, self._context.words, Counter(), 0, self._letter_pairs
        )
        probabilities = self._judge.probabilities(words, known)
        known = known.with_own(self._certain_words(words, probabilities))
        probabilities = self._judge.probabilities(words, known)
        judged = [
            (word, value)
            for word, value in zip(words, probabilities, strict=True)
            if word.pairs and value >= _DOUBTFUL
        ]
        damaged = [word for word, _ in judged]
        blanks = BlankJudge(self._text, damaged, self._carriers.carriers, known).verdicts()
        changes: list[Change] = []
        open_places: list[OpenPlace] = []
        for word, value in judged:
            repair = WordRepair(word, value, blanks.get(word.end) if word.ends_in_pair else None, known)
            for place in repair.places() if value >= self._sure else [repair.open_place()]:
                if isinstance(place, Change):
                    changes.append(place)
                else:
                    open_places.append(place)
        return Proposal(tuple(changes), tuple(open_places))

    def _certain_words(self, words: Sequence[AccentedWord], probabilities: Sequence[float]) -> Iterator[str]:
        """Yield the words of the text that are not in doubt: undamaged ones, and unbroken restored ones."""
        accented = {word.start: (word, value) for word, value in zip(words, probabilities, strict=True)}
        after_blank = {word.end + 1 for word in words if word.is_broken}
        for match in WORD.finditer(self._text):
            if match.start() in after_blank:
                continue
            word, value = accented.get(match.start(), (None, 0.0))
            if word is None or value <= 1 - self._sure:
                yield match.group()
            elif value >= self._sure and word.restored and not word.is_broken:
                yield word.restored
