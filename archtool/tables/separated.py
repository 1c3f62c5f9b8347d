"""Reads CSV and TSV strictly: UTF-8, or UTF-16 with a mark; a cell may hold line ends.

Source: RFC 4180; what spreadsheets write as “CSV UTF-8”, as “Unicode text”, and with semicolons where the
comma is the decimal sign.
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
from archtool.tables.model import MAX_CELL_CHARACTERS, MAX_ROWS, Row, Table, cell_text, refuse_at, table_of

MAX_LINE_BYTES = 16 * 1024 * 1024  # a file without line ends must not fill memory
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SEPARATOR_LINE = re.compile(rb'"?sep=([^\r\n])"?[ \t,;]*[\r\n]*', re.IGNORECASE)
_QUOTED = re.compile(rb'"[^"]*"?')


def read_separated(stack: ExitStack, file: BinaryIO, name: str, separator: str) -> Table:
    """Begin to read a table; `separator` is the one that the name of the file lets expect.

    What spreadsheets write for other languages is recognised, and noted in the table: another separator, by
    the row of names or by a line `sep=;` before it, and UTF-16, of which a copy is open until `stack` ends.

    Raises:
        MaterialRefusedError: it is not such text; also later, while the rows are read.
    """
    try:
        text = open_as_utf8(file, name)
    except InputError as error:
        refuse_at(finding_kinds.NOT_TEXT, error.message, Place(name, 1), error.hint)
    if text is not file:
        stack.enter_context(text)
    notes = [] if text is file else [f"{shown(name)} was read as UTF-16"]
    start = text.readline(MAX_LINE_BYTES).removeprefix(UTF8_MARK)
    said = _separator_line(start, name)
    found = said or _found_separator(start, separator)
    if found != separator:
        words = f"{_SEPARATORS[found]} between the cells; a workbook (.xlsx) is read too"
        notes.append(f"{shown(name)} was read with {words}")
    if said is None:
        text.seek(0)
    table = table_of(_rows(_lines(text, name, 0 if said is None else 1), name, found), name)
    return replace(table, notes=tuple(notes))


def _separator_line(line: bytes, name: str) -> str | None:
    """The separator that a first line `sep=;` names, which is Excel's own; `None`: it is no such line."""
    match = _SEPARATOR_LINE.fullmatch(line)
    if match is None:
        return None
    separator = match[1].decode("latin-1")
    if separator not in _SEPARATORS:
        message = f"the line `sep=` names a separator that is not read: {separator!r}"
        hint = f"use one of these between the cells: {', '.join(_SEPARATORS.values())}"
        refuse_at(finding_kinds.SYNTAX, message, Place(name, 1), hint)
    return separator


def _found_separator(names: bytes, expected: str) -> str:
    """The separator that divides the row of names into most cells; the expected one where several do."""
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
        message, hint = _words(str(error))
        refuse_at(finding_kinds.SYNTAX, message, Place(name, row=number + 1), hint)


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


def _lines(file: BinaryIO, name: str, number: int) -> Iterator[str]:
    """The lines of the file as text; `number` is the number of the last line that was read already."""
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
