"""Every kind of finding that a table can give before anybody asks what its cells say."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity


def _input(code: str, summary: str, advice: str, clause: str | None = None) -> Kind:
    """A table, a row or a cell that cannot be used as it is."""
    return Kind(code, Severity.ERROR, summary, advice, clause, ExitCode.INPUT_UNUSABLE)


NOT_TEXT = _input(
    "table.not-utf8", "A table in CSV or TSV must be UTF-8 text.", "save it again as “CSV UTF-8”"
)
SYNTAX = _input(
    "table.syntax",
    "The file is no table of its kind: a quotation mark is not closed, or the workbook is damaged.",
    "open it in a spreadsheet and save it again",
    "RFC 4180",
)
TOO_LARGE = _input(
    "table.too-large", "A table has more rows, columns or bytes than archtool reads.", "split it"
)
NO_HEADER = _input(
    "table.no-header",
    "The first row of a table must name its columns.",
    "archtool batch template -o DIR writes tables to start from",
)
NO_COLUMN_NAME = _input(
    "table.no-column-name", "A column has cells and no name.", "name it in the first row, or delete it"
)
DUPLICATE_COLUMN = _input(
    "table.duplicate-column",
    "Two columns of a table have one name: one of the two would be lost.",
    "delete one, or give it the number of another item",
)
LONG_ROW = _input(
    "table.long-row",
    "A row has cells behind the last column that has a name.",
    "put a cell that holds the separator into quotation marks, or name the column",
)
CELL = _input(
    "table.cell",
    "A cell holds something that is not a text, a number, a date or a truth value.",
    "type what it shall say into the cell, as text",
)
UNKNOWN_COLUMN = _input(
    "table.unknown-column",
    "A column is not one that a description has, so what its cells say would be lost.",
    "use a known column, or one that begins with `x-` for something of your own",
)
MISSING_COLUMN = _input(
    "table.missing-column", "A column that every table must have is missing.", "add the column"
)
CONFLICTING_COLUMN = _input(
    "table.conflicting-column",
    "A column would take the place of what is said elsewhere for all rows.",
    "say it in one place only",
)
