"""Reads how a register has developed: its audits, the events of each month, the signed heads."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from archtool.holdings.event import EventOutcome, format_time
from archtool.holdings.event_types import EventType
from archtool.holdings.reporting.limits import MAX_MONTHS, MAX_POINTS, MAX_RUNS, MAX_SIGNED_HEADS
from archtool.holdings.reporting.model import Counts, HistoryPoint, Month, Run, SignedHead
from archtool.holdings.reporting.values import int_of, mapping_of, text_of, texts_of

_RUN = "SELECT id, begun_at, ended_at, begun, ended FROM run"
_CHECKS = (EventType.FIXITY_CHECK, EventType.VALIDATION)
_INTERNAL = (EventType.AUDIT_BEGUN, EventType.AUDIT_ENDED)


def read_runs(connection: sqlite3.Connection) -> tuple[Run, ...]:
    """Return the latest audits, the last first."""
    rows = connection.execute(f"{_RUN} ORDER BY begun_at DESC, id DESC LIMIT ?", (MAX_RUNS,))
    return tuple(map(_run, rows))


def find_run(connection: sqlite3.Connection, run_id: str | None, now: datetime) -> Run | None:
    """Return the audit with this id; without an id the last one that ended. `None` if there is none.

    One that a wrong clock dates in the future is not the last one: nothing would be new until then.
    """
    if run_id is not None:
        row = connection.execute(f"{_RUN} WHERE id = ?", (run_id,)).fetchone()
    else:
        row = connection.execute(
            f"{_RUN} WHERE ended_at IS NOT NULL AND begun_at <= ? ORDER BY begun_at DESC, id DESC LIMIT 1",
            (format_time(now),),
        ).fetchone()
    return None if row is None else _run(row)


def find_run_before(connection: sqlite3.Connection, run: Run) -> Run | None:
    """Return the audit that ended before this one began."""
    row = connection.execute(
        f"{_RUN} WHERE ended_at IS NOT NULL AND begun_at < ? ORDER BY begun_at DESC, id DESC LIMIT 1",
        (run.begun_at,),
    ).fetchone()
    return None if row is None else _run(row)


def _run(row: tuple[Any, ...]) -> Run:
    run_id, begun_at, ended_at, begun_json, ended_json = row
    begun, ended = _detail(begun_json), _detail(ended_json)
    extra = texts_of(ended.get("extra"))
    counts = {state: number for state, number in mapping_of(ended.get("counts")).items() if int_of(number)}
    return Run(
        run_id, begun_at, ended_at, text_of(begun.get("depth")), int_of(begun.get("due")),
        int_of(ended.get("checked")), int_of(ended.get("bytes")), int_of(ended.get("seconds")),
        int_of(ended.get("left")), text_of(ended.get("stopped")), counts, extra,
        int_of(ended.get("extra_count")) or len(extra), _totals(mapping_of(ended.get("totals"))),
        int_of(ended.get("known_bad")) or 0, texts_of(ended.get("wrong")),
        int_of(ended.get("known_unread")) or 0,
    )  # fmt: skip


def _detail(text: str | None) -> Mapping[str, Any]:
    return mapping_of(json.loads(text)) if text else {}


def _totals(value: Mapping[str, Any]) -> Counts | None:
    if not value:
        return None
    names = ("holdings", "copies", "bytes", "known_bad", "never_checked", "overdue")
    holdings, copies, size_bytes, known_bad, never_checked, overdue = (
        int_of(value.get(name)) or 0 for name in names
    )
    oldest = text_of(value.get("oldest_check"))
    in_future = int_of(value.get("in_future")) or 0
    return Counts(holdings, copies, size_bytes, known_bad, never_checked, overdue, oldest, in_future)


def read_history(connection: sqlite3.Connection) -> tuple[HistoryPoint, ...]:
    """Return the totals at the end of each audit; of many audits in equal distances, and always the last."""
    (count,) = connection.execute("SELECT count(*) FROM run WHERE ended_at IS NOT NULL").fetchone()
    step = max(1, -(-count // MAX_POINTS))
    rows = connection.execute(
        "SELECT ended_at, ended -> '$.totals' FROM"
        " (SELECT ended_at, ended, row_number() OVER (ORDER BY begun_at DESC, id DESC) AS age FROM run"
        " WHERE ended_at IS NOT NULL) WHERE (age - 1) % ? = 0 ORDER BY age DESC",
        (step,),
    )
    points = ((at, _totals(_detail(totals))) for at, totals in rows)
    return tuple(HistoryPoint(at, totals) for at, totals in points if totals is not None)


def read_months(connection: sqlite3.Connection) -> tuple[Month, ...]:
    """Return what happened in each month that has events, the earliest first."""
    rows = connection.execute(
        "SELECT month, event, outcome, events, size_bytes FROM month WHERE month IN"
        " (SELECT DISTINCT month FROM month ORDER BY month DESC LIMIT ?) ORDER BY month",
        (MAX_MONTHS,),
    )
    by_month = defaultdict(list)
    for month, *values in rows:
        by_month[month].append(tuple(values))
    return tuple(_month(month, values) for month, values in by_month.items())


def _month(month: str, rows: Iterable[tuple[Any, ...]]) -> Month:
    numbers: defaultdict[str, int] = defaultdict(int)
    for event, outcome, events, size_bytes in rows:
        numbers[_column(event, outcome)] += events
        if event == EventType.FIXITY_CHECK:
            numbers["size_bytes"] += size_bytes
    columns = (
        "full", "quick", "failures", "indeterminate", "size_bytes", "registered", "repairs", "other",
    )  # fmt: skip
    return Month(month, *(numbers[column] for column in columns))


def _column(event: str, outcome: str) -> str:
    if event in _CHECKS and outcome != EventOutcome.SUCCESS:
        return "failures" if outcome == EventOutcome.FAILURE else "indeterminate"
    columns = {
        EventType.FIXITY_CHECK: "full",
        EventType.VALIDATION: "quick",
        EventType.INGESTION: "registered",
        EventType.REPAIR: "repairs",
        **dict.fromkeys(_INTERNAL, "internal"),
    }
    return columns.get(event, "other")  # type: ignore[call-overload, no-any-return]


def read_signed_heads(connection: sqlite3.Connection) -> tuple[SignedHead, ...]:
    """Return the latest signatures on heads of the chain, the last first; nothing is checked."""
    rows = connection.execute(
        "SELECT number, signer, timestamp IS NOT NULL FROM head_signature"
        " ORDER BY number DESC, signer LIMIT ?",
        (MAX_SIGNED_HEADS,),
    )
    return tuple(SignedHead(number, signer, bool(stamped)) for number, signer, stamped in rows)
