"""The folders that a report of the register is written to: tables, and pages with the details of holdings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from sqlite3 import Connection

from archtool.cli.batch.summaries import refuse_other_file
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.files.writing.staging import Replacement, stage_beside
from archtool.files.writing.storage_errors import storage_errors
from archtool.holdings.event import format_time
from archtool.holdings.reporting import details, faults, tables
from archtool.holdings.reporting.limits import DETAILS_PER_PAGE
from archtool.holdings.reporting.model import HoldingsReport
from archtool.report.holdings import csv_tables, marks

_ALL = -1  # no limit, in SQL
_INDEX, _HOLDINGS = "index.html", "holdings.csv"
_TABLE_NAME = re.compile(r"(holdings|overdue|faults|months)\.csv")
_PAGE_NAME = re.compile(r"index\.html|holdings-\d{5,}\.html")


def check_tables_folder(path: Path) -> None:
    """Refuse a folder that has other things than the tables of an earlier report.

    Raises:
        UsageError: it has; or the folder above it does not exist.
    """
    _refuse_other_folder(path, _TABLE_NAME, _HOLDINGS, ",".join(csv_tables.COPY_COLUMNS))


def check_details_folder(path: Path) -> None:
    """Refuse a folder that has other things than the pages of an earlier report.

    Raises:
        UsageError: it has; or the folder above it does not exist.
    """
    _refuse_other_folder(path, _PAGE_NAME, _INDEX, marks.GENERATOR)


def _refuse_other_folder(path: Path, names: re.Pattern[str], first: str, mark: str) -> None:
    if not path.parent.is_dir():
        raise UsageError(
            f"{shown(str(path))} cannot be made: the folder above it does not exist",
            hint="create that folder, or give another one",
        )
    if not path.exists() and not path.is_symlink():
        return
    if path.is_symlink() or not path.is_dir():
        raise UsageError(f"{shown(str(path))} exists, and is not a folder", hint="give another name")
    other = next((entry.name for entry in path.iterdir() if not names.fullmatch(entry.name)), None)
    if other is not None:
        raise UsageError(
            f"{shown(str(path))} is not a report that archtool wrote: it has {shown(other)}",
            hint="give a new folder; only an earlier report is replaced",
        )
    if any(path.iterdir()):
        refuse_other_file(path / first, mark, "a report that archtool wrote")


def write_tables(path: Path, connection: Connection, report: HoldingsReport, now: datetime) -> None:
    """Write the tables; the folder appears whole, instead of an earlier one.

    Raises:
        StorageError: it cannot be written.
    """
    interval = timedelta(days=report.check_every_days)
    late = format_time(now - interval)

    def overdue_since(waiting_since: str) -> str | None:
        return faults.overdue_since(waiting_since, interval) if waiting_since < late else None

    overdue = faults.overdue_copies(connection, now, interval, report.new_since, _ALL)
    contents = {
        _HOLDINGS: csv_tables.copy_lines(tables.copy_rows(connection), overdue_since),
        "overdue.csv": csv_tables.overdue_lines(overdue),
        "faults.csv": csv_tables.fault_lines(tables.all_faults(connection, report.new_since)),
        "months.csv": csv_tables.month_lines(report.months),
    }
    with stage_beside(path) as stage:
        for name, lines in contents.items():
            _write(path, stage.path / name, lines)
        stage.commit(replacing=Replacement())


def write_details(
    path: Path, connection: Connection, report: HoldingsReport, now: datetime, *, all_holdings: bool
) -> None:
    """Write the summary and pages with details: of holdings with a fault or an overdue copy, or of all.

    Raises:
        StorageError: they cannot be written.
    """
    from archtool.report.holdings import html_page  # lazy: 60 ms (jinja2), only pages need it

    interval = timedelta(days=report.check_every_days)
    names = details.all_names(connection) if all_holdings else details.needed_names(connection, now, interval)
    linked = {fault.copy.key for fault in report.faults} | {item.copy.key for item in report.overdue}
    pages: list[html_page.DetailPage] = []
    links: dict[int, str] = {}
    with stage_beside(path) as stage:
        for number, group in enumerate(_groups(names), start=1):
            page = html_page.DetailPage(f"holdings-{number:05d}.html", group[0], group[-1], len(group))
            shown_details = [details.read_detail(connection, name, report.new_since) for name in group]
            parts = html_page.format_detail_page(report, page, shown_details)
            _write(path, stage.path / page.file_name, parts)
            keys = {detail.holding.key for detail in shown_details} & linked
            links |= {key: f"{page.file_name}#h{key}" for key in keys}
            pages.append(page)
        _write(path, stage.path / _INDEX, html_page.format_page(report, pages, links))
        stage.commit(replacing=Replacement())


def _groups(names: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(names)
    while group := list(islice(iterator, DETAILS_PER_PAGE)):
        yield group


def _write(target: Path, path: Path, parts: Iterable[str]) -> None:
    with (
        storage_errors(target),
        path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file,
    ):
        file.writelines(parts)
