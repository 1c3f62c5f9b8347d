"""Reads which copies are not in order, which are overdue, and what the last checks found in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from archtool.holdings.copy_state import KNOWN_BAD, CopyState
from archtool.holdings.event import Event, format_time, parse_time
from archtool.holdings.event_types import EventType
from archtool.holdings.finding_kinds import MANIFEST_DIFFERS
from archtool.holdings.lookup.totals import count_in_future
from archtool.holdings.reporting.limits import MAX_EVENTS_SEARCHED, MAX_FILES
from archtool.holdings.reporting.model import Fault, ListedCopy, OverdueCopy, ProblemFile
from archtool.holdings.reporting.values import int_of, mappings_of, text_of

_LISTED = (
    "SELECT holding.key, name, title, place, state, state_since, waiting_since, checked_at, tried_at,"
    " copy.size_bytes FROM copy JOIN holding ON holding.key = copy.holding WHERE removed_at IS NULL"
)
_ANY_RANK = "rank IN (0, 1, 2)"
"""Leads SQLite to the index by rank and time, in which what waits longest stands together."""
_CHECKS = (EventType.FIXITY_CHECK, EventType.VALIDATION)
_LAST_TIME = "9999-12-31T23:59:59Z"
_Detail = Mapping[str, Any]


def bad_copies(connection: sqlite3.Connection, new_since: str, limit: int) -> Iterator[ListedCopy]:
    """Yield copies that are known to be bad: new ones first, then those that were found last."""
    rows = connection.execute(
        f"{_LISTED} AND rank = ? ORDER BY state_since >= ? DESC, state_since DESC, name, copy.key LIMIT ?",
        (KNOWN_BAD, new_since, limit),
    )
    yield from (ListedCopy(*row) for row in rows)


def read_faults(connection: sqlite3.Connection, new_since: str, limit: int) -> tuple[Fault, ...]:
    """Return copies that are not in order, with what the last check found; new ones first."""
    copies = list(bad_copies(connection, new_since, limit))
    faults = [read_fault(connection, copy, new_since) for copy in copies]
    return tuple(sorted(faults, key=lambda fault: fault.is_known))


def read_fault(
    connection: sqlite3.Connection, copy: ListedCopy, new_since: str, max_files: int = MAX_FILES
) -> Fault:
    """Return what the last check found in a copy that is not in order."""
    checks = _failed_checks(connection, copy)
    at, detail = next(checks, (copy.state_since, {}))
    # a run can check a copy twice, so what is known is what the last check before it found
    known = next((earlier for time, earlier in checks if time < new_since), None)
    has_grown = at >= new_since and known is not None and _problems(detail) != _problems(known)
    problems = mappings_of(detail.get("problems"))
    lost = _lost_attestation(connection, copy)
    places = connection.execute(
        # heads begin with their number
        "SELECT place, state = :ok AND (:lost IS NULL OR head >= :lost) FROM copy"
        " WHERE holding = :holding AND place IS NOT :place AND removed_at IS NULL ORDER BY key",
        {"holding": copy.key, "place": copy.place, "ok": CopyState.OK.value, "lost": lost},
    ).fetchall()
    return Fault(
        copy,
        copy.state_since < new_since and not has_grown,
        tuple(map(_problem_file, problems[:max_files])),
        int_of(detail.get("problem_count")) or len(problems),
        text_of(detail.get("found_at")),
        tuple(place for place, is_good in places if is_good),
        len(places),
        lost,
        any(problem.get("code") == MANIFEST_DIFFERS.code for problem in problems),
    )


def _lost_attestation(connection: sqlite3.Connection, copy: ListedCopy) -> str | None:
    """Return the newest attestation that the register remembers of a copy whose attestations are cut off."""
    if copy.state != CopyState.ATTESTATIONS_CUT_OFF:
        return None
    row = connection.execute(
        "SELECT head FROM copy WHERE place = ? AND removed_at IS NULL", (copy.place,)
    ).fetchone()
    return None if row is None else row[0]


def _problem_file(problem: _Detail) -> ProblemFile:
    file, expected, observed = (text_of(problem.get(name)) for name in ("file", "expected", "observed"))
    return ProblemFile(file, text_of(problem.get("message")) or "", expected, observed)


def _problems(detail: _Detail) -> list[tuple[Any, ...]]:
    """Return what two checks of one copy are compared by."""
    problems = mappings_of(detail.get("problems"))
    files = [tuple(problem.get(name) for name in ("file", "code", "observed")) for problem in problems]
    return [("count", detail.get("problem_count")), ("state", detail.get("state")), *files]


def _failed_checks(connection: sqlite3.Connection, copy: ListedCopy) -> Iterator[tuple[str, _Detail]]:
    """Yield time and detail of the checks that found the copy not in order, the latest first."""
    rows = connection.execute(
        "SELECT record FROM event WHERE holding = ? ORDER BY number DESC LIMIT ?",
        (copy.holding, MAX_EVENTS_SEARCHED),
    )
    for (record,) in rows:
        event, _ = Event.parse(record)
        at, detail = format_time(event.at), event.detail
        if event.event not in _CHECKS or detail.get("state") == CopyState.OK:
            continue
        if copy.state != CopyState.UNREADABLE and detail.get("state") == CopyState.UNREADABLE:
            continue  # it proved nothing: what an earlier check has proved still holds
        if detail.get("place") == copy.place:
            yield at, detail


def overdue_copies(
    connection: sqlite3.Connection, now: datetime, interval: timedelta, new_since: str, limit: int
) -> Iterator[OverdueCopy]:
    """Yield copies that were not checked in time, those that wait longest first.

    A check that is dated in the future counts as none; such a copy is overdue from now on.
    """
    rows = connection.execute(
        f"{_LISTED} AND {_ANY_RANK} AND (waiting_since < ? OR waiting_since > ?)"
        " ORDER BY waiting_since, name, copy.key LIMIT ?",
        (format_time(now - interval), format_time(now), limit),
    )
    for row in rows:
        copy = ListedCopy(*row)
        since = min(overdue_since(copy.waiting_since, interval), format_time(now))
        yield OverdueCopy(copy, since, since < new_since)


def count_new_overdue(
    connection: sqlite3.Connection, now: datetime, interval: timedelta, new_since: str
) -> int:
    """Count the copies that became overdue since a time, with those whose last check is in the future."""
    (count,) = connection.execute(
        f"SELECT count(*) FROM copy WHERE removed_at IS NULL AND {_ANY_RANK}"  # noqa: S608 - constants
        " AND waiting_since >= ? AND waiting_since < ?",
        (format_time(parse_time(new_since) - interval), format_time(now - interval)),
    ).fetchone()
    return int(count) + count_in_future(connection, now)


def count_overdue_by_month(
    connection: sqlite3.Connection, now: datetime, interval: timedelta
) -> tuple[tuple[str, int], ...]:
    """Count the overdue copies by the month in which they became so; in the future means: now."""
    rows = connection.execute(
        "SELECT strftime('%Y-%m', waiting_since, ?), count(*) FROM copy"  # noqa: S608 - constants
        f" WHERE removed_at IS NULL AND {_ANY_RANK} AND waiting_since < ? GROUP BY 1 ORDER BY 1",
        (f"+{interval.days} days", format_time(now - interval)),
    )
    months = dict(rows)
    if in_future := count_in_future(connection, now):
        month = format_time(now)[:7]
        months[month] = months.get(month, 0) + in_future
    return tuple(sorted(months.items()))


def overdue_since(waiting_since: str, interval: timedelta) -> str:
    """Return when a copy becomes overdue, or became so."""
    try:
        return format_time(parse_time(waiting_since) + interval)
    except OverflowError:  # of a register that was written with a wrong clock
        return _LAST_TIME
