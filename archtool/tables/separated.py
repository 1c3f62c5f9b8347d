"""Reads CSV and TSV strictly, in UTF-8 or in UTF-16 with a byte order mark; cells can contain line ends.

Source: RFC 4180; the formats “CSV UTF-8” and “Unicode text” of spreadsheets, also with semicolons in
languages where the comma is the decimal sign.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import BinaryIO

from archtool.encodings import UTF8_MARK, open_as_utf8
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.findings import Place
from archtool.tables import finding_kinds
from archtool.tables.limits import MAX_CELL_CHARACTERS, MAX_LINE_BYTES, MAX_ROWS
from archtool.tables.model import Row, Table, cell_text, refuse_at, table_of

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SEPARATOR_LINE = re.compile(rb'"?sep=([^\r\n])"?[ \t,;]*[\r\n]*', re.IGNORECASE)
_QUOTED = re.compile(rb'"[^"]*"?')


def read_separated(stack: ExitStack, file: BinaryIO, name: str, separator: str) -> Table:
    """Open a table; `separator` is the one that the file name suggests.

    Variants that spreadsheets write in other languages are recognised and noted in the table: another
    separator, from the row of names or from a line `sep=;` before it, and UTF-16, which is copied to a
    temporary file that stays open until `stack` is closed.

    Raises:
        MaterialRefusedError: the file is not a valid table; also raised later, while the rows are read.
    """
    try:
        text = open_as_utf8(file, name)
    except InputError as error:
        refuse_at(finding_kinds.NOT_TEXT, error.message, Place(name, 1), error.hint)
    if text is not file:
        stack.enter_context(text)
    notes = [] if text is file else [f"{shown(name)} was read as UTF-16"]
    start = text.readline(MAX_LINE_BYTES).removeprefix(UTF8_MARK)
    declared = _separator_line(start, name)
    found = declared or _most_likely_separator(start, separator)
    if found != separator:
        description = f"{_SEPARATORS[found]} between the cells; workbooks (.xlsx) are supported as well"
        notes.append(f"{shown(name)} was read with {description}")
    if declared is None:
        text.seek(0)
    table = table_of(_rows(_lines(text, name, 0 if declared is None else 1), name, found), name)
    return replace(table, notes=tuple(notes))


def _separator_line(line: bytes, name: str) -> str | None:
    """Return the separator that a first line `sep=;` of Excel declares; `None` for any other line."""
    match = _SEPARATOR_LINE.fullmatch(line)
    if match is None:
        return None
    separator = match[1].decode("latin-1")
    if separator not in _SEPARATORS:
        message = f"the line `sep=` names an unsupported separator: {separator!r}"
        hint = f"use one of these between the cells: {', '.join(_SEPARATORS.values())}"
        refuse_at(finding_kinds.SYNTAX, message, Place(name, 1), hint)
    return separator


def _most_likely_separator(names: bytes, expected: str) -> str:
    """Return the separator that splits the row of names into most cells; the expected one on a tie."""
    outside = _QUOTED.sub(b"", names)
    counts = {separator: outside.count(separator.encode()) for separator in _SEPARATORS}
    most = max(counts.values())
    return expected if counts[expected] == most else next(one for one, n in counts.items() if n == most)


def _rows(lines: Iterator[str], name: str, separator: str) -> Iterator[Row]:
    number = 0
    try:
        for cells in csv.reader(lines, delimiter=separator, strict=True):
            number += 1
            if number > MAX_ROWS:
                refuse_at(finding_kinds.TOO_LARGE, f"more than {MAX_ROWS:,} rows", Place(name, row=number))
            yield Row(number, tuple(map(cell_text, cells)))
    except csv.Error as error:
        message, hint = _explain(str(error))
        refuse_at(finding_kinds.SYNTAX, message, Place(name, row=number + 1), hint)


def _explain(error: str) -> tuple[str, str | None]:
    """Reword an error message of the csv library, with a hint."""
    if "field larger than" in error:
        limit = f"{MAX_CELL_CHARACTERS:,} characters"
        return f"a cell is longer than {limit}, or its quotation mark is not closed", None
    if "unexpected end of data" in error:
        return "the file ends inside quotation marks", "close them"
    if "expected after" in error:
        return (
            "there is text after the closing quotation mark of a cell",
            "double each quotation mark inside a quoted cell",
        )
    if "new-line character" in error:
        return "a line ends with CR only", "save the file with LF or CR LF line ends"
    return error, None


def _lines(file: BinaryIO, name: str, number: int) -> Iterator[str]:
    """Yield the lines of the file as text; `number` is the number of the last line already read."""
    while line := file.readline(MAX_LINE_BYTES):
        number += 1
        if len(line) == MAX_LINE_BYTES:
            refuse_at(
                finding_kinds.TOO_LARGE,
                f"a line is longer than {MAX_LINE_BYTES:,} bytes",
                Place(name, number),
            )
        if number == 1:
            line = line.removeprefix(UTF8_MARK)
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError as error:
            column = len(line[: error.start].decode("utf-8")) + 1
            message = f"not UTF-8: found the byte 0x{line[error.start]:02x}"
            refuse_at(finding_kinds.NOT_TEXT, message, Place(name, number, column))
