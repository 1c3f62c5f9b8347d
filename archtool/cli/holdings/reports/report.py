"""`archtool holdings report`: what the register says about all holdings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli.holdings.reports.report_files import (
    check_report_files,
    report_file_options,
    requested_files,
    write_files_of,
)
from archtool.cli.holdings.reports.report_folders import (
    check_details_folder,
    check_tables_folder,
    write_details,
    write_tables,
)
from archtool.cli.options import clock
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.register import open_to_read
from archtool.cli.options.registers.register_path import register_option
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.holdings.reporting.read_report import read_report
from archtool.report.holdings.report_object import report_object
from archtool.report.holdings.report_words import result_and_news
from archtool.report.holdings.text import format_screen


@click.command("report")
@report_file_options
@click.option(
    "--csv", "csv_path", type=ANY_PATH, metavar="DIR",
    help="Write tables into a folder: holdings.csv with each copy and its state, faults, overdue, months.",
)  # fmt: skip
@click.option(
    "--details", "details_path", type=ANY_PATH, metavar="DIR",
    help="Write the page as DIR/index.html, with pages on each holding that is not in order or overdue.",
)  # fmt: skip
@click.option("--all-details", is_flag=True, help="With --details: pages on all holdings.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@register_option
def command(
    csv_path: Path | None, details_path: Path | None, *, all_details: bool, as_json: bool, **given: Any
) -> None:
    """Report what is held, what is not in order, what is overdue, and how it was before.

    \b
    archtool holdings report
    archtool holdings report -o report.html

    Everything is read from the register: nothing is checked, and no package is opened. The exit code says
    whether the report could be made, not whether something is wrong.
    """  # noqa: D301 - `\b` keeps the lines
    _check(given, csv_path, details_path, all_details=all_details)
    now = clock.now()
    with open_to_read(given) as register, register.reading() as connection:
        report = read_report(connection, register.path, now)
        write_files_of(report, given)
        if csv_path is not None:
            write_tables(csv_path, connection, report, now)
        if details_path is not None:
            write_details(details_path, connection, report, now, all_holdings=all_details)
    written = [path for path in (*requested_files(given), csv_path, details_path) if path is not None]
    if as_json:
        output.json_line(report_object(report))
    elif written:
        names = ", ".join(shown(str(path)) for path in written)
        output.lines([f"{result_and_news(report)}; wrote {names}"])
    else:
        output.data(format_screen(report, output.width()))


def _check(
    given: dict[str, Any], csv_path: Path | None, details_path: Path | None, *, all_details: bool
) -> None:
    """Refuse what cannot be written before anything is read."""
    check_report_files(given, *(path for path in (csv_path, details_path) if path is not None))
    if all_details and details_path is None:
        raise UsageError("--all-details requires --details", hint="name the folder: --details DIR")
    if csv_path is not None:
        check_tables_folder(csv_path)
    if details_path is not None:
        check_details_folder(details_path)
