"""The rule set `accents/1`: letters restored from a base letter and a carrier, and stray blanks dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archtool.text.repairing.accents.accented_words import AccentedWord, Carriers, find_accented_words
from archtool.text.repairing.accents.blank_verdicts import BlankJudge, BlankVerdict
from archtool.text.repairing.accents.carrier_inference import infer_carriers
from archtool.text.repairing.accents.carriers import ACCENT_NAMES, alphabet_of
from archtool.text.repairing.accents.composed_letters import restores_letters
from archtool.text.repairing.accents.damaged_words import WordJudge
from archtool.text.repairing.accents.known_words import KnownWords
from archtool.text.repairing.accents.letter_pairs import LetterPairs, letter_pairs_of
from archtool.text.repairing.changes import Change, OpenPlace, Proposal, Reading, RepairContext
from archtool.text.words import WORD

_SURE = 0.999  # the probability from which a word counts as damaged
_SURE_WITHOUT_LANGUAGE = 0.9999
_DOUBTFUL = 0.3  # the probability from which a person is asked


@dataclass(frozen=True, slots=True)
class AccentsRule:
    """Restores accents that an extraction wrote as separate letters."""

    name: str = "accents/1"
    summary: str = "restore accents extracted as separate letters, and drop the stray blanks after them"

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
            (word, value >= self._sure)
            for word, value in zip(words, probabilities, strict=True)
            if word.pairs and value >= _DOUBTFUL
        ]
        damaged = [word for word, _ in judged]
        blanks = BlankJudge(self._text, damaged, self._carriers.carriers, known).verdicts()
        changes: list[Change] = []
        open_places: list[OpenPlace] = []
        for word, is_sure in judged:
            verdict = blanks.get(word.end) if word.ends_in_pair else None
            if is_sure:
                _repair_word(word, verdict, self._evidence(word, known), changes, open_places)
            else:
                open_places.append(_open_word(word, verdict))
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

    def _evidence(self, word: AccentedWord, known: KnownWords) -> str:
        written = sorted({pair.before[1] for pair in word.pairs})
        names = [
            f"{ACCENT_NAMES[self._carriers.alphabet.accent_of(letter) or '']} written as {letter}"
            for letter in written
        ]
        found = (
            "in the word list"
            if word.restored and known.is_listed(word.restored)
            else "like the words around it"
        )
        return f"{', '.join(names)}; {found}"


def _repair_word(
    word: AccentedWord,
    verdict: BlankVerdict | None,
    evidence: str,
    changes: list[Change],
    open_places: list[OpenPlace],
) -> None:
    """Add the changes of one damaged word; a pair is an open place if the blank after it is in doubt."""
    for pair in word.pairs:
        if verdict is None or pair is not word.pairs[-1]:
            changes.append(Change(pair.offset, pair.before, pair.after, evidence))
        elif verdict.is_sure:
            before, after = pair.before + " " * verdict.is_stray, pair.after
            changes.append(Change(pair.offset, before, after, f"{evidence}; {verdict.evidence}"))
        else:
            forms = ("", " ") if verdict.is_stray else (" ", "")
            readings = tuple(
                Reading(pair.after + form, "the blank is real" if form else "the blank is stray")
                for form in forms
            )
            open_places.append(OpenPlace(pair.offset, pair.before + " ", readings))


def _open_word(word: AccentedWord, verdict: BlankVerdict | None) -> OpenPlace:
    start = word.pairs[0].offset
    end = word.pairs[-1].offset + 2
    written = word.letters[start - word.start : end - word.start]
    restored = written
    for pair in reversed(word.pairs):
        at = pair.offset - start
        restored = restored[:at] + pair.after + restored[at + 2 :]
    blanks = " " * (verdict is not None and verdict.is_stray)
    return OpenPlace(
        start,
        written + blanks,
        (
            Reading(restored, f"damaged: the word would be {word.restored}"),
            Reading(written + blanks, f"undamaged: the word would be {word.letters}"),
        ),
    )
