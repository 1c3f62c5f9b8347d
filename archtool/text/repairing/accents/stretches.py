"""Which parts of a text are damaged: accents are damaged in stretches, by the font that they are set in.

Each accented word has its own evidence; whether it is damaged also depends on its neighbours, as a hidden
Markov model of two states: damaged and not. The forward-backward algorithm gives each word its probability.
Source: Rabiner, A tutorial on hidden Markov models (1989), section III.A.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum

_DAMAGED_AT_FIRST = 0.02
_MOST_DAMAGED = 0.98  # a text whose damaged words are nearly all can still have a sound one
_ROUNDS = 3  # the share of damaged words is estimated from the text
_STRONGEST_EVIDENCE = 14.0  # as a natural logarithm: no single word outweighs all its neighbours


class Border(Enum):
    """What is between two accented words, with the probability that the font changes there."""

    NOTHING = 0.004
    LINE_END = 0.01
    BLANK_LINE = 0.1


def damage_probabilities(evidence: Sequence[float], borders: Sequence[Border]) -> list[float]:
    """Return the probability that each word is damaged.

    `evidence` has, for each word, the logarithm of how much likelier it is in a damaged stretch than in
    another; `borders` has what is before each word, and the first counts for nothing.
    """
    ratios = [math.exp(max(-_STRONGEST_EVIDENCE, min(_STRONGEST_EVIDENCE, value))) for value in evidence]
    changes = [border.value for border in borders]
    share = _DAMAGED_AT_FIRST
    result = [share] * len(ratios)
    for _ in range(_ROUNDS):
        forward = _pass(ratios, changes, share)
        backward = _pass(ratios[::-1], [0.0, *changes[:0:-1]], share)[::-1]
        result = []
        for ratio, before, after in zip(ratios, forward, backward, strict=True):
            damaged, sound = before * after * ratio / share, (1 - before) * (1 - after) / (1 - share)
            result.append(damaged / (damaged + sound))
        share = min((sum(result) + _DAMAGED_AT_FIRST) / (len(result) + 1), _MOST_DAMAGED)
    return result


def _pass(ratios: Sequence[float], changes: Sequence[float], share: float) -> list[float]:
    """Return the probability that each word is damaged, by the words before it alone.

    Where the font changes, the next word is damaged with the probability `share`, whatever the last one was:
    so the chain is the same in both directions.
    """
    expected = share
    result = []
    for ratio, change in zip(ratios, changes, strict=True):
        expected = expected * (1 - change) + share * change
        result.append(expected)
        expected = expected * ratio / (expected * ratio + 1 - expected)
    return result
