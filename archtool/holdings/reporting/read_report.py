"""Reads the report of a register: everything in it comes from the register, at one moment."""

from __future__ import annotations

import sqlite3
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path

from archtool.files.paths import shown
from archtool.holdings.chain import read_head
from archtool.holdings.event import format_time
from archtool.holdings.lookup.totals import check_interval, read_totals
from archtool.holdings.places import shelf_of
from archtool.holdings.queries import read_settings, read_shelves
from archtool.holdings.reporting import counts, faults, history
from archtool.holdings.reporting.limits import MAX_LISTED
from archtool.holdings.reporting.model import Counts, Fault, HoldingsReport, Run

_NEW_WITHOUT_RUNS = timedelta(days=1)


def read_report(
    connection: sqlite3.Connection, path: Path, now: datetime, run_id: str | None = None
) -> HoldingsReport:
    """Return the report of the register at `path` at a moment; with `run_id` that of an audit that has ended.

    What the audit found is new, what was found before it is known. Without an id the last audit counts.
    The connection is that of `Register.reading`, so that all numbers belong together.
    """
    settings, interval = read_settings(connection), check_interval(connection)
    totals = read_counts(connection, now)
    run = history.find_run(connection, run_id, now)
    new_since = first_new(run, now)
    states = counts.count_states(connection, new_since)
    found = faults.read_faults(connection, new_since, MAX_LISTED)
    head = read_head(connection)
    return HoldingsReport(
        archive=settings.get("archive"),
        register=shown(str(path)),
        register_id=settings.get("id", ""),
        made_at=format_time(now),
        check_every_days=interval.days,
        head=str(head),
        events=head.number,
        counts=totals,
        states=states,
        new_since=new_since,
        not_accepted=counts.count_not_accepted(connection),
        named_not_accepted=counts.read_not_accepted(connection),
        new_faults=sum(state.new for state in states) + _grown(found, new_since),
        faults=found,
        overdue=tuple(faults.overdue_copies(connection, now, interval, new_since, MAX_LISTED)),
        overdue_by_month=faults.count_overdue_by_month(connection, now, interval),
        new_overdue=faults.count_new_overdue(connection, now, interval, new_since),
        next_due=_next_due(totals, interval),
        history=history.read_history(connection),
        months=history.read_months(connection),
        formats=counts.count_formats(connection),
        custody=counts.count_custody(connection),
        copies_of_holdings=counts.count_copies_of_holdings(connection),
        shelves=counts.read_shelf_counts(connection),
        runs=history.read_runs(connection),
        run=run,
        is_of_run=run_id is not None and run is not None,
        new_extra=_new_extra(connection, run),
        extra_shelves=_extra_shelves(connection, run),
        signed_heads=history.read_signed_heads(connection),
    )


def read_counts(connection: sqlite3.Connection, now: datetime) -> Counts:
    """Return the totals of the register."""
    totals = read_totals(connection, now)
    return Counts(*(getattr(totals, field.name) for field in fields(Counts)))


def first_new(run: Run | None, now: datetime) -> str:
    """Return since when a fault is new: since the run began, or for a day if there was no run."""
    return run.begun_at if run is not None else format_time(now - _NEW_WITHOUT_RUNS)


def _grown(found: tuple[Fault, ...], new_since: str) -> int:
    """Count copies that were known to be bad, and in which more was found since."""
    return sum(not fault.is_known and fault.copy.state_since < new_since for fault in found)


def _new_extra(connection: sqlite3.Connection, run: Run | None) -> tuple[str, ...]:
    """Return what a run found on the shelves and the run before it did not; both list the first 100."""
    before = history.find_run_before(connection, run) if run is not None else None
    if run is None or before is None:
        return run.extra if run is not None else ()
    if before.extra_count > len(before.extra):
        return ()  # what it did not list cannot be told from what is new
    return tuple(place for place in run.extra if place not in before.extra)


def _extra_shelves(connection: sqlite3.Connection, run: Run | None) -> tuple[str, ...]:
    shelves = read_shelves(connection)
    found = {shelf_of(place, shelves) for place in run.extra} if run is not None else set()
    return tuple(sorted(shelf for shelf in found if shelf is not None))


def _next_due(totals: Counts, interval: timedelta) -> str | None:
    if totals.overdue or totals.oldest_check is None:
        return None
    return faults.overdue_since(totals.oldest_check, interval)
