"""The changes and open places of one damaged word, with the evidence in words for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archtool.text.repairing.accents.accented_words import AccentedWord, DamagedPair
from archtool.text.repairing.accents.blank_verdicts import BlankVerdict
from archtool.text.repairing.accents.carriers import ACCENT_NAMES, take_apart
from archtool.text.repairing.accents.known_words import KnownWords
from archtool.text.repairing.changes import Change, OpenPlace, Reading


@dataclass(frozen=True, slots=True)
class WordRepair:
    """A word that is damaged, or may be."""

    word: AccentedWord
    probability: float
    """How likely it is damaged."""
    verdict: BlankVerdict | None
    """The verdict on the blank after it, if a blank is there."""
    known: KnownWords

    def places(self) -> Iterator[Change | OpenPlace]:
        """Yield the changes of a word that is certainly damaged.

        If the blank after it is in doubt, the blank alone is an open place.
        """
        for pair in self.word.pairs:
            if self.verdict is None or pair is not self.word.pairs[-1]:
                yield Change(pair.offset, pair.before, pair.after, self._evidence(pair))
            elif self.verdict.is_sure:
                before = pair.before + " " * self.verdict.is_stray
                evidence = f"{self._evidence(pair)}; {self.verdict.evidence}"
                yield Change(pair.offset, before, pair.after, evidence)
            else:
                yield Change(pair.offset, pair.before, pair.after, self._evidence(pair))
                yield OpenPlace(pair.offset + 2, " ", tuple(_readings("", self.verdict)))

    def open_place(self) -> OpenPlace:
        """Return the open place of a word that may be damaged: from its first pair to its last one."""
        word = self.word
        start, end = word.pairs[0].offset, word.pairs[-1].offset + 2
        written = word.letters[start - word.start : end - word.start]
        restored = _restore(written, start, word.pairs)
        blank = " " if self.verdict and (self.verdict.is_stray or not self.verdict.is_sure) else ""
        listed = self._in_list(word.restored or "")
        damaged = f"“{word.restored}”: {listed}{min(self.probability, 0.99):.0%} likely damaged"
        sound = Reading(written + blank, f"“{word.letters}”: {self._in_list(word.letters)}as it stands")
        if self.verdict and not self.verdict.is_sure:
            readings = [
                Reading(reading.after, f"{damaged}; {reading.evidence}")
                for reading in _readings(restored, self.verdict)
            ]
        else:
            readings = [Reading(restored, damaged)]
        likeliest = [*readings, sound] if self.probability >= 0.5 else [sound, *readings]
        return OpenPlace(start, written + blank, tuple(likeliest))

    def _evidence(self, pair: DamagedPair) -> str:
        carrier = take_apart(pair.before[1])
        name = ACCENT_NAMES[carrier.accent] if carrier else "accent"
        written = f"{name} written as {pair.before[1]}"
        restored = self.word.restored or ""
        if self.known.is_listed(restored):
            return f"{written}; “{restored}” is in the word list"
        if self.known.is_repeated(restored):
            return f"{written}; “{restored}” is elsewhere in the text"
        if self.known.letter_pairs.is_impossible(pair.before.lower()):
            return f"{written}; no word has {pair.before}"
        return f"{written}, as in the words around it"

    def _in_list(self, word: str) -> str:
        if self.known.listed is None:
            return ""
        return "in the word list; " if self.known.is_listed(word) else "not in the word list; "


def _readings(restored: str, verdict: BlankVerdict) -> Iterator[Reading]:
    """Yield what is restored without the blank and with it, the likelier first."""
    for blank in ("", " ") if verdict.is_stray else (" ", ""):
        yield Reading(restored + blank, verdict.if_real if blank else verdict.if_stray)


def _restore(written: str, start: int, pairs: tuple[DamagedPair, ...]) -> str:
    for pair in reversed(pairs):
        at = pair.offset - start
        written = written[:at] + pair.after + written[at + 2 :]
    return written
