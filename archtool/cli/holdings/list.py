"""`archtool holdings list`: the holdings of the register, a page at a time."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from archtool.cli.holdings.csv_file import csv_output
from archtool.cli.options import clock, common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.event_text import EVENT_TEXT
from archtool.cli.options.registers.register import open_to_read, reading_options
from archtool.cli.options.registers.state_name import StateName
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.holdings.copy_state import CopyState
from archtool.holdings.event import format_time
from archtool.holdings.limits import MAX_INTEGER
from archtool.holdings.lookup.listing import HoldingFilter, count_kept, list_holdings
from archtool.holdings.lookup.totals import check_interval, count_in_future
from archtool.holdings.model import Copy, Holding
from archtool.operations.holdings.results import holding_result
from archtool.report.holdings.holding_list import (
    format_holding_row,
    format_list_head,
    list_csv_head,
    list_csv_row,
)
from archtool.report.result_json import result_object

PAGE = 50  # holdings: some screens


@click.command("list")
@click.option(
    "--state", type=StateName(), metavar="STATE",
    help=f"Only holdings with a copy in this state: {', '.join(CopyState)}.",
)  # fmt: skip
@click.option("--overdue", is_flag=True, help="Only holdings with a copy whose check is overdue.")
@click.option(
    "--search",
    "text",
    type=EVENT_TEXT,
    metavar="TEXT",
    help="Only holdings with TEXT in their name or title.",
)
@click.option("--withdrawn", is_flag=True, help="The withdrawn holdings instead of the kept ones.")
@click.option("--after", type=EVENT_TEXT, metavar="NAME", help="Begin after this name: the next page.")
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_INTEGER),
    metavar="N",
    help=f"At most N holdings; default: {PAGE}, with --csv all.",
)
@click.option("--all", "is_all", is_flag=True, help="All holdings.")
@click.option("--csv", "csv_path", type=ANY_PATH, metavar="FILE", help="Write a table instead; - prints it.")
@reading_options
@common.json_option
def command(csv_path: Path | None, *, as_json: bool, **given: Any) -> int:
    """List the holdings by name, with state, last check and number of copies.

    \b
    archtool holdings list
    archtool holdings list --state changed

    The state of a holding is that of its worst copy. It is what the last audit found; nothing is checked now.
    """  # noqa: D301 - `\b` keeps the lines
    if as_json and csv_path is not None:
        raise UsageError("--json and --csv are two forms of the list", hint="give one of them")
    if given["is_all"] and given["limit"] is not None:
        raise UsageError("--all and --limit contradict each other", hint="give one of them")
    limit = given["limit"] or (None if given["is_all"] or csv_path is not None else PAGE)
    now = clock.now()
    with open_to_read(given) as register, register.reading() as connection:
        interval = check_interval(connection)
        wanted = _filter(given, format_time(now - interval))
        if given["overdue"] and count_in_future(connection, now):
            wanted = replace(wanted, or_waiting_since_after=format_time(now))
        rows = list_holdings(connection, wanted, given["after"] or "", None if limit is None else limit + 1)
        if csv_path is not None:
            with csv_output(csv_path, list_csv_head()) as write:
                for number, (holding, copies) in enumerate(rows):
                    if limit is None or number < limit:
                        write(list_csv_row(holding, copies, interval, now))
            return 0
        printer = _Printer(interval, as_json=as_json)
        for holding, copies in rows:
            if printer.count == limit:
                printer.has_more = True
                break
            printer.add(holding, copies)
        if not as_json:
            output.lines([printer.summary(_total(connection, wanted, given["after"]), _words(given))])
    return 0


def _filter(given: dict[str, Any], late: str) -> HoldingFilter:
    state = CopyState(given["state"]) if given["state"] is not None else None
    return HoldingFilter(state, late if given["overdue"] else None, given["text"], given["withdrawn"])


def _total(connection: sqlite3.Connection, wanted: HoldingFilter, after: str | None) -> str | None:
    """Return how many holdings there are, for the first page of the whole list."""
    if wanted != HoldingFilter() or after:
        return None
    return f"{count_kept(connection):,}"


def _words(given: dict[str, Any]) -> str:
    """Return which holdings the list was restricted to, in words for a list that is empty."""
    parts = [f"in the state {given['state']}"] if given["state"] is not None else []
    parts += ["overdue"] if given["overdue"] else []
    parts += [f"with {shown(given['text'])!r} in name or title"] if given["text"] is not None else []
    parts += ["withdrawn"] if given["withdrawn"] else []
    parts += [f"after {shown(given['after'])}"] if given["after"] else []
    return ", ".join(parts)


class _Printer:
    """Prints the holdings, as a table or as JSON."""

    def __init__(self, interval: timedelta, *, as_json: bool) -> None:
        self._interval, self._as_json = interval, as_json
        self._now, self._width = clock.now(), output.width()
        self.count, self.has_more = 0, False
        self._last = ""

    def add(self, holding: Holding, copies: list[Copy]) -> None:
        """Print one holding."""
        if self._as_json:
            output.json_line(result_object(holding_result(holding, copies)))
        else:
            head = [format_list_head(self._width)] if self.count == 0 else []
            output.lines(
                [*head, *format_holding_row(holding, copies, self._interval, self._now, self._width)]
            )
        self.count += 1
        self._last = holding.name

    def summary(self, total: str | None, words: str) -> str:
        """Return the last line: how many were listed, and how to see more."""
        if self.count == 0:
            register_some = "; register packages with: archtool holdings adopt DIR" if not words else ""
            return f"no holdings{' ' if words else ''}{words}{register_some}"
        counts = f"{self.count:,} of {total}" if total is not None else f"{self.count:,}"
        noun = "holding" if (total or counts) == "1" else "holdings"
        more = f" · next page: --after {shown(self._last)} · everything: --all" if self.has_more else ""
        return f"\n{counts} {noun}{more}"
