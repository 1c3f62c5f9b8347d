"""Reads the sheets of an XLSX workbook with openpyxl, as the texts that the cells show (`shown_values`).

Dates are written as year-month-day and numbers with a decimal point, in any language of the spreadsheet.
"""

from __future__ import annotations

import itertools
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from functools import partial
from typing import Any, BinaryIO, NoReturn, TypeVar

from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.findings import Finding, Place
from archtool.tables import finding_kinds
from archtool.tables.early_dates import certain_date
from archtool.tables.limits import MAX_NAMED_RANGES, MAX_ROWS, MAX_SHOWN_CHARACTERS
from archtool.tables.model import Fault, Row, Table, cell_text, refuse_at, table_of
from archtool.tables.shown_values import UnclearCellError, shown_date, shown_number, shown_text
from archtool.tables.workbook_guard import measure_workbook

_RANGE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?[A-Za-z]{1,3}\$?([0-9]{1,7}))?")
Read = TypeVar("Read")
Cells = Iterator[tuple[Any, ...]]

# openpyxl checks little: on a damaged workbook, its code fails with any of these exceptions, and zipfile with
# its own. RuntimeError includes what zipfile raises for a compression method that it cannot read.
_DAMAGES = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError,
    RuntimeError, SyntaxError, TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
# format numbers that have a different meaning in each East Asian language. Source: ECMA-376 part 1, §18.8.30
_LOCAL_FORMATS = frozenset([*range(27, 37), *range(50, 59)])
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"  # the start of a compound file. Source: [MS-CFB] §2.2
_UNMERGE = "unmerge them, and write the value into each cell that it is meant for"
_AS_TEXT = "format the cell as text, then type the intended value"


@dataclass(frozen=True, slots=True)
class MergedRange:
    """A range of merged cells; rows and columns count from 1."""

    text: str
    """As in the workbook: `B3:B7`."""
    first_row: int
    first_column: int
    last_row: int

    @classmethod
    def parse(cls, text: str) -> MergedRange:
        """Parse a range; a text that is none is taken as a range of all rows."""
        match = _RANGE.fullmatch(text)
        if match is None:
            return cls(text, 1, 1, MAX_ROWS)
        column = 0
        for letter in match[1].upper():
            column = column * 26 + ord(letter) - ord("A") + 1
        return cls(text, int(match[2]), column, int(match[3] or match[2]))


class Workbook:
    """An open workbook."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.name = name
        _refuse_old_workbook(file, name)
        self._size = self._read(lambda: measure_workbook(file, name))
        import openpyxl  # lazy: 150 ms, only workbooks need it

        self._values = self._read(lambda: openpyxl.load_workbook(file, read_only=True, data_only=True))
        self._formulas: Any = None
        if self._size.has_formulas:
            self._formulas = self._read(lambda: openpyxl.load_workbook(file, read_only=True))

    def close(self) -> None:
        """Close the file."""
        for book in (self._values, self._formulas):
            if book is not None:
                book.close()

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets, in order."""
        return tuple(str(sheet.title) for sheet in self._values.worksheets)

    def table(self, number: int) -> Table:
        """Open a sheet; the first is 0.

        Raises:
            MaterialRefusedError: the sheet is not a valid table; also raised later, while the rows are read.
        """
        sheet = self._values.worksheets[number]
        title = str(sheet.title)
        part = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
        ranges = [MergedRange.parse(text) for text in self._size.merged.get(part, ())]
        return table_of(
            self._rows(number, title),
            self.name,
            title,
            lambda header: _merged_findings(ranges, header, self.name, title),
        )

    def _rows(self, number: int, title: str) -> Iterator[Row]:
        values = self._cells(self._values, number)
        formulas = self._cells(self._formulas, number) if self._formulas is not None else iter(())
        for count in itertools.count(1):
            row = self._read(partial(_next_row, count, values, formulas))
            if row is None:
                return
            if count > MAX_ROWS:
                message = f"more than {MAX_ROWS:,} rows"
                refuse_at(finding_kinds.TOO_LARGE, message, Place(self.name, sheet=title, row=count))
            yield row

    @staticmethod
    def _cells(book: Any, number: int) -> Cells:
        sheet = book.worksheets[number]
        sheet.reset_dimensions()  # the size that a sheet states can be wrong
        rows: Cells = sheet.iter_rows(max_row=MAX_ROWS + 1)
        return rows

    def _read(self, step: Callable[[], Read]) -> Read:
        """Run one step of reading; an exception of the library means that the workbook is damaged."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about unsupported styles, drawings and validations
            try:
                return step()
            except _DAMAGES as error:
                self._refuse_damaged(error)

    def _refuse_damaged(self, error: BaseException) -> NoReturn:
        if isinstance(error, OSError) and error.errno is not None:
            raise cannot_read(f"{shown(self.name)} cannot be read: {error.strerror}", error) from error
        reason = " ".join(str(error).split())[:100]
        message = f"the file is not a workbook, or it is damaged: {reason}"
        refuse_at(finding_kinds.SYNTAX, message, Place(self.name))


def _refuse_old_workbook(file: BinaryIO, name: str) -> None:
    start = file.read(len(_OLD_WORKBOOK))
    file.seek(0)
    if start == _OLD_WORKBOOK:
        message = "the file is an old workbook (.xls), or it is protected by a password"
        hint = "open it in a spreadsheet and save it as .xlsx, without a password"
        refuse_at(finding_kinds.SYNTAX, message, Place(name), hint)


def _merged_findings(ranges: Sequence[MergedRange], header: int, name: str, title: str) -> list[Finding]:
    """Return a finding for each merged range that is not above the row of names."""
    merged = sorted(
        (one for one in ranges if one.last_row >= header), key=lambda one: (one.first_row, one.first_column)
    )
    findings = [
        replace(
            finding_kinds.CELL.at(
                f"the cells {one.text} are merged: only the first of them has a value", hint=_UNMERGE
            ),
            place=Place(name, None, one.first_column, title, one.first_row),
        )
        for one in merged[:MAX_NAMED_RANGES]
    ]
    if len(merged) > MAX_NAMED_RANGES:
        message = f"{len(merged) - MAX_NAMED_RANGES:,} more ranges of cells are merged"
        findings.append(
            replace(finding_kinds.CELL.at(message, hint=_UNMERGE), place=Place(name, sheet=title, row=header))
        )
    return findings


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
            # data type `str` means that the formula was calculated to an empty text
            if formula is not None and formula.data_type == "f" and cell.data_type != "str":
                message = "the formula of this cell was never calculated"
                faults.append(Fault(column, message, "open the workbook in a spreadsheet and save it"))
            continue
        text, reason = _text_of(cell)
        texts.append(text)
        if reason is not None:
            faults.append(Fault(column, reason, _AS_TEXT))
    return Row(number, tuple(texts), tuple(faults))


def _text_of(cell: Any) -> tuple[str, str | None]:
    """Return the text of a cell that is not empty, or the reason why it cannot be read."""
    value = cell.value
    if cell.data_type == "e":
        return "", f"the cell shows the error {value}"
    if cell.style_array.numFmtId in _LOCAL_FORMATS:
        return "", f"the cell contains {value} and shows an East Asian date format that is not in this file"
    try:
        code = str(cell.number_format)
        if isinstance(value, date | time):
            value = certain_date(value, code, cell.parent.parent.epoch)
        text = _shown(value, code)
    except UnclearCellError as error:
        return "", str(error)
    if text is None:
        number_format = f"(number format {code[:MAX_SHOWN_CHARACTERS]!r})"
        return "", f"the cell contains a time of day or a duration ({value}), not a date {number_format}"
    return text, None


def _shown(value: object, code: str) -> str | None:
    """Return what a cell shows with a number format; `None` for an unsupported type of value."""
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
