"""The words of a text that have accents, and how each reads if its accents are damaged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archtool.text.repairing.accents.carriers import Alphabet
from archtool.text.words import WORD


@dataclass(frozen=True, slots=True)
class Carriers:
    """The letters that one extraction wrote for accents."""

    alphabet: Alphabet
    letters: Mapping[tuple[str, bool], str]
    """Accent and whether the carrier is a capital, to the carrier."""

    @property
    def carriers(self) -> frozenset[str]:
        """All carriers."""
        return frozenset(self.letters.values())

    def covered_letters(self) -> frozenset[str]:
        """Return the letters with an accent that has a carrier; in a damaged text only carriers are left of them."""
        return frozenset(
            letter
            for letter in self.alphabet.letters
            if (self.alphabet.accent_of(letter), letter.isupper()) in self.letters
        )


@dataclass(frozen=True, slots=True)
class DamagedPair:
    """A base letter with a carrier, inside a word."""

    offset: int
    """Where the base letter is, in characters from the beginning of the text."""
    before: str
    """The two letters."""
    after: str
    """The letter that they stand for."""


@dataclass(frozen=True, slots=True)
class AccentedWord:
    """A word with letters that can be carriers, or with letters that a damaged text cannot have."""

    start: int
    """Its offset in the text, in characters."""
    letters: str
    """The word as it is written."""
    restored: str | None
    """The word if its accents are damaged; None if they cannot be, as in *été*: nothing is before the first é."""
    pairs: tuple[DamagedPair, ...]
    """What is damaged then; empty if nothing can be."""

    @property
    def end(self) -> int:
        """The offset after its last letter."""
        return self.start + len(self.letters)

    @property
    def ends_in_pair(self) -> bool:
        """Whether its last letter is a carrier, so that a blank after it can be stray."""
        return bool(self.pairs) and self.pairs[-1].offset + 2 == self.end


def find_accented_words(text: str, carriers: Carriers) -> Iterator[AccentedWord]:
    """Yield the words that have letters with the carriers' accents, in order."""
    covered = carriers.covered_letters()
    for match in WORD.finditer(text):
        if not covered.isdisjoint(word := match.group()):
            pairs = _read_as_damaged(word, match.start(), carriers, covered)
            restored = _restore(word, match.start(), pairs) if pairs is not None else None
            yield AccentedWord(match.start(), word, restored, pairs or ())


def _read_as_damaged(
    word: str, start: int, carriers: Carriers, covered: frozenset[str]
) -> tuple[DamagedPair, ...] | None:
    """Return the pairs of a damaged word; None if one of its letters does not fit in such a word."""
    alphabet_pairs = carriers.alphabet.pairs
    written = carriers.carriers
    pairs: list[DamagedPair] = []
    position = 0
    while position < len(word):
        pair = word[position : position + 2]
        if pair in alphabet_pairs and pair[1] in written:
            pairs.append(DamagedPair(start + position, pair, alphabet_pairs[pair]))
            position += 2
        elif word[position] in covered:
            return None
        else:
            position += 1
    return tuple(pairs)


def _restore(word: str, start: int, pairs: tuple[DamagedPair, ...]) -> str:
    parts = []
    position = 0
    for pair in pairs:
        parts += (word[position : pair.offset - start], pair.after)
        position = pair.offset - start + 2
    return "".join([*parts, word[position:]])
