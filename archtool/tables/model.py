"""Defines tables: a row of column names, then rows of texts. An empty text is an empty cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from archtool.errors import MaterialRefusedError
from archtool.files.paths import shown
from archtool.findings import Finding, Kind, Place
from archtool.tables import finding_kinds
from archtool.tables.limits import MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_NAME_CHARACTERS


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in one cell of a row."""

    column: int
    """The number of the cell, from 1."""
    message: str
    hint: str | None = None
    kind: Kind = finding_kinds.CELL


@dataclass(frozen=True, slots=True)
class Row:
    """One row with the texts of its cells, from the first column."""

    number: int
    """The number as a spreadsheet counts: the row of names is 1, and empty rows count."""
    cells: tuple[str, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the row has neither text nor faults."""
        return not self.faults and not any(self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A table, or a sheet of a workbook. Its rows are read lazily, and only once."""

    file: str
    """The name of the file, for messages."""
    sheet: str | None
    names: tuple[str, ...]
    """The names of the columns, in order."""
    rows: Iterator[Row]
    """The rows after the row of names that are not empty."""
    notes: tuple[str, ...] = ()
    """Remarks about the file format that its name does not show."""

    def place(self, row: int, column: int | None = None) -> Place:
        """Return the place of a row, or of a cell; columns count from 1."""
        name = self.names[column - 1] if column is not None and column <= len(self.names) else None
        return Place(self.file, None, column, self.sheet, row, name or None)


def cell_text(text: str) -> str:
    """Normalise the text of a cell: line ends become LF, and a text of spaces only becomes empty."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "" if not text or text.isspace() else text


def table_of(rows: Iterator[Row], file: str, sheet: str | None = None) -> Table:
    """Make a table whose first row has the column names.

    Raises:
        MaterialRefusedError: there are no names, or they are invalid.
    """
    first = next(rows, None)
    names = list(first.cells) if first is not None and first.number == 1 else []
    while names and not names[-1]:
        names.pop()
    table = Table(file, sheet, tuple(names), _checked(rows, len(names)))
    faults = (*(first.faults if first is not None else ()), *_name_faults(names))
    if faults:
        refuse(file, *(fault_finding(table, 1, fault) for fault in faults))
    return table


def _name_faults(names: list[str]) -> Iterator[Fault]:
    if not names:
        yield Fault(1, "the first row is empty", kind=finding_kinds.NO_HEADER)
    if len(names) > MAX_COLUMNS:
        message = f"more than {MAX_COLUMNS:,} columns"
        yield Fault(MAX_COLUMNS + 1, message, kind=finding_kinds.TOO_LARGE)
        return
    first_columns: dict[str, int] = {}
    for number, name in enumerate(names, 1):
        if not name:
            yield Fault(number, f"column {number} has no name", kind=finding_kinds.NO_COLUMN_NAME)
        elif name in first_columns:
            first, text = first_columns[name], shown(name[:MAX_NAME_CHARACTERS])
            message = f"columns {first} and {number} have the same name: {text}"
            yield Fault(number, message, kind=finding_kinds.DUPLICATE_COLUMN)
        first_columns.setdefault(name, number)


def _checked(rows: Iterator[Row], width: int) -> Iterator[Row]:
    """Yield the rows that are not empty, as wide as the names; add faults for cells that are too long."""
    for row in rows:
        if row.is_empty:
            continue
        cells, faults = row.cells, list(row.faults)
        for number, text in enumerate(cells[width:], width + 1):
            if text:
                message = f"cell {number} of the row is after the last named column: {text[:60]!r}"
                faults.append(Fault(number, message, kind=finding_kinds.LONG_ROW))
                break
        for number, text in enumerate(cells[:width], 1):
            if len(text) > MAX_CELL_CHARACTERS:
                faults.append(_too_long(number))
        yield Row(row.number, cells[:width], tuple(faults)) if faults or len(cells) > width else row


def _too_long(column: int) -> Fault:
    message = f"more than {MAX_CELL_CHARACTERS:,} characters"
    return Fault(column, message, "put long texts into payload files", finding_kinds.TOO_LARGE)


def fault_finding(table: Table, row: int, fault: Fault) -> Finding:
    """Return the finding for a fault, with the place of the cell."""
    kind = fault.kind
    place = table.place(row, fault.column)
    hint = fault.hint or kind.advice
    return Finding(kind.code, kind.severity, fault.message, place, hint, kind.clause, kind.exit_code)


def refuse(file: str, *findings: Finding) -> NoReturn:
    """Refuse a table with these findings.

    Raises:
        MaterialRefusedError: always.
    """
    raise MaterialRefusedError(f"the table {shown(file)} cannot be used; nothing was done", findings)


def refuse_at(kind: Kind, message: str, place: Place, hint: str | None = None) -> NoReturn:
    """Refuse a table because of a fault at a place.

    Raises:
        MaterialRefusedError: always.
    """
    hint = hint or kind.advice
    refuse(place.file, Finding(kind.code, kind.severity, message, place, hint, kind.clause, kind.exit_code))
