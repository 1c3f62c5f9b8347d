"""Lays two texts out side by side on a terminal, so that the same words stand in the same line.

Without colours it is as readable: letters that differ are in brackets, `[-…-]` is only in A, `[+…+]` only in
B, `[>…>]` in another place; the sign between the texts says what kind of difference a line has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from archtool.printable import show_steering
from archtool.report.comparison.kind_words import KIND_WORDS, SEVERAL
from archtool.report.comparison.places import Place, ShownPiece
from archtool.report.text.columns import ELLIPSIS, cut_end, text_width
from archtool.text.comparing.model import Kind, Letters, Word

_MIN_COLUMN = 16
_GUTTER = 3
_MIN_NUMBER = 3
_RUN_SIGNS = {Kind.MISSING: "-", Kind.ADDED: "+", Kind.MOVED: ">"}
_STYLES = {Kind.SAME: "plain", Kind.MISSING: "only-a", Kind.ADDED: "only-b", Kind.MOVED: "moved"}


class Part(NamedTuple):
    """A part of a line, in one style."""

    text: str
    style: str = "plain"


class _Cell(NamedTuple):
    """Words that stand beside each other; one of them can be empty."""

    kind: Kind
    one: str
    other: str
    line: int | None
    other_line: int | None


@dataclass
class _Row:
    """One line of the screen."""

    cells: list[_Cell] = field(default_factory=list)
    width: int = 0
    other_width: int = 0

    def has_room(self, cell: _Cell, column: int) -> bool:
        """Return whether a cell can be added."""
        return not self.cells or (
            _after(self.width, cell.one) <= column and _after(self.other_width, cell.other) <= column
        )

    def add(self, cell: _Cell) -> None:
        """Add a cell."""
        self.cells.append(cell)
        self.width, self.other_width = _after(self.width, cell.one), _after(self.other_width, cell.other)


def _after(width: int, text: str) -> int:
    return width + (1 if width and text else 0) + text_width(text)


def side_by_side(places: Iterable[Place], width: int, last_line: int) -> Iterator[list[Part]]:
    """Yield the lines of all places, with an empty one between them; `last_line` is the highest number."""
    number = max(_MIN_NUMBER, len(str(last_line)))
    column = max(_MIN_COLUMN, (width - _GUTTER - 2 * (number + 1)) // 2)
    for at, place in enumerate(places):
        if at:
            yield []
        for row in _rows(_cells(place, column), column):
            parts = list(_parts(row, column, number))
            while not parts[-1].text.strip():
                del parts[-1]
            parts[-1] = Part(parts[-1].text.rstrip(), parts[-1].style)
            yield parts


def _rows(cells: Iterable[_Cell], column: int) -> Iterator[_Row]:
    row = _Row()
    for cell in cells:
        if not row.has_room(cell, column):
            yield row
            row = _Row()
        row.add(cell)
    if row.cells:
        yield row


def _cells(place: Place, column: int) -> Iterator[_Cell]:
    if place.is_cut_before:
        yield _Cell(Kind.SAME, ELLIPSIS, ELLIPSIS, None, None)
    for piece in place.pieces:
        for cell in _cells_of(piece):
            yield cell._replace(one=cut_end(cell.one, column), other=cut_end(cell.other, column))
    if place.is_cut_after:
        yield _Cell(Kind.SAME, ELLIPSIS, ELLIPSIS, None, None)


def _cells_of(piece: ShownPiece) -> Iterator[_Cell]:
    if piece.kind is Kind.SAME:
        for word, other in zip(piece.one, piece.other, strict=True):
            yield _Cell(
                piece.kind, show_steering(word.text), show_steering(other.text), word.line, other.line
            )
    elif piece.kind in _RUN_SIGNS:
        for word, text in _run(piece):
            is_one = bool(piece.one)
            yield _Cell(
                piece.kind,
                text if is_one else "",
                "" if is_one else text,
                word.line if is_one else None,
                None if is_one else word.line,
            )
    else:
        yield _Cell(
            piece.kind,
            show_steering("".join(_marked(part, part.one) for part in piece.letters)),
            show_steering("".join(_marked(part, part.other) for part in piece.letters)),
            piece.one[0].line,
            piece.other[0].line,
        )


def _marked(part: Letters, text: str) -> str:
    return text if part.is_same else f"[{text}]"


def _run(piece: ShownPiece) -> Iterator[tuple[Word, str]]:
    """Yield the words that only one text has here, with a sign at the beginning and at the end."""
    sign = _RUN_SIGNS[piece.kind]
    words = piece.one or piece.other
    for at, word in enumerate(words):
        text = show_steering(word.text)
        text = f"[{sign}{text}" if at == 0 else text
        if at == len(words) - 1:
            where = f" line {piece.elsewhere.line}" if piece.elsewhere is not None else ""
            text = f"{text}{sign}{where}]"
        yield word, text


def _parts(row: _Row, column: int, number: int) -> Iterator[Part]:
    kinds = {cell.kind for cell in row.cells} - {Kind.SAME}
    sign = KIND_WORDS[next(iter(kinds))].sign if len(kinds) == 1 else SEVERAL if kinds else " "
    yield from _side([(c.kind, c.one, c.line) for c in row.cells], column, number, is_last=False)
    yield Part(f" {sign} ", "quiet" if not kinds else "plain")
    yield from _side([(c.kind, c.other, c.other_line) for c in row.cells], column, number, is_last=True)


def _side(
    cells: Sequence[tuple[Kind, str, int | None]], column: int, number: int, *, is_last: bool
) -> Iterator[Part]:
    line = next((line for _, _, line in cells if line is not None), None)
    yield Part(f"{'' if line is None else line:>{number}} ", "quiet")
    width = 0
    for kind, text, _ in cells:
        if text:
            if width:
                yield Part(" ")
            width = _after(width, text)
            yield Part(text, _STYLES.get(kind, "changed"))
    if not is_last:
        yield Part(" " * (column - width))
