"""Opens the files of a batch that comes from a table: the table, its annexes, its defaults."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archtool.description.table.cells import Defaults
from archtool.description.table.columns import ANNEXES_KEY
from archtool.description.table.row_to_text import MAX_DEFAULTS_BYTES, read_defaults
from archtool.errors import InputError, MaterialRefusedError, SourceChangedError, UsageError
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.files.tree import FileKind
from archtool.operations.describe.inputs import read_text_input
from archtool.tables.model import Table
from archtool.tables.separated import read_separated
from archtool.tables.suffixes import SEPARATORS, WORKBOOK_SUFFIX
from archtool.tables.workbook import Workbook


@dataclass(frozen=True, slots=True)
class TableFiles:
    """The tables, begun to be read."""

    packages: Table
    annexes: Table | None


@contextmanager
def open_tables(table: Path, annexes: Path | None) -> Iterator[TableFiles]:
    """Open a table, and that of the annexes: a file of its own, or the sheet of that name.

    Raises:
        InputError: a file is missing or cannot be read, or is no table.
        SourceChangedError: a file changed while it was read.
        MissingPartError: what reads workbooks is not installed.
        UsageError: the annexes are said twice.
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
                f"{shown(str(table))} has a sheet `{ANNEXES_KEY}`, and --annexes names another table of them",
                hint="leave --annexes out, or give the sheet another name",
            )
        yield TableFiles(packages, _separated(stack, annexes))


def _sheets(book: Workbook) -> tuple[Table, Table | None]:
    names = [name.strip().lower() for name in book.sheets]
    if names.count(ANNEXES_KEY) > 1:
        raise InputError(
            f"{shown(book.name)} has more than one sheet `{ANNEXES_KEY}`: capitals make no difference",
            hint="give all of them but one another name",
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
            f"{shown(str(path))} is neither CSV nor TSV, by its name",
            hint="name a file that ends in .csv, .tsv or .txt (Excel: Unicode text)",
        )
    return read_separated(stack, stack.enter_context(_unchanged(path)), str(path), separator)


@contextmanager
def _unchanged(path: Path) -> Iterator[BinaryIO]:
    """A file that is open while it is read, and the same at the end.

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
        hint = "check the path; it counts from the folder that you are in"
        raise cannot_read(f"{shown(str(path))} cannot be read: {error.strerror}", error, hint=hint) from error


def stamp(file: BinaryIO) -> tuple[int, int]:
    """What shows that a file changed: its size and its time."""
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


def refuse_changed(path: Path, file: BinaryIO, before: tuple[int, int]) -> None:
    """Raise where a file is not what it was.

    Raises:
        SourceChangedError: it changed.
    """
    if stamp(file) != before:
        raise SourceChangedError(
            f"{shown(str(path))} changed while it was read", hint="run the same command again"
        )


def load_defaults(path: Path | None) -> tuple[Defaults | None, tuple[str, ...]]:
    """Read the values that hold for all rows; also what a person should know of how they were read.

    Raises:
        InputError: the file is missing or cannot be read.
        MaterialRefusedError: it says something that no description can say.
    """
    if path is None:
        return None, ()
    data = read_text_input(path, MAX_DEFAULTS_BYTES, "the file of defaults", reads_utf16=True)
    defaults, findings = read_defaults(data, str(path), is_json=path.suffix.lower() == ".json")
    if defaults is None:
        raise MaterialRefusedError(
            f"the defaults in {shown(str(path))} cannot be used; nothing was done", findings
        )
    return defaults, tuple(f"{finding.place or path}: {finding.message}" for finding in findings)
