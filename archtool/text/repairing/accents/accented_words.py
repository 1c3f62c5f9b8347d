"""The words of a text that have accents, and how each reads if its accents are damaged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archtool.text.repairing.accents.carriers import MAX_WORD_LETTERS, Alphabet
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
        """Return the letters with an accent that has a carrier: a damaged text has only carriers of them."""
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
    """The word if its accents are damaged; None if they cannot be: *été* has nothing before its first é."""
    pairs: tuple[DamagedPair, ...]
    """What is damaged then; empty if nothing can be."""

    end: int
    """The offset after its last letter."""
    ends_in_pair: bool
    """Whether its last letter is a carrier, so that a blank after it can be stray."""
    is_broken: bool
    """Whether one blank is after such a last letter and then a letter, so that the word may go on there."""


def find_accented_words(text: str, carriers: Carriers) -> Iterator[AccentedWord]:
    """Yield the words that have letters with the carriers' accents, in order."""
    covered = carriers.covered_letters()
    for match in WORD.finditer(text):
        word = match.group()
        if len(word) <= MAX_WORD_LETTERS and not covered.isdisjoint(word):
            pairs = _read_as_damaged(word, match.start(), carriers, covered)
            end = match.end()
            if pairs is None:
                yield AccentedWord(match.start(), word, None, (), end, ends_in_pair=False, is_broken=False)
                continue
            ends_in_pair = pairs[-1].offset + 2 == end
            is_broken = ends_in_pair and text[end : end + 1] == " " and text[end + 1 : end + 2].isalpha()
            restored = _restore(word, match.start(), pairs)
            yield AccentedWord(match.start(), word, restored, pairs, end, ends_in_pair, is_broken)


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
    parts: list[str] = []
    position = 0
    for pair in pairs:
        parts += (word[position : pair.offset - start], pair.after)
        position = pair.offset - start + 2
    return "".join([*parts, word[position:]])
