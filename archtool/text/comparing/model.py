"""The model of a comparison: the words of two texts, and the pieces in which they are the same or differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """How a piece of one text relates to the other text."""

    SAME = "same"
    SPELLING = "spelling"
    """Letters or digits differ."""
    PUNCTUATION = "punctuation"
    """Only signs other than letters and digits differ, perhaps capitals too."""
    CASE = "case"
    """Only capitals differ."""
    SPACING = "spacing"
    """Only blanks between letters differ, perhaps signs and capitals too."""
    MISSING = "missing"
    """Only the first text has it."""
    ADDED = "added"
    """Only the second text has it."""
    MOVED = "moved"
    """Both texts have it, in different places."""


class Word(NamedTuple):
    """A word of a text with the signs around it: what stands between blanks."""

    text: str
    """Composed (NFC); a word that was divided at a line's end is joined."""
    line: int
    column: int
    """Both count from 1; the column counts characters."""


class Letters(NamedTuple):
    """A part of a word in both texts."""

    one: str
    other: str

    @property
    def is_same(self) -> bool:
        """Whether both texts have the same letters here."""
        return self.one == self.other


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that follow each other in one text or in both, and relate in one way."""

    kind: Kind
    one: tuple[int, int]
    """The first word in the first text, and the one after the last; equal if it has none."""
    other: tuple[int, int]
    """The same in the second text."""
    letters: tuple[Letters, ...] = ()
    """Which letters differ, if the words correspond to each other and differ."""
    moved_with: int | None = None
    """Of moved words: the number of the piece where the other text has them."""

    @property
    def size(self) -> int:
        """How many words it has, in the text that has more of them."""
        return max(self.one[1] - self.one[0], self.other[1] - self.other[0])


@dataclass(frozen=True, slots=True)
class Figures:
    """How far two texts are from each other; the first is the reference."""

    words_one: int
    words_other: int
    characters_one: int
    """Letters with their marks, signs and single blanks between words."""
    characters_other: int
    word_distance: int
    """The smallest number of words to replace, delete and insert."""
    character_distance: int
    """The same of characters."""
    is_exact: bool
    """Whether the distance of characters is the smallest one; otherwise it is that of the aligned words."""

    @property
    def word_error_rate(self) -> float | None:
        """Return WER: the distance in words for each word of the reference; `None` without words."""
        return self.word_distance / self.words_one if self.words_one else None

    @property
    def character_error_rate(self) -> float | None:
        """Return CER: the distance in characters for each character of the reference; `None` without any."""
        return self.character_distance / self.characters_one if self.characters_one else None

    @property
    def similarity(self) -> float:
        """Return 1 less the distance in characters for each character of the longer text: 1 if equal."""
        longer = max(self.characters_one, self.characters_other)
        return max(0.0, 1 - self.character_distance / longer) if longer else 1.0


@dataclass(frozen=True, slots=True)
class CompareRules:
    """What is no difference."""

    ignores_case: bool = False
    ignores_punctuation: bool = False


@dataclass(frozen=True, slots=True)
class TextComparison:
    """Two texts, and how they relate."""

    one: tuple[Word, ...]
    other: tuple[Word, ...]
    pieces: tuple[Piece, ...]
    """In order; all words of both texts are in them."""
    figures: Figures

    @property
    def words_by_kind(self) -> Mapping[Kind, int]:
        """How many words there are of each kind; moved words count once."""
        counts: Counter[Kind] = Counter()
        for piece in self.pieces:
            if piece.kind is not Kind.MOVED or piece.one[0] < piece.one[1]:
                counts[piece.kind] += piece.size
        return counts

    @property
    def has_difference(self) -> bool:
        """Whether anything differs."""
        return any(piece.kind is not Kind.SAME for piece in self.pieces)
