"""Reads the rows of a table by a mapping; every finding names the table's own column."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from archtool.batch.sources.mapping.cell_values import CellConverter
from archtool.batch.sources.rows.row_columns import LEFT_OUT, declares_files, left_out_entries
from archtool.batch.sources.rows.source_places import OtherNames
from archtool.batch.sources.table_columns import PACKAGE
from archtool.description.table.cells import CellValue, RowReader, Tree
from archtool.description.table.columns import ITEM, Column, find_column, names_files
from archtool.findings import Finding, Place
from archtool.operations.mapping.targets import Target, numbered
from archtool.operations.mapping.templates import Template
from archtool.operations.sources.left_out import has_wildcard
from archtool.tables.model import Fault, Row, Table, fault_finding


@dataclass(frozen=True, slots=True)
class BoundColumn:
    """A column of the table, and the keys that it gives."""

    number: int
    """The number of the column, from 1."""
    targets: tuple[Target, ...]
    converter: CellConverter


@dataclass(frozen=True, slots=True)
class BoundConstant:
    """A constant, with the number of the column for each name in its braces."""

    target: Target
    template: Template
    column_numbers: Mapping[str, int]

    @property
    def is_pattern(self) -> bool:
        """Whether it declares files by a pattern, in which the texts of the row stand for themselves."""
        column = self.target.column
        literal = "".join(text for text, is_name in self.template.parts if not is_name)
        return column is not None and names_files(column) and has_wildcard(literal)

    @property
    def varies(self) -> bool:
        """Whether the text differs from row to row, or can be missing in one."""
        return bool(self.column_numbers)


def _order(constant: BoundConstant) -> tuple[bool, bool, bool]:
    """Return the order of a constant: others can contain `package`, or be added to items of its list."""
    return constant.target.key != PACKAGE, not constant.varies, ITEM in constant.target.key.split(".")


def item_of(name: str) -> tuple[str, str]:
    """Return the list and the number of the first item in a name; both empty if it has none."""
    words = name.split(".")
    place = next((i for i, word in enumerate(words) if word == ITEM or word.isdecimal()), None)
    return ("", "") if place is None else (".".join(words[:place]), words[place])


class MappedCell(NamedTuple):
    """One value of a row, renamed by the mapping file to the column name that archtool expects."""

    name: str
    column: Column | None
    text: str
    number: int | None
    """The number of the table's column; `None` for a constant."""


class MappedColumns:
    """See `RowColumns`: the columns of a table that a mapping translates."""

    def __init__(
        self, table: Table, columns: Sequence[BoundColumn], constants: Sequence[BoundConstant],
        of: str | None,
    ) -> None:  # fmt: skip
        self._table = table
        self._columns = columns
        self._constants = sorted(constants, key=_order)
        self._of = of
        self._known: dict[str, Column | None] = {}
        """The columns of the description that were needed: their names are searched in the schema."""
        self._varying = {
            item_of(target.items or target.column_for(None))
            for target in (
                *(target for column in columns for target in column.targets),
                *(constant.target for constant in constants if constant.varies),
            )
        }
        self._names = OtherNames(
            table.file,
            table.sheet,
            {
                name: (column.number, table.names[column.number - 1])
                for column in columns
                for target in column.targets
                for name in (target.column_for(None), target.column_for(1))
            },
        )
        self._last: tuple[Row, list[MappedCell], list[Fault]] | None = None

    @property
    def other_names(self) -> OtherNames:
        """See `RowColumns`."""
        return self._names

    def text(self, row: Row, name: str) -> str:
        """See `RowColumns`."""
        return next((cell.text for cell in self._cells(row)[0] if cell.name == name), "")

    def files_in(self, row: Row) -> Iterator[tuple[str, str]]:
        """See `RowColumns`."""
        for cell in self._cells(row)[0]:
            if cell.column is not None and declares_files(cell.column):
                yield cell.name, cell.text

    def left_out_in(self, row: Row) -> Iterator[str]:
        """See `RowColumns`."""
        for cell in self._cells(row)[0]:
            if cell.column is not None and cell.column.path[0] == LEFT_OUT:
                yield from left_out_entries(cell.column, cell.text)

    def place(self, number: int, name: str) -> Place:
        """See `RowColumns`."""
        return self._names.place(number, name)

    def read(self, row: Row) -> tuple[Tree, list[Finding]]:
        """See `RowColumns`."""
        cells, faults = self._cells(row)
        reader = RowReader(self._table.file, self._table.sheet, [cell.column for cell in cells])
        tree = reader.read(row.number, [cell.text for cell in cells])
        places = [self._place_of(row, cell) for cell in cells]
        _move(tree, places)
        complaints = [_moved(finding, places) for finding in reader.complaints]
        found = (fault_finding(self._table, row.number, fault) for fault in (*row.faults, *faults))
        return tree, [*found, *complaints]

    def _place_of(self, row: Row, cell: MappedCell) -> Place:
        place = self._table.place(row.number, cell.number)
        return place if cell.number is not None else replace(place, column_name=cell.name)

    def _cells(self, row: Row) -> tuple[list[MappedCell], list[Fault]]:
        """Return the values of a row, in the order of the mapping, and the faults of its cells."""
        if self._last is not None and self._last[0] is row:
            return self._last[1:]
        faults: list[Fault] = []
        cells = [cell for column in self._columns for cell in self._cells_of(column, row, faults)]
        for constant in self._constants:
            cells += self._cells_of_constant(constant, row, cells)
        self._last = (row, cells, faults)
        return cells, faults

    def _cells_of(self, column: BoundColumn, row: Row, faults: list[Fault]) -> Iterator[MappedCell]:
        text = row.cells[column.number - 1] if column.number <= len(row.cells) else ""
        for target in column.targets if text else ():
            texts, fault = column.converter.convert(text, target)
            if fault is not None:
                faults += [fault] if fault not in faults else []
            for name, one in texts:
                yield self._cell(name, one, column.number)

    def _cells_of_constant(
        self, constant: BoundConstant, row: Row, others: Sequence[MappedCell]
    ) -> Iterator[MappedCell]:
        escape = glob.escape if constant.is_pattern else str
        text = constant.template.fill(lambda name: escape(self._named_text(constant, name, row, others)))
        for name in self._names_for(constant, others) if text else ():
            yield self._cell(name, text, None)

    def _names_for(self, constant: BoundConstant, others: Sequence[MappedCell]) -> list[str]:
        """Return the columns that a constant fills in.

        It is only added to items of a list that the row has, if any column gives such items: without its
        file, a role says nothing.
        """
        name = constant.target.column_for(None)
        above, item = item_of(constant.target.key)
        if not item:
            return [name]
        existing = {number for cell in others for one, number in [item_of(cell.name)] if one == above}
        if item == ITEM:
            names = [numbered(constant.target.key, number) for number in sorted(map(int, existing))]
            given = {cell.name for cell in others}
            return [name for name in names if name not in given]
        is_given = (above, ITEM) in self._varying or (above, item) in self._varying
        return [name] if constant.varies or item in existing or not is_given else []

    def _named_text(self, constant: BoundConstant, name: str, row: Row, others: Sequence[MappedCell]) -> str:
        number = constant.column_numbers.get(name)
        if number is None:
            return next((cell.text for cell in others if cell.name == PACKAGE), "")
        return row.cells[number - 1].strip() if number <= len(row.cells) else ""

    def _cell(self, name: str, text: str, number: int | None) -> MappedCell:
        if name not in self._known:
            self._known[name] = find_column(name, self._of)
        return MappedCell(name, self._known[name], text, number)


def _move(tree: Tree, places: Sequence[Place]) -> None:
    """Replace the place of each value, which is its number among the values of the row, by its cell."""
    for key, node in tree.items():
        if isinstance(node, CellValue):
            tree[key] = CellValue(node.value, places[(node.cell.column or 1) - 1])
        else:
            _move(node, places)


def _moved(finding: Finding, places: Sequence[Place]) -> Finding:
    column = finding.place.column if finding.place is not None else None
    return finding if column is None else replace(finding, place=places[column - 1])
