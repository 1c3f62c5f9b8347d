"""The files that a report of the register is written to; each appears whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archtool.cli.batch.summaries import refuse_other_file
from archtool.cli.options.paths import ANY_PATH
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.files.writing.staging import Replacement, stage_beside
from archtool.files.writing.storage_errors import storage_errors
from archtool.report.holdings import marks
from archtool.report.holdings.metrics import format_metrics

if TYPE_CHECKING:
    from archtool.holdings.register import Register
    from archtool.holdings.reporting.model import HoldingsReport

_STANDARD_OUTPUT = Path("-")
_FILE_NAME = "report"  # in the staging folder
_WHAT = "a report that archtool wrote"
_OPTIONS = (
    click.option(
        "-o", "--html", "html_path", type=ANY_PATH, metavar="FILE",
        help="Write the report as one page for a browser.",
    ),
    click.option(
        "--mail-file", "mail_path", type=ANY_PATH, metavar="FILE",
        help="Write the report as a mail in plain text, for sendmail -t.",
    ),
    click.option("--mail-to", metavar="ADDRESS", help="Receiver of that mail; default: none is stated."),
    click.option(
        "--metrics", "metrics_path", type=ANY_PATH, metavar="FILE",
        help="Write the numbers for Prometheus; a name that ends in .prom is read by node_exporter.",
    ),
)  # fmt: skip
_MARKS = {"html_path": marks.GENERATOR, "mail_path": marks.MAIL, "metrics_path": marks.METRICS}


def report_file_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `write_report_files` reads."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def check_report_files(given: dict[str, Any], *folders: Path) -> None:
    """Refuse what cannot be written, before a long run begins; `folders` are written as well.

    Raises:
        UsageError: another file has the name of a report, a folder does not exist, an address is none.
    """
    if _STANDARD_OUTPUT in (*requested_files(given), *folders):
        raise UsageError("a report is not written to standard output", hint="give the name of a file")
    paths = [path.absolute() for path in (*requested_files(given), *folders)]
    if len(set(paths)) < len(paths):
        raise UsageError("two reports have the same name", hint="give each of them a name of its own")
    for name, mark in _MARKS.items():
        if given[name] is not None:
            refuse_other_file(given[name], mark, _WHAT)
    _check_address(given)


def _check_address(given: dict[str, Any]) -> None:
    address = given["mail_to"]
    if address is None:
        return
    if given["mail_path"] is None:
        raise UsageError(
            "--mail-to requires --mail-file", hint="name the file for the mail: --mail-file FILE"
        )
    from archtool.report.holdings.mail import is_address  # lazy: 20 ms (email), only a mail needs it

    if not is_address(address):
        raise UsageError(f"not a mail address: {shown(address)!r}", hint="write it as name@example.org")


def requested_files(given: dict[str, Any]) -> list[Path]:
    """Return the files that were requested."""
    return [given[name] for name in _MARKS if given[name] is not None]


def write_report_files(
    register: Register, now: datetime, given: dict[str, Any], run: str | None = None
) -> HoldingsReport | None:
    """Write the requested reports; returns the report, or `None` if no file was requested.

    `run` is the id of the audit that has just ended: its faults are new, and the mail names it.

    Raises:
        StorageError: a file cannot be written.
        UsageError: another file has its name.
    """
    if not requested_files(given):
        return None
    from archtool.holdings.reporting.read_report import read_report  # lazy: 10 ms (sqlite3)

    with register.reading() as connection:
        report = read_report(connection, register.path, now, run)
    write_files_of(report, given)
    return report


def write_files_of(report: HoldingsReport, given: dict[str, Any]) -> None:
    """Write the requested files of a report that was read."""
    check_report_files(given)
    if given["html_path"] is not None:
        from archtool.report.holdings.html_page import format_page  # lazy: 50 ms (jinja2)

        write_file(
            given["html_path"], (part.encode("utf-8", "backslashreplace") for part in format_page(report))
        )
    if given["mail_path"] is not None:
        from archtool.report.holdings.mail import format_mail  # lazy: 20 ms (email)

        write_file(given["mail_path"], [format_mail(report, given["mail_to"])])
    if given["metrics_path"] is not None:
        write_file(given["metrics_path"], [format_metrics(report).encode()])


def write_file(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file beside its place and put it there with one rename; an earlier report is replaced."""
    with stage_beside(path) as stage:
        staged = stage.path / _FILE_NAME
        with storage_errors(path), staged.open("wb") as file:
            file.writelines(parts)
        stage.commit(replacing=Replacement(), file=staged)
