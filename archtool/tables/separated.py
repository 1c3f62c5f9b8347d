"""Reads CSV and TSV strictly: UTF-8, with or without a mark at the beginning; a cell may hold line ends.

Source: RFC 4180; what spreadsheets write as “CSV UTF-8” and as text with tabs.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from archtool.findings import Place
from archtool.tables import kinds
from archtool.tables.model import MAX_CELL_CHARACTERS, MAX_ROWS, Row, Table, cell_text, refuse_at, table_of

MAX_LINE_BYTES = 16 * 1024 * 1024  # a file without line ends must not fill memory
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", ",": "commas", "|": "bars"}


def read_separated(file: BinaryIO, name: str, separator: str) -> Table:
    """Begin to read a table.

    Raises:
        MaterialRefusedError: it is not such text; also later, while the rows are read.
    """
    table = table_of(_rows(file, name, separator), name)
    if len(table.names) == 1:
        _refuse_other_separator(table, separator)
    return table


def _refuse_other_separator(table: Table, separator: str) -> None:
    only = table.names[0]
    for other, words in _OTHER_SEPARATORS.items():
        if other != separator and other in only:
            message = f"there is one column only: its cells seem to be separated by {words}"
            hint = f"save it with {_OTHER_SEPARATORS[separator]} between the cells"
            refuse_at(kinds.SYNTAX, message, Place(table.file, row=1), hint)


def _rows(file: BinaryIO, name: str, separator: str) -> Iterator[Row]:
    number = 0
    try:
        for cells in csv.reader(_lines(file, name), delimiter=separator, strict=True):
            number += 1
            if number > MAX_ROWS:
                refuse_at(kinds.TOO_LARGE, f"more than {MAX_ROWS:,} rows", Place(name, row=number))
            yield Row(number, tuple(map(cell_text, cells)))
    except csv.Error as error:
        message, hint = _words(str(error))
        refuse_at(kinds.SYNTAX, message, Place(name, row=number + 1), hint)


def _words(error: str) -> tuple[str, str | None]:
    """What the library says of a row, in our words."""
    if "field larger than" in error:
        most = f"{MAX_CELL_CHARACTERS:,} characters"
        return f"a cell is longer than {most}, or its quotation mark is not closed", None
    if "unexpected end of data" in error:
        return "the file ends within quotation marks", "close them"
    if "expected after" in error:
        return (
            "something stands between the end of a quotation and the end of its cell",
            "write a quotation mark within a quoted cell twice",
        )
    if "new-line character" in error:
        return "a line ends with CR alone", "save it again with the line ends of today"
    return error, None


def _lines(file: BinaryIO, name: str) -> Iterator[str]:
    number = 0
    while line := file.readline(MAX_LINE_BYTES):
        number += 1
        if len(line) == MAX_LINE_BYTES:
            refuse_at(kinds.TOO_LARGE, f"a line is longer than {MAX_LINE_BYTES:,} bytes", Place(name, number))
        if number == 1:
            _refuse_wide_text(line, name)
            line = line.removeprefix(_BYTE_ORDER_MARK)
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError as error:
            column = len(line[: error.start].decode("utf-8")) + 1
            message = f"not UTF-8: found the byte 0x{line[error.start]:02x}"
            refuse_at(kinds.NOT_TEXT, message, Place(name, number, column))


def _refuse_wide_text(line: bytes, name: str) -> None:
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        refuse_at(kinds.NOT_TEXT, "the text is UTF-16, not UTF-8", Place(name, 1))
