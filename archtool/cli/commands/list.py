"""`archtool list`: the packages below folders as a table."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from archtool.cli import defaults
from archtool.cli.batch.summaries import refuse_other_file
from archtool.cli.options import clock, common
from archtool.cli.options.configuration.settings import configurable
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.subjects import select_packages
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.exit_codes import ExitCode, worst_exit_code
from archtool.files.writing.staging import Replacement, stage_beside
from archtool.files.writing.storage_errors import storage_errors
from archtool.operations import finding_kinds
from archtool.operations.list_packages.list_packages import SORT_KEYS, ListRequest, list_packages
from archtool.operations.list_packages.row_result import row_result
from archtool.report.list_csv import list_csv_head, list_csv_row
from archtool.report.package_row import PackageRow
from archtool.report.result_json import result_object
from archtool.report.text.package_list import (
    RECORDED_ONLY,
    format_list_head,
    format_list_summary,
    format_row,
    format_totals,
)
from archtool.report.text.page import wrap

_STANDARD_OUTPUT = Path("-")
_FILE_NAME = "list"  # in the staging folder


@click.command("list")
@click.argument("folders", type=ANY_PATH, nargs=-1, required=True, metavar="DIR...")
@click.option(
    "--sort", type=click.Choice(list(SORT_KEYS)), metavar="KEY",
    help=f"Sort by {', '.join(SORT_KEYS)}; default: by path, and each package is listed once it is read.",
)  # fmt: skip
@click.option("--reverse", "is_reversed", is_flag=True, help="Reverse the order.")
@click.option(
    "--csv", "csv_path", type=ANY_PATH, metavar="FILE",
    help="Also write the list as a table; - prints it instead.",
)  # fmt: skip
@click.option(
    "--formats", "with_formats", is_flag=True,
    help="Also count the formats of the files, as the packages record them; reads their provenance.",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(1, defaults.MAX_JOBS), metavar="N", **configurable("jobs"),
    help="Packages to read in parallel; default: one per core.",
)  # fmt: skip
@common.limits_options
@common.json_option
def command(
    folders: tuple[Path, ...], csv_path: Path | None, jobs: int | None, *, as_json: bool, **given: Any
) -> int:
    """List the packages below each DIR, in folders and in archives.

    \b
    archtool list packages
    archtool list packages --sort date --csv packages.csv

    A DIR can also be a package. Links are not followed, and no package is looked for inside another. Bags of
    other tools are listed too, with the title that their bag-info.txt states.

    Only metadata is read, and nothing is checked. The last check is what the newest attestation of a check
    states, in the package or beside it: its outcome, its date and who claims it. Use verify to check.
    """  # noqa: D301 - `\b` keeps the lines
    started, now = time.monotonic(), clock.now()
    if as_json and csv_path == _STANDARD_OUTPUT:
        raise UsageError("--json and --csv - both print to standard output", hint="give --csv a file")
    limits = common.pop_limits(given)
    request = ListRequest(
        select_packages(folders), given["sort"], given["is_reversed"], limits, given["with_formats"]
    )
    printer = _Printer(now, started, as_json=as_json, prints_csv=csv_path == _STANDARD_OUTPUT)
    with _table_file(csv_path, now) as add_to_table:
        for row in list_packages(request, defaults.concurrency_of(jobs)):
            add_to_table(row)
            printer.add(row)
    return printer.finish()


class _Printer:
    """Prints each package as it is listed, and counts them."""

    def __init__(self, now: datetime, started: float, *, as_json: bool, prints_csv: bool) -> None:
        self._now, self._started, self._as_json, self._prints_csv = now, started, as_json, prints_csv
        self._width = output.width()
        self._has_head = False
        self._packages, self._problems = 0, 0
        self._codes: set[ExitCode] = set()
        self._formats: Counter[str] = Counter()

    def add(self, row: PackageRow) -> None:
        """Print one package; a folder without packages is a message, and no line of a table."""
        self._codes.add(row.problem.exit_code if row.problem is not None else ExitCode.DONE)
        self._packages += row.is_readable
        self._problems += row.problem is not None
        if row.part is None or row.part.startswith("1 of "):  # each part describes the files of all parts
            self._formats.update(dict(row.formats))
        if self._as_json:
            output.json_line(result_object(row_result(row, self._now)))
        elif row.problem is not None and row.problem.code == finding_kinds.LIST_NONE_FOUND.code:
            output.findings([row.problem])
        elif self._prints_csv:
            output.citation(("" if self._has_head else list_csv_head()) + list_csv_row(row, self._now))
            self._has_head = True
        else:
            head = [] if self._has_head else [format_list_head(self._width)]
            output.lines([*head, *format_row(row, self._now, self._width)])
            self._has_head = True

    def finish(self) -> int:
        """Print the counts, and what was not checked; return the exit code."""
        summary = format_list_summary(self._packages, self._problems, time.monotonic() - self._started)
        if self._prints_csv and not self._has_head:
            output.citation(list_csv_head())
        if self._as_json or self._prints_csv:
            output.message(summary)
        else:
            notice = ["", *wrap(RECORDED_ONLY, self._width)] if self._has_head else []
            notice = [*format_totals(self._formats.most_common(), self._width), *notice]
            output.lines([*notice, summary])
        return worst_exit_code(self._codes)


@contextlib.contextmanager
def _table_file(path: Path | None, now: datetime) -> Iterator[Callable[[PackageRow], None]]:
    """Open the CSV file; it appears complete at the end, and an interrupted run leaves none.

    Raises:
        UsageError: another file has its name.
        StorageError: it cannot be written.
    """
    if path is None or path == _STANDARD_OUTPUT:
        yield lambda _row: None
        return
    refuse_other_file(path, list_csv_head(), "a list that archtool wrote")
    with stage_beside(path) as stage:
        staged = stage.path / _FILE_NAME
        with storage_errors(path), staged.open("w", encoding="utf-8", newline="") as file:
            file.write(list_csv_head())

            def add(row: PackageRow) -> None:
                with storage_errors(path):
                    file.write(list_csv_row(row, now))

            yield add
        stage.commit(replacing=Replacement(), file=staged)
