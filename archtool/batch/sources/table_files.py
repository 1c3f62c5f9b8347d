"""Opens the files of a batch that comes from a table: the table, its annexes and its defaults."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archtool.description.limits import MAX_DEFAULTS_BYTES
from archtool.description.table.cells import Defaults
from archtool.description.table.columns import ANNEXES_KEY
from archtool.description.table.row_to_text import read_defaults
from archtool.errors import InputError, MaterialRefusedError, SourceChangedError, UsageError
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.files.tree import FileKind
from archtool.operations.describe.inputs import read_text_input
from archtool.tables import SEPARATORS, WORKBOOK_SUFFIX
from archtool.tables.model import Table
from archtool.tables.separated import read_separated
from archtool.tables.workbook import Workbook


@dataclass(frozen=True, slots=True)
class TableFiles:
    """The open tables."""

    packages: Table
    annexes: Table | None


@contextmanager
def open_tables(table: Path, annexes: Path | None) -> Iterator[TableFiles]:
    """Open a table and its table of annexes: a separate file, or the sheet of that name.

    Raises:
        InputError: a file is missing, unreadable or not a table.
        SourceChangedError: a file changed while it was read.
        MissingPartError: the library that reads workbooks is not installed.
        UsageError: there are two tables of annexes.
    """
    with ExitStack() as stack:
        if table.suffix.lower() == WORKBOOK_SUFFIX:
            book = Workbook(stack.enter_context(_unchanged(table)), str(table))
            stack.callback(book.close)
            packages, inner = _sheets(book)
        else:
            packages, inner = _separated(stack, table), None
        if annexes is None:
            yield TableFiles(packages, inner)
            return
        if inner is not None:
            raise UsageError(
                f"{shown(str(table))} has a sheet `{ANNEXES_KEY}`, and --annexes names another table",
                hint="leave --annexes out, or rename the sheet",
            )
        yield TableFiles(packages, _separated(stack, annexes))


def _sheets(book: Workbook) -> tuple[Table, Table | None]:
    names = [name.strip().lower() for name in book.sheets]
    if names.count(ANNEXES_KEY) > 1:
        raise InputError(
            f"{shown(book.name)} has more than one sheet `{ANNEXES_KEY}`: case makes no difference",
            hint="rename all of them but one",
        )
    first = next((number for number, name in enumerate(names) if name != ANNEXES_KEY), None)
    if first is None:
        raise InputError(
            f"{shown(book.name)} has no sheet besides `{ANNEXES_KEY}`",
            hint="put one row for each package into another sheet",
        )
    annexes = book.table(names.index(ANNEXES_KEY)) if ANNEXES_KEY in names else None
    return book.table(first), annexes


def _separated(stack: ExitStack, path: Path) -> Table:
    separator = SEPARATORS.get(path.suffix.lower())
    if separator is None:
        raise InputError(
            f"{shown(str(path))} is neither CSV nor TSV according to its name",
            hint="use a file that ends in .csv, .tsv or .txt (Excel: Unicode text)",
        )
    return read_separated(stack, stack.enter_context(_unchanged(path)), str(path), separator)


@contextmanager
def _unchanged(path: Path) -> Iterator[BinaryIO]:
    """Open a file, and check at the end that it did not change.

    Raises:
        InputError: missing, not a file, or not readable.
        SourceChangedError: it changed.
    """
    with open_source(path) as file:
        before = stamp(file)
        yield file
        refuse_changed(path, file, before)


def open_source(path: Path) -> BinaryIO:
    """Open a file that was named on the command line; links are followed.

    Raises:
        InputError: missing, not a file, or not readable.
    """
    try:
        kind = FileKind.of_mode(path.stat().st_mode)
        if kind is not FileKind.FILE:
            raise InputError(f"{shown(str(path))} is a {kind.value}, not a file", hint="name the file itself")
        return path.open("rb")
    except OSError as error:
        hint = "check the path; it is relative to the current folder"
        raise cannot_read(f"{shown(str(path))} cannot be read: {error.strerror}", error, hint=hint) from error


def stamp(file: BinaryIO) -> tuple[int, int]:
    """Return the size and the modification time of a file, which show whether it changed."""
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


def refuse_changed(path: Path, file: BinaryIO, before: tuple[int, int]) -> None:
    """Raise an error if a file has changed.

    Raises:
        SourceChangedError: it changed.
    """
    if stamp(file) != before:
        raise SourceChangedError(
            f"{shown(str(path))} changed while it was read", hint="run the same command again"
        )


def load_defaults(path: Path | None) -> tuple[Defaults | None, tuple[str, ...]]:
    """Read the values that apply to all rows; returns also notes for the user about how they were read.

    Raises:
        InputError: the file is missing or cannot be read.
        MaterialRefusedError: it contains a value that no description can contain.
    """
    if path is None:
        return None, ()
    data = read_text_input(path, MAX_DEFAULTS_BYTES, "the file of defaults", reads_utf16=True)
    defaults, findings = read_defaults(data, str(path), is_json=path.suffix.lower() == ".json")
    if defaults is None:
        raise MaterialRefusedError(
            f"the defaults in {shown(str(path))} cannot be used; no job was begun", findings
        )
    return defaults, tuple(f"{finding.place or path}: {finding.message}" for finding in findings)
