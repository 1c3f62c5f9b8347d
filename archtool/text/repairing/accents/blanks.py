"""Whether a blank after a damaged letter is stray, learned from the text itself.

An extraction inserts a blank after a damaged letter before certain next letters (in one document t, f and l),
before punctuation, at the end of a line, and before a real blank, so that a gap between words shows as two.
What it does in this text is counted: how often each next letter follows a damaged letter at once, after one
blank, and after more.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

_ENOUGH_GAPS = 8  # fewer may have one blank by chance in a justified line
_LEAST_PRIOR, _MOST_PRIOR = -25.0, 7.0  # words seldom outweigh what an extraction never does


@dataclass(frozen=True, slots=True)
class LineGaps:
    """The gaps between the words of one line that do not follow a damaged letter."""

    count: int
    """How many there are."""
    narrowest: int
    """The width of the narrowest one, in blanks; 1 if the line has none."""
    widest: int
    """The width of the widest one, in blanks; 1 if the line has none."""

    @classmethod
    def of(cls, widths: Sequence[int]) -> Self:
        """Return the gaps with these widths, in blanks."""
        return cls(len(widths), min(widths, default=1), max(widths, default=1))

    @property
    def has_single_gaps(self) -> bool:
        """Whether the line has other gaps, enough to compare with, and all have one blank."""
        return self.count >= _ENOUGH_GAPS and self.widest == 1

    @property
    def evidence_of_one_blank(self) -> float:
        """What one blank alone says in this line, as a natural logarithm: stray, if all other gaps are wider.

        A line with a single blank by chance has others, too: the more wide gaps there are, the less likely.
        """
        is_telling = self.count >= 2 and self.narrowest > 1
        return math.log((self.count + 1) * (self.count + 2)) if is_telling else 0.0

    def describe_wider(self) -> str:
        """Return in words what speaks against one blank between two words here; empty if nothing does."""
        return "all other gaps of the line are wider" if self.evidence_of_one_blank > 0 else ""

    def describe_one_blank(self) -> str:
        """Return in words what speaks for one blank between two words here; empty if nothing does."""
        return "no gap of the line is wider" if self.widest == 1 else ""


def _counts() -> defaultdict[str, float]:
    return defaultdict(float)


@dataclass(slots=True)
class BlankStatistics:
    """What follows damaged letters in a text, by the next letter; lines with wide gaps are not counted."""

    at_once: Counter[str] = field(default_factory=Counter)
    wide: Counter[str] = field(default_factory=Counter)
    """Two blanks or more, in lines whose other gaps have one."""
    single: Counter[str] = field(default_factory=Counter)
    """One blank, in lines whose other gaps have one, too."""
    stray: defaultdict[str, float] = field(default_factory=_counts)
    """One blank, inside a word; the sum of the probabilities."""
    real: defaultdict[str, float] = field(default_factory=_counts)
    """One blank, between two words; the sum of the probabilities."""

    def count(self, letter: str, stray: float, line: LineGaps) -> None:
        """Count one blank before a letter; `stray` is the probability that it is stray."""
        self.stray[letter] += stray
        if line.widest == 1:
            self.real[letter] += 1 - stray

    def inserts_before(self, letter: str) -> bool:
        """Return whether this extraction writes a blank before most letters of this kind inside words."""
        return self.stray[letter] > max(1.0, self.at_once[letter])

    def describe(self, letter: str, is_stray: bool) -> str:
        """Return in words what the counts say of one blank before a letter."""
        if not is_stray:
            return f"a real blank before {letter}"
        at_once, stray = self.at_once[letter], round(self.stray[letter])
        return f"stray blank: {stray} of {stray + at_once} letters {letter} after a damaged one have it"

    def describe_habit(self, letter: str, own_share: float) -> tuple[str, bool]:
        """Return how often this extraction writes a blank before a letter, and whether it does so at all.

        The first is a sentence for a person; it is empty if no damaged word has the letter inside.
        `own_share` is what the place in question has added to the count.
        """
        stray, at_once = round(self.stray[letter] - own_share), self.at_once[letter]
        if not stray:
            habit = f"inside other damaged words, none of {at_once} letters {letter} has a blank before it"
            return (habit if at_once else ""), False
        counts = f"{stray} of {stray + at_once} letters {letter}"
        return f"inside other damaged words, this extraction writes a blank before {counts}", True

    def single_gap_share(self) -> float:
        """Return how often a real gap after a damaged letter shows as one blank.

        Letters that often follow a damaged one at once get no stray blank: one blank before them is real.
        """
        letters = [
            letter for letter, count in self.at_once.items() if count > max(2, self.single[letter] / 9)
        ]
        real = self.real if self.real else self.single
        single = sum(real[letter] for letter in letters)
        return (single + 0.5) / (single + sum(self.wide[letter] for letter in letters) + 1)

    def priors(self) -> dict[str, float]:
        """Return for each letter the evidence that one blank before it is stray, as a natural logarithm.

        It compares how often this extraction writes a letter inside a word, after a damaged one and a blank,
        and how often a word begins with it there.
        """
        single_gap_share = self.single_gap_share()
        return {letter: self._prior(letter, single_gap_share) for letter in [*self.stray]}

    def _prior(self, letter: str, single_gap_share: float) -> float:
        inserted = self.stray[letter] + 0.2
        inside = self.stray[letter] + self.at_once[letter] + 0.5
        share = inserted / (self.stray[letter] + self.at_once[letter] + 0.4)
        # cubed: an extraction inserts a blank before a letter nearly always or nearly never
        share_inserted = share**3 / (share**3 + (1 - share) ** 3)
        at_beginning = self.real[letter] + self.wide[letter] + 0.5
        odds = inside * share_inserted / (at_beginning * single_gap_share)
        return max(_LEAST_PRIOR, min(_MOST_PRIOR, math.log(odds)))
