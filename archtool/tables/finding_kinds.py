"""The kinds of findings about tables that do not depend on the meaning of the cells."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity


def _input(code: str, summary: str, advice: str, clause: str | None = None) -> Kind:
    """Return an error kind for a table, a row or a cell that cannot be used as it is."""
    return Kind(code, Severity.ERROR, summary, advice, clause, ExitCode.INPUT_UNUSABLE)


NOT_TEXT = _input(
    "table.not-utf8",
    "The encoding of a table in CSV or TSV is in doubt, or its bytes are not text in that encoding.",
    "save it again as “CSV UTF-8”, or state its encoding: --encoding NAME",
)
SYNTAX = _input(
    "table.syntax",
    "The file is not a valid table: a quotation mark is not closed, or the workbook is damaged.",
    "open it in a spreadsheet and save it again",
    "RFC 4180",
)
TOO_LARGE = _input(
    "table.too-large", "A table has more rows, columns or bytes than archtool reads.", "split it"
)
NO_HEADER = _input(
    "table.no-header",
    "The first row of a table must name its columns; only a title can be above it.",
    "archtool batch template -o DIR writes tables to start from",
)
NO_COLUMN_NAME = _input(
    "table.no-column-name", "A column has cells and no name.", "name it in the first row, or delete it"
)
DUPLICATE_COLUMN = _input(
    "table.duplicate-column",
    "Two columns of a table have the same name: one of the two would be lost.",
    "delete one, or give it the number of another item",
)
LONG_ROW = _input(
    "table.long-row",
    "A row has cells after the last named column.",
    "put a cell that contains the separator in quotation marks, or name the column",
)
CELL = _input(
    "table.cell",
    "A cell does not contain a text, a number, a date or a boolean.",
    "type the intended value into the cell, as text",
)
UNKNOWN_COLUMN = _input(
    "table.unknown-column",
    "A column is not part of a description, so the values in it would be lost.",
    "use a known column, or a column of your own that begins with `x-`",
)
MISSING_COLUMN = _input("table.missing-column", "A required column is missing.", "add the column")
CONFLICTING_COLUMN = _input(
    "table.conflicting-column",
    "A column contradicts a value that is given elsewhere for all rows.",
    "give the value in only one place",
)
