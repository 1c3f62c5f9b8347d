"""Reads all that a register knows about single holdings, for their pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

from archtool.holdings.copy_state import KNOWN_BAD
from archtool.holdings.event import Event, format_time
from archtool.holdings.model import Copy, Holding
from archtool.holdings.queries import EventFilter, copies_of, find_holding, newest_events
from archtool.holdings.reporting.faults import read_fault
from archtool.holdings.reporting.limits import MAX_DETAILED, MAX_EVENTS
from archtool.holdings.reporting.model import Fault, HoldingDetail, ListedCopy, ShownEvent
from archtool.holdings.reporting.values import text_of

_NAMES = "SELECT name FROM holding JOIN copy ON copy.holding = holding.key WHERE removed_at IS NULL"


def needed_names(connection: sqlite3.Connection, now: datetime, interval: timedelta) -> list[str]:
    """Return the names of holdings of which a copy is not in order or overdue, sorted.

    At most `MAX_DETAILED` faults are looked at, and as many overdue copies.
    """
    late = format_time(now - interval)
    bad = connection.execute(
        f"{_NAMES} AND rank = ? ORDER BY state_since DESC LIMIT ?", (KNOWN_BAD, MAX_DETAILED)
    )
    names = {name for (name,) in bad}
    overdue = connection.execute(
        f"{_NAMES} AND (waiting_since < ? OR waiting_since > ?) ORDER BY waiting_since LIMIT ?",
        (late, format_time(now), MAX_DETAILED),
    )
    return sorted(names | {name for (name,) in overdue})


def all_names(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield the names of all holdings, withdrawn ones too."""
    for (name,) in connection.execute("SELECT name FROM holding ORDER BY name"):
        yield name


def read_detail(connection: sqlite3.Connection, name: str, new_since: str) -> HoldingDetail:
    """Return the holding with its copies and its latest events."""
    holding = find_holding(connection, name)
    copies = tuple(copies_of(connection, holding, removed=True))
    rows = newest_events(connection, EventFilter(name), MAX_EVENTS + 1)
    events = [_shown(number, Event.parse(record)[0]) for number, record in rows]
    return HoldingDetail(
        holding,
        copies,
        tuple(_faults(connection, holding, copies, new_since)),
        tuple(events[:MAX_EVENTS]),
        len(events) > MAX_EVENTS,
    )


def _faults(
    connection: sqlite3.Connection, holding: Holding, copies: tuple[Copy, ...], new_since: str
) -> Iterator[Fault]:
    for copy in copies:
        if copy.rank == KNOWN_BAD and copy.removed_at is None:
            yield read_fault(connection, _listed(holding, copy), new_since)


def _listed(holding: Holding, copy: Copy) -> ListedCopy:
    return ListedCopy(
        holding.key, holding.name, holding.title, copy.place, copy.state.value, copy.state_since,
        copy.waiting_since, copy.checked_at, copy.tried_at, copy.size_bytes,
    )  # fmt: skip


def _shown(number: int, event: Event) -> ShownEvent:
    detail = event.detail
    place = text_of(detail.get("place")) or text_of(detail.get("to"))
    note = text_of(detail.get("note")) or text_of(detail.get("reason"))
    return ShownEvent(
        number, format_time(event.at), event.event, event.outcome.value, event.agent, event.software,
        event.run, place, text_of(detail.get("state")), note,
    )  # fmt: skip
