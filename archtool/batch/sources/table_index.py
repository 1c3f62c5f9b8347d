"""One table of a batch: its columns, and its rows as they were read once."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

from archtool.batch.sources.row_store import Spool
from archtool.description.table.cells import LIST_SEPARATOR, RowReader, Tree
from archtool.description.table.columns import PLAIN_LIST, Column, names_files
from archtool.findings import Finding, Place
from archtool.tables.model import Fault, Row, Table, fault_finding

_LEFT_OUT = "left-out"


class Sheet:
    """A table whose rows are kept on the disk, each found by its number among those that are kept."""

    def __init__(self, table: Table, columns: Sequence[Column | None]) -> None:
        self.table = table
        self._reader = RowReader(table.file, table.sheet, columns)
        self._at = {name: number for number, name in enumerate(table.names)}
        self._files = [i for i, c in enumerate(columns) if c is not None and _says_files(c)]
        self._left_out = [(i, c) for i, c in enumerate(columns) if c is not None and c.path[0] == _LEFT_OUT]
        self._spool = Spool()
        self._numbers = array("q")
        self._faults: dict[int, tuple[Fault, ...]] = {}

    def text(self, row: Row, name: str) -> str:
        """What a row has in a column; nothing where there is no such column."""
        number = self._at.get(name)
        return row.cells[number] if number is not None and number < len(row.cells) else ""

    def files_in(self, row: Row) -> Iterator[str]:
        """The files that a row declares, the library that it cites from among them."""
        return (row.cells[i] for i in self._files if i < len(row.cells) and row.cells[i])

    def left_out_in(self, row: Row) -> Iterator[str]:
        """The patterns of what a row leaves out."""
        for i, column in self._left_out:
            text = row.cells[i] if i < len(row.cells) else ""
            items = text.split(LIST_SEPARATOR) if PLAIN_LIST in column.types else [text]
            yield from (item.strip() for item in items if item.strip())

    def keep(self, row: Row) -> int:
        """Keep a row; gives its number."""
        self._numbers.append(row.number)
        number = self._spool.add(row.cells)
        if row.faults:
            self._faults[number] = row.faults
        return number

    def kept(self, number: int) -> Row:
        """A row that was kept."""
        return Row(self._numbers[number], tuple(self._spool.get(number)), self._faults.get(number, ()))

    def place(self, number: int, name: str) -> Place:
        """The cell of a kept row in a column, there or not."""
        column = self._at.get(name)
        place = self.table.place(self._numbers[number], None if column is None else column + 1)
        return Place(place.file, None, place.column, place.sheet, place.row, name)

    def read(self, row: Row) -> tuple[Tree, list[Finding]]:
        """What a row says of a description, and what is wrong with its cells."""
        tree = self._reader.read(row.number, row.cells)
        faults = [fault_finding(self.table, row.number, fault) for fault in row.faults]
        return tree, [*faults, *self._reader.complaints]


def _says_files(column: Column) -> bool:
    return names_files(column) or column.path[-1] == "library"
