"""Reads CSV and TSV strictly, in any encoding that is known (`text_file`); cells can contain line ends.

Source: RFC 4180; the formats “CSV UTF-8” and “Unicode text” of spreadsheets, also with semicolons in
languages where the comma is the decimal sign.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

from archtool.encodings import UTF8_MARK
from archtool.files.paths import shown
from archtool.findings import Place
from archtool.tables import finding_kinds
from archtool.tables.limits import MAX_CELL_CHARACTERS, MAX_LINE_BYTES, MAX_ROWS, MAX_TITLE_ROWS
from archtool.tables.model import Row, Table, cell_text, refuse_at, table_of
from archtool.tables.text_file import open_table_text

_WORDS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
DELIMITERS = {",": ",", ";": ";", "|": "|", "tab": "\t", "\\t": "\t", "\t": "\t"}
"""The separators by the names that `--delimiter` accepts."""
_SEPARATOR_LINE = re.compile(rb'"?sep=([^\r\n])"?[ \t,;]*[\r\n]*', re.IGNORECASE)
_QUOTED = re.compile(rb'"[^"]*"?')
_UNKNOWN_SIGNS = (b"^", b":", b"~", b"#", b"!", b"/", b"\\", b"&")
"""Signs that some programs write between cells, and that are not read."""
_EXPORT = "export the table again with semicolons, commas, tabs or bars between the cells"
_SINGLE_NAME = re.compile(r"[\w.-]+")
_OTHER_FORMATS = {
    b"PK\x03\x04": "a workbook or another archive",
    b"\xd0\xcf\x11\xe0": "an old workbook (.xls)",
}


@dataclass(frozen=True, slots=True)
class TextForm:
    """What a person has stated about tables in text; `None` is recognised from the file."""

    encoding: str | None = None
    """The name of a character encoding."""
    delimiter: str | None = None
    """The character between the cells."""


def read_separated(
    stack: ExitStack, file: BinaryIO, name: str, separator: str, form: TextForm | None = None
) -> Table:
    """Open a table; `separator` is the one that the file name suggests.

    Variants that spreadsheets write in other languages are recognised and noted in the table: another
    separator, from the row of names or from a line `sep=;` before it, and other encodings. `stack` closes
    temporary files.

    Raises:
        MaterialRefusedError: the file is not a valid table; also raised later, while the rows are read.
    """
    form = form or TextForm()
    _refuse_other_format(file, name)
    opened = open_table_text(stack, file, name, form.encoding)
    text = opened.file
    lines = [text.readline(MAX_LINE_BYTES) for _ in range(MAX_TITLE_ROWS + 1)]
    declared = _separator_line(lines[0].removeprefix(UTF8_MARK), name)
    if declared is not None and form.delimiter not in (None, declared):
        message = f"the line `sep=` names {_WORDS[declared]}, and --delimiter {_WORDS[str(form.delimiter)]}"
        refuse_at(finding_kinds.SYNTAX, message, Place(name, 1), "leave --delimiter out, or delete the line")
    stated = form.delimiter or declared
    choice = _Choice(stated) if stated is not None else _recognise(lines, separator)
    skipped = 0 if declared is None else 1
    _refuse_undivided_names(lines[skipped:], name, skipped + 1, choice.separator)
    text.seek(len(lines[0]) * skipped)
    table = table_of(_rows(_lines(text, name, skipped), name, choice.separator), name)
    _refuse_single_column(table, choice.separator)
    expected = separator if form.delimiter is None else choice.separator
    table.notes[:0] = [*opened.notes, *_separator_notes(name, choice, expected)]
    return table


def _separator_notes(name: str, choice: _Choice, expected: str) -> Iterator[str]:
    if choice.separator != expected:
        yield f"{shown(name)} was read with {_WORDS[choice.separator]} between the cells"
    if choice.rival is not None:
        words, option = _WORDS[choice.rival], option_of(choice.rival)
        yield f"{shown(name)} can also be read with {words} between the cells: --delimiter {option}"


def option_of(separator: str) -> str:
    """Return a separator as it is written after `--delimiter`, on any command line."""
    return "tab" if separator == "\t" else f'"{separator}"'


def _refuse_other_format(file: BinaryIO, name: str) -> None:
    start = file.read(4)
    file.seek(0)
    what = _OTHER_FORMATS.get(start)
    if what is not None:
        message = f"the file is {what}, not text, although it has the name of a text"
        refuse_at(
            finding_kinds.SYNTAX,
            message,
            Place(name),
            "export it as CSV, or give a workbook the ending .xlsx",
        )


def _separator_line(line: bytes, name: str) -> str | None:
    """Return the separator that a first line `sep=;` of Excel declares; `None` for any other line."""
    match = _SEPARATOR_LINE.fullmatch(line)
    if match is None:
        return None
    separator = match[1].decode("latin-1")
    if separator not in _WORDS:
        message = f"the line `sep=` names an unsupported separator: {separator!r}"
        hint = f"use one of these between the cells: {', '.join(_WORDS.values())}"
        refuse_at(finding_kinds.SYNTAX, message, Place(name, 1), hint)
    return separator


@dataclass(frozen=True, slots=True)
class _Choice:
    """The recognised separator."""

    separator: str
    rival: str | None = None
    """Another one that divides the same line into as many cells."""


def _recognise(lines: Sequence[bytes], expected: str) -> _Choice:
    """Return the separator that divides the row of names into most cells; the expected one on a tie.

    That row is the first line with any separator that is not a title. A byte order mark makes no difference.
    """
    counts = [count for line in lines if any((count := _counts(line)).values())]
    while len(counts) > 1 and _is_title(*counts[:3]):
        counts = counts[1:]
    if not counts:
        return _Choice(expected)
    most = max(counts[0].values())
    best = sorted((one for one, n in counts[0].items() if n == most), key=lambda one: one != expected)
    return _Choice(*best[:2])


def _counts(line: bytes) -> dict[str, int]:
    outside = _QUOTED.sub(b"", line)
    return {separator: outside.count(separator.encode()) for separator in _WORDS}


def _is_title(first: dict[str, int], second: dict[str, int], third: dict[str, int] | None = None) -> bool:
    """Whether a line is a title with a comma: the lines below have another separator, which it has not."""
    separator = max(second, key=lambda one: second[one])
    found = max(first, key=lambda one: first[one])
    is_alike = third is None or third[separator] == second[separator]
    return first[separator] == 0 and second[found] != first[found] and is_alike


def _refuse_undivided_names(lines: Sequence[bytes], name: str, number: int, separator: str) -> None:
    """Refuse a first line that has another sign between its cells than the lines below, as no title has.

    Otherwise the first line would be left out as a title, and the values of the first package would be names.
    """
    first, *below = [outside for line in lines if (outside := _QUOTED.sub(b"", line).strip())] or [b""]
    if not below or separator.encode() in first:
        return
    message = None
    hint = _EXPORT
    for sign in _UNKNOWN_SIGNS:
        count = first.count(sign)
        if count and all(line.count(sign) >= count for line in below):
            message = _single_cell(first.decode("utf-8", "replace").removeprefix("\ufeff"), separator)
    for other, words in _WORDS.items():
        sign = other.encode()
        count = first.count(sign)
        if count > 1 and below[0].count(separator.encode()) == count and sign + b" " not in first:
            message = f"the first row has {words} between its cells, and the next has {_WORDS[separator]}"
            hint = "use the same sign in all rows: correct the first row, or export the table again"
    if message is not None:
        refuse_at(finding_kinds.SYNTAX, message, Place(name, row=number), hint)


def _refuse_single_column(table: Table, separator: str) -> None:
    """Refuse a row of names that was not divided, because there is another separator in it."""
    if len(table.names) != 1 or _SINGLE_NAME.fullmatch(table.names[0]):
        return
    text = table.names[0]
    others = [one for one in _WORDS if one != separator and one in text]
    message, hint = _single_cell(text, separator), _EXPORT
    if others:
        hint = f"name the sign that divides the cells: --delimiter {' or '.join(map(option_of, others))}"
    elif separator in text:
        hint = "each row is one cell in quotation marks: remove those around whole rows, or export it again"
    refuse_at(finding_kinds.SYNTAX, message, table.place(table.header_row), hint)


def _single_cell(text: str, separator: str) -> str:
    return (
        f"the row of names is one cell, read with {_WORDS[separator]} between the cells: {shown(text[:60])}"
    )


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
