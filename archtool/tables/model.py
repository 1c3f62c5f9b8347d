"""Defines tables: a row of column names, then rows of texts. An empty text is an empty cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NoReturn

from archtool.errors import MaterialRefusedError
from archtool.files.paths import shown
from archtool.findings import Finding, Kind, Place
from archtool.tables import finding_kinds
from archtool.tables.limits import (
    MAX_CELL_CHARACTERS,
    MAX_COLUMNS,
    MAX_NAME_CHARACTERS,
    MAX_SHOWN_CHARACTERS,
    MAX_TITLE_ROWS,
)

_BLANKS = " \t\n\r\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
_INVISIBLE = "\u200b\u200e\u200f\u2060\ufeff"  # copied from web pages along with a text
_AROUND = _BLANKS + _INVISIBLE


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
    """The number as a spreadsheet counts: from 1, and empty rows count."""
    cells: tuple[str, ...]
    faults: tuple[Fault, ...] = ()


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
    notes: list[str] = field(default_factory=list)
    """Remarks on how the table was read; they are complete when all rows were read."""
    header_row: int = 1
    """The number of the row of names."""

    def place(self, row: int, column: int | None = None) -> Place:
        """Return the place of a row, or of a cell; columns count from 1.

        There is nothing above the row of names: for the number of such a row, its own place is returned.
        """
        row = max(row, self.header_row)
        name = self.names[column - 1] if column is not None and column <= len(self.names) else None
        return Place(self.file, None, column, self.sheet, row, name or None)


def cell_text(text: str) -> str:
    """Normalise the line ends in the text of a cell: they become LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def without_blanks(text: str) -> str:
    """Return a text without the blanks and invisible characters around it; those inside are kept."""
    return text.strip(_AROUND)


def table_of(
    rows: Iterator[Row],
    file: str,
    sheet: str | None = None,
    merged: Callable[[int], Sequence[Finding]] | None = None,
) -> Table:
    """Make a table from its rows; the row of names can have a title above it.

    The row of names is the first of the first ten rows with more than one cell that is filled; if there is
    none, it is the first row. `merged` returns findings about merged cells, given the number of that row.

    Raises:
        MaterialRefusedError: there are no names, or they are invalid.
    """
    above, first, rows = _find_header(rows)
    names = [without_blanks(cell) for cell in first.cells]
    while names and not names[-1]:
        names.pop()
    notes = [_title_note(file, sheet, first.number, above)] if above else []
    trimmed = _Trimmed(file, notes)
    table = Table(file, sheet, tuple(names), _checked(rows, len(names), trimmed), notes, first.number)
    trimmed.table = table
    findings = [fault_finding(table, first.number, fault) for fault in (*first.faults, *_name_faults(names))]
    if merged is not None:
        findings = [*merged(first.number), *findings]
    if findings:
        refuse(file, *findings)
    return table


def _find_header(rows: Iterator[Row]) -> tuple[list[Row], Row, Iterator[Row]]:
    """Return the rows above the row of names, that row, and the rows below it."""
    seen: list[Row] = []
    for row in islice(rows, MAX_TITLE_ROWS + 1):
        if sum(map(bool, map(without_blanks, row.cells))) > 1:
            return seen, row, rows
        seen.append(row)
    first = seen[0] if seen and seen[0].number == 1 else Row(1, ())
    return [], first, chain(seen[1:], rows)


def _title_note(file: str, sheet: str | None, number: int, above: Sequence[Row]) -> str:
    titles = [text for row in above for cell in row.cells if (text := without_blanks(cell))]
    what = (
        f"above it: “{shown(titles[0][:MAX_SHOWN_CHARACTERS])}”" if titles else "the rows above it are empty"
    )
    table = shown(file) if sheet is None else f"{shown(file)}, sheet {shown(sheet)}"
    return f"{table}: row {number} was taken as the row of column names; {what}"


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


class _Trimmed:
    """Removes the blanks around cells, and makes one note for the whole table."""

    def __init__(self, file: str, notes: list[str]) -> None:
        self._file = file
        self._notes = notes
        self._count = 0
        self._first: Place | None = None
        self.table: Table | None = None

    def cells_of(self, row: Row) -> tuple[str, ...]:
        """Return the cells of a row without the blanks around them."""
        cells = tuple(map(without_blanks, row.cells))
        if cells != row.cells:
            changed = [
                number for number, text in enumerate(cells, 1) if text and text != row.cells[number - 1]
            ]
            self._count += len(changed)
            if changed and self._first is None and self.table is not None:
                self._first = self.table.place(row.number, changed[0])
        return cells

    def finish(self) -> None:
        """Add the note."""
        if self._first is not None:
            cells = "1 cell" if self._count == 1 else f"{self._count:,} cells"
            self._notes.append(f"blanks around the text of {cells} were left out; the first is {self._first}")


def _checked(rows: Iterator[Row], width: int, trimmed: _Trimmed) -> Iterator[Row]:
    """Yield the rows that are not empty, as wide as the names; add faults for cells that are too long."""
    for row in rows:
        cells, faults = trimmed.cells_of(row), list(row.faults)
        if not faults and not any(cells):
            continue
        for number, text in enumerate(cells[width:], width + 1):
            if text:
                message = f"cell {number} of the row is after the last named column: {text[:60]!r}"
                faults.append(Fault(number, message, kind=finding_kinds.LONG_ROW))
                break
        for number, text in enumerate(cells[:width], 1):
            if len(text) > MAX_CELL_CHARACTERS:
                faults.append(_too_long(number))
        yield Row(row.number, cells[:width], tuple(faults))
    trimmed.finish()


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
