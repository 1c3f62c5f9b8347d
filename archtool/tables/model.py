"""A table as it was read: a row of names, then rows of texts. An empty text is a cell that says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from archtool.errors import MaterialRefusedError
from archtool.files.paths import shown
from archtool.findings import Finding, Kind, Place
from archtool.tables import finding_kinds

MAX_ROWS = 1_000_000  # a spreadsheet has 1,048,576 at most
MAX_COLUMNS = 1_000  # the longest description that was ever put into one row has some fifty
MAX_CELL_CHARACTERS = 100_000  # a long abstract; a spreadsheet allows 32,767
MAX_NAME_CHARACTERS = 200  # of a column


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell of a row."""

    column: int
    """Counted from 1."""
    message: str
    hint: str | None = None
    kind: Kind = finding_kinds.CELL


@dataclass(frozen=True, slots=True)
class Row:
    """One row; the texts of its cells from the first column on."""

    number: int
    """As a spreadsheet counts it: the row of names is 1, and an empty row counts too."""
    cells: tuple[str, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.faults and not any(self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """One table, or one sheet of a workbook. Its rows are read as they are asked for, once."""

    file: str
    """For messages."""
    sheet: str | None
    names: tuple[str, ...]
    """Of the columns, in their order."""
    rows: Iterator[Row]
    """Those behind the row of names which are not empty."""
    notes: tuple[str, ...] = ()
    """What was recognised in the file that its name does not say."""

    def place(self, row: int, column: int | None = None) -> Place:
        """A cell of it; columns count from 1."""
        name = self.names[column - 1] if column is not None and column <= len(self.names) else None
        return Place(self.file, None, column, self.sheet, row, name or None)


def cell_text(text: str) -> str:
    """The text of a cell: a line ends with LF, whoever wrote it; blanks alone say nothing."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "" if not text or text.isspace() else text


def table_of(rows: Iterator[Row], file: str, sheet: str | None = None) -> Table:
    """Take the names from the first row.

    Raises:
        MaterialRefusedError: there are none, or they are not as they must be.
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
    seen: dict[str, int] = {}
    for number, name in enumerate(names, 1):
        if not name:
            yield Fault(number, f"column {number} has no name", kind=finding_kinds.NO_COLUMN_NAME)
        elif name in seen:
            message = f"columns {seen[name]} and {number} are both called {shown(name[:MAX_NAME_CHARACTERS])}"
            yield Fault(number, message, kind=finding_kinds.DUPLICATE_COLUMN)
        seen.setdefault(name, number)


def _checked(rows: Iterator[Row], width: int) -> Iterator[Row]:
    """The rows that are not empty, each as wide as the names; what is too long is a fault."""
    for row in rows:
        if row.is_empty:
            continue
        cells, faults = row.cells, list(row.faults)
        for number, text in enumerate(cells[width:], width + 1):
            if text:
                message = f"cell {number} of the row is behind the last column that has a name: {text[:60]!r}"
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
    """What is wrong with a cell, at its place."""
    kind = fault.kind
    place = table.place(row, fault.column)
    hint = fault.hint or kind.advice
    return Finding(kind.code, kind.severity, fault.message, place, hint, kind.clause, kind.exit_code)


def refuse(file: str, *findings: Finding) -> NoReturn:
    """Say that a whole table cannot be used.

    Raises:
        MaterialRefusedError: always.
    """
    raise MaterialRefusedError(f"the table {shown(file)} cannot be used; nothing was done", findings)


def refuse_at(kind: Kind, message: str, place: Place, hint: str | None = None) -> NoReturn:
    """Say that a whole table cannot be read on from a place.

    Raises:
        MaterialRefusedError: always.
    """
    hint = hint or kind.advice
    refuse(place.file, Finding(kind.code, kind.severity, message, place, hint, kind.clause, kind.exit_code))
