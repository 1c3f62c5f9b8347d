"""Finds out which words correspond to each other where two texts differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from archtool.text.comparing.letters import likeness
from archtool.text.comparing.limits import MAX_CELLS, MAX_JOINED

_ALIKE = 0.5  # words that are less like each other are different words
_JOINED_ALIKE = 0.8  # several words are taken for one only if nearly all letters are the same
_ALONE_COST = 0.55  # of a word that only one text has: two of them cost more than the least alike pair
_JOIN_COST = 0.05  # of each blank that only one text has


class Span(NamedTuple):
    """Words of the first text, and the words of the second that correspond to them; one can be empty."""

    start: int
    end: int
    other_start: int
    other_end: int


def match_words(one: Sequence[str], other: Sequence[str], span: Span) -> list[Span]:
    """Divide a span in which all words differ into words that correspond, and words that stand alone.

    `one` and `other` are the letters of the words. A large span is divided in its order only.
    """
    rows, columns = span.end - span.start, span.other_end - span.other_start
    if not rows or not columns:
        return [span]
    if rows * columns > MAX_CELLS:
        return list(_in_order(one, other, span))
    steps = _cheapest_steps(one[span.start : span.end], other[span.other_start : span.other_end])
    found = []
    row, column = rows, columns
    while row or column:
        up, left = steps[row][column]
        found.append(
            Span(
                span.start + row - up,
                span.start + row,
                span.other_start + column - left,
                span.other_start + column,
            )
        )
        row, column = row - up, column - left
    return found[::-1]


def _in_order(one: Sequence[str], other: Sequence[str], span: Span) -> Iterator[Span]:
    """Pair the words one by one; those that are not alike stand alone."""
    start, end, other_start, other_end = span
    for at in range(max(end - start, other_end - other_start)):
        row, column = min(start + at, end), min(other_start + at, other_end)
        is_pair = row < end and column < other_end and likeness(one[row], other[column]) >= _ALIKE
        if is_pair:
            yield Span(row, row + 1, column, column + 1)
        else:
            if row < end:
                yield Span(row, row + 1, column, column)
            if column < other_end:
                yield Span(min(row + 1, end), min(row + 1, end), column, column + 1)


def _cheapest_steps(one: Sequence[str], other: Sequence[str]) -> list[list[tuple[int, int]]]:
    """Return, for each pair of positions, by how many words of each text the cheapest way comes there."""
    costs = [[0.0] * (len(other) + 1) for _ in range(len(one) + 1)]
    steps = [[(0, 0)] * (len(other) + 1) for _ in range(len(one) + 1)]
    for row in range(len(one) + 1):
        for column in range(len(other) + 1):
            if row or column:
                costs[row][column], steps[row][column] = min(
                    (costs[row - up][column - left] + cost, (up, left))
                    for up, left, cost in _ways(one, other, row, column)
                )
    return steps


def _ways(
    one: Sequence[str], other: Sequence[str], row: int, column: int
) -> Iterator[tuple[int, int, float]]:
    """Yield the last steps of the ways to a position, and what each costs."""
    if row:
        yield 1, 0, _ALONE_COST
    if column:
        yield 0, 1, _ALONE_COST
    if not row or not column:
        return
    like = likeness(one[row - 1], other[column - 1])
    if like >= _ALIKE:
        yield 1, 1, 1 - like
    for number in range(2, MAX_JOINED + 1):
        if row >= number:
            like = likeness("".join(one[row - number : row]), other[column - 1])
            if like >= _JOINED_ALIKE:
                yield number, 1, 1 - like + _JOIN_COST * (number - 1)
        if column >= number:
            like = likeness(one[row - 1], "".join(other[column - number : column]))
            if like >= _JOINED_ALIKE:
                yield 1, number, 1 - like + _JOIN_COST * (number - 1)
