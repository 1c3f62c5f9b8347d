"""The rule set `accents/1`: letters restored from a base letter and a carrier, and stray blanks dropped."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
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
from archtool.text.repairing.changes import Change, OpenPlace, Proposal, RepairContext, apply_changes
from archtool.text.words import WORD

_SURE = 0.999  # the probability from which a word counts as damaged
_SURE_WITHOUT_LANGUAGE = 0.9999
_DOUBTFUL = 0.3  # the probability from which a person is asked
_ROUNDS = 3  # after that, no change of a text that contradicts itself is certain
_WORDS_AROUND = 8  # words that become open places with one whose repair would be repaired again


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
        4. Read the repaired text again. Where more would be changed then, the evidence contradicts itself:
           the words there become open places, so that a second run changes nothing.
        """
        repair = self._repair_of(text, context)
        if repair is None:
            return Proposal()
        doubted: frozenset[int] = frozenset()
        for _ in range(_ROUNDS):
            proposal = repair.propose(doubted)
            again = self._repair_of(apply_changes(text, proposal.changes), context)
            contradicting = again.propose().changes if again and proposal.changes else ()
            if not contradicting:
                return proposal
            doubted |= repair.words_near(proposal.changes, contradicting)
        return repair.propose(repair.all_words())

    def _repair_of(self, text: str, context: RepairContext) -> _TextRepair | None:
        """Return the repair of a text; None if no letter in it is a carrier."""
        alphabet, letter_pairs = alphabet_of(context.language), letter_pairs_of(context.language)
        carriers = infer_carriers(text, alphabet, letter_pairs)
        if not carriers.letters:
            return None
        return _TextRepair(text, context, carriers, letter_pairs)

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
        self._words = list(find_accented_words(text, carriers))

    def all_words(self) -> frozenset[int]:
        """Return the offsets of the accented words."""
        return frozenset(word.start for word in self._words)

    def words_near(self, made: Sequence[Change], contradicting: Sequence[Change]) -> frozenset[int]:
        """Return the offsets of the words where the repaired text would be changed again, and around them."""
        starts = [word.start for word in self._words]
        repaired_ends, shifts, shift = [], [0], 0
        for change in made:
            repaired_ends.append(change.start + shift + len(change.after))
            shift += len(change.after) - len(change.before)
            shifts.append(shift)
        near: set[int] = set()
        for change in contradicting:
            offset = change.start - shifts[bisect_right(repaired_ends, change.start)]
            at = bisect_right(starts, offset)
            near.update(starts[max(0, at - 1 - _WORDS_AROUND) : at + _WORDS_AROUND])
        return frozenset(near)

    def propose(self, doubted: Collection[int] = ()) -> Proposal:
        """Return the changes and open places; `doubted` has the offsets of words that are not changed."""
        words = self._words
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
            is_sure = value >= self._sure and word.start not in doubted
            for place in repair.places() if is_sure else [repair.open_place()]:
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
