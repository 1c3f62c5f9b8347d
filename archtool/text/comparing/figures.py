"""Measures how far two texts are from each other: errors by words and by characters."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from archtool.text.comparing.letters import clusters_of
from archtool.text.comparing.limits import MAX_CHARACTER_STEPS
from archtool.text.comparing.model import Figures, Kind, Piece

_WORD_BITS = 64  # characters that are compared in one step
_MIN_HINT = 32


def measure(one: Sequence[str], other: Sequence[str], pieces: Sequence[Piece]) -> Figures:
    """Measure two texts, given their words and how these are aligned."""
    first, second = clusters_of(" ".join(one)), clusters_of(" ".join(other))
    words = max(_MIN_HINT, sum(piece.size for piece in pieces if piece.kind is not Kind.SAME))
    most = sum(_distance(piece, one, other) for piece in pieces if piece.kind is not Kind.SAME)
    is_exact = max(most, _MIN_HINT) * max(len(first), len(second)) <= MAX_CHARACTER_STEPS * _WORD_BITS
    if is_exact:
        most = Levenshtein.distance(first, second, score_hint=max(most, _MIN_HINT))
    most = min(most, max(len(first), len(second)))
    return Figures(
        words_one=len(one),
        words_other=len(other),
        characters_one=len(first),
        characters_other=len(second),
        word_distance=Levenshtein.distance(one, other, score_hint=words),
        character_distance=most,
        is_exact=is_exact,
    )


def _distance(piece: Piece, one: Sequence[str], other: Sequence[str]) -> int:
    """Return the distance within a piece, in characters; a word that stands alone has its blank with it."""
    texts = [" ".join(words) for words in (one[slice(*piece.one)], other[slice(*piece.other)])]
    if not all(texts):
        return max(len(clusters_of(text)) for text in texts) + 1
    return int(Levenshtein.distance(*map(clusters_of, texts)))
