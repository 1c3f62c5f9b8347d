"""Reads the sheets of an XLSX workbook, with openpyxl: as texts, each as the cell shows it (`shown_values`).

Dates are written as year-month-day, numbers with a full stop, whatever the language of the spreadsheet.
"""

from __future__ import annotations

import itertools
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any, BinaryIO, NoReturn, TypeVar

from archtool.errors import MissingPartError
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.findings import Place
from archtool.installation import install_command
from archtool.tables import finding_kinds
from archtool.tables.model import MAX_ROWS, Fault, Row, Table, cell_text, refuse_at, table_of
from archtool.tables.shown_values import (
    MAX_SHOWN_CHARACTERS,
    UnclearCellError,
    shown_date,
    shown_number,
    shown_text,
)
from archtool.tables.workbook_guard import measure_workbook

Read = TypeVar("Read")
Cells = Iterator[tuple[Any, ...]]

# openpyxl checks little of a workbook: over a damaged one the Python code in it fails with any of these.
# zipfile raises NotImplementedError for a compression method that it does not know.
_DAMAGES = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError,
    OSError, RuntimeError, SyntaxError, TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
# numbers of formats that each language of East Asia has for itself. Source: ECMA-376 part 1, §18.8.30
_LOCAL_FORMATS = frozenset([*range(27, 37), *range(50, 59)])
_AS_TEXT = "format the cell as text, then type what it shall say"


class Workbook:
    """An open workbook."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.name = name
        self._look = self._whole(lambda: measure_workbook(file, name))
        openpyxl = _openpyxl(name)
        self._values = self._whole(lambda: openpyxl.load_workbook(file, read_only=True, data_only=True))
        self._formulas: Any = None
        if self._look.has_formulas:
            self._formulas = self._whole(lambda: openpyxl.load_workbook(file, read_only=True))

    def close(self) -> None:
        """Let go of the file."""
        for book in (self._values, self._formulas):
            if book is not None:
                book.close()

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets, in their order."""
        return tuple(str(sheet.title) for sheet in self._values.worksheets)

    def table(self, number: int) -> Table:
        """Begin to read a sheet; the first is 0.

        Raises:
            MaterialRefusedError: it is not as it must be; also later, while the rows are read.
        """
        sheet = self._values.worksheets[number]
        title = str(sheet.title)
        merged = self._look.merged.get(str(getattr(sheet, "_worksheet_path", "")).lstrip("/"))
        if merged is not None:
            message = f"the cells {merged} are merged: only the first of them says something"
            refuse_at(finding_kinds.CELL, message, Place(self.name, sheet=title, row=1), "unmerge them")
        return table_of(self._rows(number, title), self.name, title)

    def _rows(self, number: int, title: str) -> Iterator[Row]:
        values = self._cells(self._values, number)
        formulas = self._cells(self._formulas, number) if self._formulas is not None else iter(())
        for count in itertools.count(1):
            row = self._whole(partial(_next_row, count, values, formulas))
            if row is None:
                return
            if count > MAX_ROWS:
                message = f"more than {MAX_ROWS:,} rows"
                refuse_at(finding_kinds.TOO_LARGE, message, Place(self.name, sheet=title, row=count))
            yield row

    @staticmethod
    def _cells(book: Any, number: int) -> Cells:
        sheet = book.worksheets[number]
        sheet.reset_dimensions()  # what a sheet says of its own size need not be true
        rows: Cells = sheet.iter_rows(max_row=MAX_ROWS + 1)
        return rows

    def _whole(self, step: Callable[[], Read]) -> Read:
        """Do one step of reading; what the library stumbles over is a damaged workbook."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it leaves out: styles, drawings, validations
            try:
                return step()
            except _DAMAGES as error:
                self._damaged(error)

    def _damaged(self, error: BaseException) -> NoReturn:
        if isinstance(error, OSError) and error.errno is not None:
            raise cannot_read(f"{shown(self.name)} cannot be read: {error.strerror}", error) from error
        words = " ".join(str(error).split())[:100]
        refuse_at(finding_kinds.SYNTAX, f"the workbook is damaged, or none: {words}", Place(self.name))


def _openpyxl(name: str) -> Any:
    try:
        import openpyxl
    except ImportError as error:
        raise MissingPartError(
            f"{shown(name)} is an XLSX workbook, and what reads these is not installed",
            hint=f"install it with: {install_command('xlsx')}; or save the sheets as CSV (UTF-8)",
        ) from error
    return openpyxl


def _next_row(number: int, values: Cells, formulas: Cells) -> Row | None:
    cells = next(values, None)
    return None if cells is None else _row(number, cells, next(formulas, ()))


def _row(number: int, cells: tuple[Any, ...], formulas: tuple[Any, ...]) -> Row:
    texts: list[str] = []
    faults: list[Fault] = []
    for column, cell in enumerate(cells, 1):
        if cell.value is None:
            texts.append("")
            formula = formulas[column - 1] if column <= len(formulas) else None
            # a formula whose value is an empty text has been calculated
            if formula is not None and formula.data_type == "f" and cell.data_type != "str":
                message = "the formula of this cell has no value: it was never calculated"
                faults.append(Fault(column, message, "open the workbook in a spreadsheet and save it"))
            continue
        text, why = _text_of(cell)
        texts.append(text)
        if why is not None:
            faults.append(Fault(column, why, _AS_TEXT))
    return Row(number, tuple(texts), tuple(faults))


def _text_of(cell: Any) -> tuple[str, str | None]:
    """The text of a cell that holds something, or why there is none."""
    value = cell.value
    if cell.data_type == "e":
        return "", f"the cell shows the error {value}"
    if cell.style_array.numFmtId in _LOCAL_FORMATS:
        return "", f"the cell holds {value} and shows a date of East Asia that this file does not spell out"
    try:
        code = str(cell.number_format)
        text = _shown(value, code)
    except UnclearCellError as error:
        return "", str(error)
    if text is None:
        form = f"(number format {code[:MAX_SHOWN_CHARACTERS]!r})"
        return "", f"the cell holds a time of day or a span of time ({value}), not a date {form}"
    return text, None


def _shown(value: object, code: str) -> str | None:
    """What a cell shows with this number format; `None` where it is of a kind that is not read."""
    match value:
        case str():
            return shown_text(cell_text(value), code)
        case bool():
            return ("false", "true")[value]
        case date():
            return shown_date(value, code)
        case int() | float():
            return shown_number(value, code)
    return None
