"""Opens the files of a batch that comes from a table: the table, its annexes and its defaults."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archtool.batch.sources.table_reading import TableReading
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
from archtool.tables.finding_kinds import NO_HEADER
from archtool.tables.model import Table
from archtool.tables.names import normalised_name
from archtool.tables.other_formats import refuse_other_format
from archtool.tables.separated import read_separated
from archtool.tables.workbook import Workbook

_NAMED = 20  # sheets in a message


@dataclass(frozen=True, slots=True)
class TableFiles:
    """The open tables."""

    packages: Table
    annexes: Table | None


@contextmanager
def open_tables(
    table: Path, annexes: Path | None, reading: TableReading | None = None
) -> Iterator[TableFiles]:
    """Open a table and its table of annexes: a separate file, or the sheet of that name.

    Raises:
        InputError: a file is missing, unreadable or not a table, or a sheet is missing.
        SourceChangedError: a file changed while it was read.
        UsageError: there are two tables of annexes, or something was stated that does not apply.
    """
    reading = reading or TableReading()
    is_workbook = table.suffix.lower() == WORKBOOK_SUFFIX
    _refuse_inapplicable(
        reading, table, is_workbook=is_workbook, has_text=not is_workbook or annexes is not None
    )
    with ExitStack() as stack:
        if is_workbook:
            book = Workbook(stack.enter_context(_unchanged(table)), str(table))
            stack.callback(book.close)
            packages, inner = _sheets(book, reading.sheet)
        else:
            packages, inner = _separated(stack, table, reading), None
        if annexes is not None and inner is not None:
            raise UsageError(
                f"{shown(str(table))} has a sheet `{ANNEXES_KEY}`, and --annexes names another table",
                hint="leave --annexes out, or rename the sheet",
            )
        other = inner if annexes is None else _separated(stack, annexes, reading)
        first, second = reading.with_dates((packages, other))
        yield TableFiles(first or packages, second)


def _refuse_inapplicable(reading: TableReading, table: Path, *, is_workbook: bool, has_text: bool) -> None:
    form = reading.form
    name = shown(str(table))
    if reading.sheet is not None and not is_workbook:
        raise UsageError(f"--sheet requires a workbook (.xlsx), not {name}", hint="leave it out")
    for option, value in (("--encoding", form.encoding), ("--delimiter", form.delimiter)):
        if value is not None and not has_text:
            raise UsageError(
                f"{option} requires a table in text (.csv, .tsv or .txt), not {name}",
                hint="leave it out: a workbook states how it is read",
            )


def _sheets(book: Workbook, wanted: str | None) -> tuple[Table, Table | None]:
    names = [normalised_name(name) for name in book.sheets]
    if names.count(ANNEXES_KEY) > 1:
        raise InputError(
            f"{shown(book.name)} has more than one sheet `{ANNEXES_KEY}`: case makes no difference",
            hint="rename all of them but one",
        )
    first = _packages_sheet(book, names, wanted)
    others = [
        shown(name)
        for number, name in enumerate(book.sheets)
        if number != first and names[number] != ANNEXES_KEY
    ]
    annexes = book.table(names.index(ANNEXES_KEY)) if ANNEXES_KEY in names else None
    packages = book.table(first) if wanted is not None or not others else _table_of_first(book, first, others)
    if others:
        one = len(others) == 1
        packages.notes.append(
            f"{shown(book.name)}: the packages are in the sheet {shown(book.sheets[first])};"
            f" {'a sheet was' if one else 'sheets were'} not read: {', '.join(others[:_NAMED])}"
            f"{' …' if len(others) > _NAMED else ''} (--sheet NAME chooses another)"
        )
    return packages, annexes


def _table_of_first(book: Workbook, number: int, others: Sequence[str]) -> Table:
    """Return the first of several sheets; one without a table is refused, and the others are named."""
    try:
        table = book.table(number)
    except MaterialRefusedError as error:
        if all(finding.code != NO_HEADER.code for finding in error.findings):
            raise
    else:
        if len(table.names) > 1:
            return table
    raise InputError(
        f"the first sheet of {shown(book.name)}, {shown(book.sheets[number])}, has no table with columns",
        hint=f"name the sheet of the packages: --sheet NAME; there are also: {', '.join(others[:_NAMED])}",
    )


def _packages_sheet(book: Workbook, names: Sequence[str], wanted: str | None) -> int:
    """Return the number of the sheet that has the packages: the wanted one, or the first."""
    candidates = [number for number, name in enumerate(names) if name != ANNEXES_KEY]
    if not candidates:
        raise InputError(
            f"{shown(book.name)} has no sheet besides `{ANNEXES_KEY}`",
            hint="put one row for each package into another sheet",
        )
    if wanted is None:
        return candidates[0]
    if wanted in book.sheets and book.sheets.index(wanted) in candidates:
        return book.sheets.index(wanted)
    found = [number for number in candidates if names[number] == normalised_name(wanted)]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(shown(book.sheets[number]) for number in candidates[:_NAMED])
    if found:
        message = (
            f"{shown(book.name)} has several sheets with the name “{shown(wanted)}” but for case and blanks"
        )
    elif normalised_name(wanted) == ANNEXES_KEY:
        message = f"the sheet `{ANNEXES_KEY}` has the annexes, so it cannot have the packages"
    else:
        message = f"{shown(book.name)} has no sheet “{shown(wanted)}”"
    raise InputError(message, hint=f"write its name exactly; there are: {listed}")


def _separated(stack: ExitStack, path: Path, reading: TableReading) -> Table:
    refuse_other_format(path)
    separator = SEPARATORS.get(path.suffix.lower())
    if separator is None:
        raise InputError(
            f"{shown(str(path))} is neither CSV nor TSV according to its name",
            hint="use a file that ends in .csv, .tsv or .txt (Excel: Unicode text)",
        )
    file = stack.enter_context(_unchanged(path))
    return read_separated(stack, file, str(path), separator, reading.form)


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
