"""Writes empty tables for a person to fill in with a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from archtool.tables import SEPARATORS

Rows = Sequence[Sequence[str]]
_AS_TEXT = "@"  # otherwise a spreadsheet could convert `3-16` to a date


def format_separated(rows: Rows, suffix: str) -> bytes:
    """Format the rows as CSV or TSV, by the suffix of the file name."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=SEPARATORS[suffix], lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def format_workbook(sheets: Mapping[str, Rows]) -> bytes:
    """Return an XLSX workbook with the given sheets; every column is formatted as text."""
    import openpyxl  # lazy: 150 ms, only workbooks need it
    from openpyxl.utils import get_column_letter  # lazy: 150 ms, only workbooks need it

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([text or None for text in row])
        for cells in sheet.iter_rows():
            for cell in cells:
                cell.number_format = _AS_TEXT
        for number, name in enumerate(rows[0], 1):
            column = sheet.column_dimensions[get_column_letter(number)]
            column.number_format = _AS_TEXT
            column.width = max(12, len(name) + 2)
        sheet.freeze_panes = "B2"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
