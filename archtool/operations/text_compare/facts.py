"""Converts a comparison to the facts of its result: JSON values for scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from archtool.text.comparing.model import Kind, Piece, TextComparison, Word


def comparison_facts(comparison: TextComparison) -> dict[str, Any]:
    """Return the figures, the number of words of each kind, and each difference with its places."""
    figures = comparison.figures
    counts = comparison.words_by_kind
    return {
        "words": {kind.value: counts.get(kind, 0) for kind in Kind},
        "figures": {
            "similarity": figures.similarity,
            "character_error_rate": figures.character_error_rate,
            "word_error_rate": figures.word_error_rate,
            "character_distance": figures.character_distance,
            "word_distance": figures.word_distance,
            "is_exact": figures.is_exact,
        },
        "differences": list(_differences(comparison)),
    }


def _differences(comparison: TextComparison) -> Iterator[dict[str, Any]]:
    for piece in comparison.pieces:
        if piece.kind is not Kind.SAME:
            yield {
                "kind": piece.kind.value,
                "a": _words(comparison.one[slice(*piece.one)]),
                "b": _words(comparison.other[slice(*piece.other)]),
                "letters": [list(part) for part in piece.letters],
                "moved_with": _moved_with(piece, comparison),
            }


def _words(words: Sequence[Word]) -> dict[str, Any] | None:
    if not words:
        return None
    return {"line": words[0].line, "column": words[0].column, "text": " ".join(word.text for word in words)}


def _moved_with(piece: Piece, comparison: TextComparison) -> dict[str, int] | None:
    """Return where the other text has moved words."""
    if piece.moved_with is None:
        return None
    partner = comparison.pieces[piece.moved_with]
    is_in_one = partner.one[0] < partner.one[1]
    word = comparison.one[partner.one[0]] if is_in_one else comparison.other[partner.other[0]]
    return {"line": word.line, "column": word.column}
