"""Makes the plan of a batch from SOURCE, as the command line names it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, BinaryIO

from archtool.batch.job import STANDARD_INPUT, Plan
from archtool.batch.sources.discovery import find_descriptions
from archtool.batch.sources.packages import find_packages
from archtool.cli.batch.table_options import OPTION_NAMES, parse_table_reading
from archtool.errors import InputError, UsageError
from archtool.files.paths import shown
from archtool.tables import TABLE_SUFFIXES
from archtool.tables.other_formats import refuse_other_format

_LINES_SUFFIXES = (".jsonl", ".ndjson")
_ONLY_FOR = {
    "annexes": "a table", "defaults": "a table", "mapping": "a table", "pattern": "a folder",
    **dict.fromkeys(OPTION_NAMES, "a table"),
}  # fmt: skip
_OPTIONS = {"annexes": "--annexes", "defaults": "--defaults", "mapping": "--mapping", "pattern": "--match",
    **OPTION_NAMES,
}  # fmt: skip


def find_description_plan(source: Path, output: Path, given: dict[str, Any]) -> Plan:
    """Find every description to pack: in a folder, a table or JSON Lines.

    Raises:
        InputError: there is none, or SOURCE cannot be read.
        UsageError: the packages would lie among their sources, or an option does not apply to SOURCE.
    """
    suffix = source.suffix.lower()
    if source == STANDARD_INPUT or (suffix in _LINES_SUFFIXES and not source.is_dir()):
        # lazy: 68 ms, only JSON Lines need it
        from archtool.batch.sources.json_lines import LinesRequest, find_lines

        _refuse_options(given, "JSON Lines")
        base = Path() if source == STANDARD_INPUT else source.parent
        request = LinesRequest(source, output, given["files_root"] or base, given["library"])
        return find_lines(request, _standard_input() if source == STANDARD_INPUT else None)
    if suffix in TABLE_SUFFIXES and not source.is_dir():
        # lazy: 66 ms, only tables need it
        from archtool.batch.sources.table_source import TableRequest, find_rows

        _refuse_options(given, "a table")
        return find_rows(
            TableRequest(
                source,
                output,
                given["files_root"],
                given["annexes"],
                given["defaults"],
                given["library"],
                given["mapping"],
                reading=parse_table_reading(given),
            )
        )
    refuse_other_format(source)
    if source.is_file():
        raise InputError(
            f"{shown(str(source))} has the name of neither a table nor JSON Lines, and is not a folder",
            hint="save a spreadsheet as .xlsx or .csv (UTF-8); to pack one description, run: archtool pack",
        )
    _refuse_options(given, "a folder")
    return find_descriptions(source, output, given["pattern"])


def _standard_input() -> BinaryIO:
    if sys.stdin is None:  # the parent process has closed it
        raise InputError("standard input is closed", hint="give a file that ends in .jsonl")
    return sys.stdin.buffer


def _refuse_options(given: dict[str, Any], source: str) -> None:
    for name, owner in _ONLY_FOR.items():
        if given[name] not in (None, ()) and owner != source:
            raise UsageError(
                f"{_OPTIONS[name]} requires that SOURCE is {owner}, not {source}",
                hint="leave it out",
            )


def find_package_plan(source: Path, _output: Path, given: dict[str, Any]) -> Plan:
    """Find every package in SOURCE.

    Raises:
        InputError: there is none, or SOURCE cannot be read.
    """
    return find_packages(source, given["pattern"])
