"""Reads the rows of a table whose columns are named like the keys of a description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from archtool.batch.sources.rows.source_places import OtherNames
from archtool.description.table.cells import LIST_SEPARATOR, RowReader, Tree
from archtool.description.table.columns import PLAIN_LIST, Column, names_files
from archtool.findings import Finding, Place
from archtool.tables.model import Row, Table, fault_finding

LEFT_OUT = "left-out"


class RowColumns(Protocol):
    """What the cells of a row mean: columns named like keys, or columns of a mapping."""

    @property
    def other_names(self) -> OtherNames | None:
        """The names of the columns, if they are not the keys."""

    def text(self, row: Row, name: str) -> str:
        """Return the text of a row under a key; empty if there is none."""

    def files_in(self, row: Row) -> Iterator[tuple[str, str]]:
        """Yield the files that a row declares, each after its key; also the library that it cites from."""

    def left_out_in(self, row: Row) -> Iterator[str]:
        """Yield the patterns of the files that a row leaves out."""

    def place(self, number: int, name: str) -> Place:
        """Return the cell that gives a key in the row with a number, or where it should be given."""

    def read(self, row: Row) -> tuple[Tree, list[Finding]]:
        """Return the part of a description that a row contains, and the findings about its cells."""


class PlainColumns:
    """The columns of a table that are named like keys."""

    other_names: OtherNames | None = None

    def __init__(self, table: Table, columns: Sequence[Column | None]) -> None:
        self._table = table
        self._reader = RowReader(table.file, table.sheet, columns)
        self._column_numbers: Mapping[str, int] = {name: number for number, name in enumerate(table.names)}
        self._files = [(i, c.name) for i, c in enumerate(columns) if c is not None and declares_files(c)]
        self._left_out = [(i, c) for i, c in enumerate(columns) if c is not None and c.path[0] == LEFT_OUT]

    def text(self, row: Row, name: str) -> str:
        """See `RowColumns`."""
        number = self._column_numbers.get(name)
        return row.cells[number] if number is not None and number < len(row.cells) else ""

    def files_in(self, row: Row) -> Iterator[tuple[str, str]]:
        """See `RowColumns`."""
        cells = row.cells
        return ((name, cells[i]) for i, name in self._files if i < len(cells) and cells[i])

    def left_out_in(self, row: Row) -> Iterator[str]:
        """See `RowColumns`."""
        for i, column in self._left_out:
            yield from left_out_entries(column, row.cells[i] if i < len(row.cells) else "")

    def place(self, number: int, name: str) -> Place:
        """See `RowColumns`."""
        column = self._column_numbers.get(name)
        place = self._table.place(number, None if column is None else column + 1)
        return Place(place.file, None, place.column, place.sheet, place.row, name)

    def read(self, row: Row) -> tuple[Tree, list[Finding]]:
        """See `RowColumns`."""
        tree = self._reader.read(row.number, row.cells)
        faults = [fault_finding(self._table, row.number, fault) for fault in row.faults]
        return tree, [*faults, *self._reader.complaints]


def declares_files(column: Column) -> bool:
    """Whether the cells of a column name files that are read to make the package."""
    return names_files(column) or column.path[-1] == "library"


def left_out_entries(column: Column, text: str) -> Iterator[str]:
    """Yield the patterns in one cell of `left-out`."""
    items = text.split(LIST_SEPARATOR) if PLAIN_LIST in column.types else [text]
    yield from (item.strip() for item in items if item.strip())
