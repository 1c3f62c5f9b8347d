"""Groups the differences of two texts into places, each with some words before and after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archtool.text.comparing.model import Kind, Letters, TextComparison, Word

CONTEXT_WORDS = 4


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """A piece of both texts as it is shown."""

    kind: Kind
    one: tuple[Word, ...]
    other: tuple[Word, ...]
    letters: tuple[Letters, ...] = ()
    elsewhere: Word | None = None
    """Of moved words: the first of them in the other text."""


@dataclass(frozen=True, slots=True)
class Place:
    """Differences near each other, with the words around them."""

    pieces: tuple[ShownPiece, ...]
    is_cut_before: bool
    is_cut_after: bool

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of its differences, each once, in order."""
        return tuple(dict.fromkeys(piece.kind for piece in self.pieces if piece.kind is not Kind.SAME))


def whole_texts(comparison: TextComparison) -> Place:
    """Return both texts as one place."""
    return Place(tuple(_all_pieces(comparison)), is_cut_before=False, is_cut_after=False)


def differing_places(comparison: TextComparison, context: int = CONTEXT_WORDS) -> Iterator[Place]:
    """Yield the places that differ; differences with few words between them are one place."""
    group: list[ShownPiece] = []
    is_cut_before = False
    before: ShownPiece | None = None
    for piece in _all_pieces(comparison):
        if piece.kind is not Kind.SAME:
            if not group and before is not None:
                is_cut_before = len(before.one) > context
                group.append(_clipped(before, slice(max(0, len(before.one) - context), None)))
            elif not group:
                is_cut_before = False
            group.append(piece)
        elif group and len(piece.one) > 2 * context:
            yield Place((*group, _clipped(piece, slice(context))), is_cut_before, is_cut_after=True)
            group = []
        elif group:
            group.append(piece)
        before = piece if piece.kind is Kind.SAME else None
    if group:
        yield _last_place(group, is_cut_before, context)


def places_by_line(comparison: TextComparison) -> Iterator[Place]:
    """Yield both texts whole, divided where a line of the first text ends and both are the same."""
    group: list[ShownPiece] = []
    line = 1
    for piece in _all_pieces(comparison):
        start = 0
        if piece.kind is Kind.SAME:
            for at, word in enumerate(piece.one):
                if word.line != line and (group or at > start):
                    group += [_clipped(piece, slice(start, at))] if at > start else []
                    yield Place(tuple(group), is_cut_before=False, is_cut_after=False)
                    group, start = [], at
                line = word.line
            piece = _clipped(piece, slice(start, None))  # noqa: PLW2901 - the rest of it
        group.append(piece)
    if group:
        yield Place(tuple(group), is_cut_before=False, is_cut_after=False)


def _last_place(group: list[ShownPiece], is_cut_before: bool, context: int) -> Place:
    *_, last = group
    is_cut = last.kind is Kind.SAME and len(last.one) > context
    if is_cut:
        group[-1] = _clipped(last, slice(context))
    return Place(tuple(group), is_cut_before, is_cut_after=is_cut)


def _clipped(piece: ShownPiece, words: slice) -> ShownPiece:
    return ShownPiece(piece.kind, piece.one[words], piece.other[words])


def _all_pieces(comparison: TextComparison) -> Iterator[ShownPiece]:
    for piece in comparison.pieces:
        elsewhere = None
        if piece.moved_with is not None:
            partner = comparison.pieces[piece.moved_with]
            words: Sequence[Word] = comparison.one if piece.one[0] == piece.one[1] else comparison.other
            start = partner.one[0] if piece.one[0] == piece.one[1] else partner.other[0]
            elsewhere = words[start]
        yield ShownPiece(
            piece.kind,
            comparison.one[slice(*piece.one)],
            comparison.other[slice(*piece.other)],
            piece.letters,
            elsewhere,
        )
