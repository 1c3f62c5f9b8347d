"""Two spaces after the end of a sentence: a habit of typists, which is neither reported nor repaired."""

from __future__ import annotations

SENTENCE_ENDS = frozenset(".!?:…»”\")’'")
"""What a sentence can end with."""
_FEW = 0.1  # of those after sentences: the others are slips


def is_typing_habit(after_sentences: int, elsewhere: int) -> bool:
    """Return whether a text doubles spaces after sentences only, by the numbers of doubled spaces in it."""
    return elsewhere <= after_sentences * _FEW
