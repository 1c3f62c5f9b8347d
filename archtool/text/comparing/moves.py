"""Finds words that are missing in one place and added in another: paragraphs and columns in another order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from archtool.text.comparing.limits import MIN_MOVED_WORDS

_MAX_STARTS = 8  # places that are tried for the same beginning


class Move(NamedTuple):
    """The same words in two places."""

    start: int
    other_start: int
    size: int


def find_moves(
    one: Sequence[str],
    other: Sequence[str],
    missing: Sequence[tuple[int, int]],
    added: Sequence[tuple[int, int]],
) -> list[Move]:
    """Return moved words, each word at most once, in the order of the first text.

    `missing` and `added` are the ranges of words that only one of the two texts has there.
    """
    starts: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for begin, end in added:
        for at in range(begin, end - MIN_MOVED_WORDS + 1):
            places = starts.setdefault(tuple(other[at : at + MIN_MOVED_WORDS]), [])
            if len(places) < _MAX_STARTS:
                places.append((at, end))
    taken: set[int] = set()
    moves = []
    for begin, end in missing:
        at = begin
        while at + MIN_MOVED_WORDS <= end:
            size, place = max(
                (
                    (_common(one, other, (at, end), (place, place_end), taken), place)
                    for place, place_end in starts.get(tuple(one[at : at + MIN_MOVED_WORDS]), ())
                ),
                default=(0, 0),
            )
            if size >= MIN_MOVED_WORDS:
                moves.append(Move(at, place, size))
                taken.update(range(place, place + size))
            at += max(size, 1) if size >= MIN_MOVED_WORDS else 1
    return moves


def _common(
    one: Sequence[str], other: Sequence[str], here: tuple[int, int], there: tuple[int, int], taken: set[int]
) -> int:
    size = 0
    most = min(here[1] - here[0], there[1] - there[0])
    while size < most and one[here[0] + size] == other[there[0] + size] and there[0] + size not in taken:
        size += 1
    return size
