"""Finds the run that an audit goes on with: one with the same selection that was stopped or killed.

What an earlier part of the run has recorded is not read again. Copies that are due by their age need no such
run: those that were checked are no longer due.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from archtool.batch.audit.selection import SelectionKind, depth_and_selection
from archtool.holdings.copy_state import CopyState
from archtool.holdings.event import Event, format_time, parse_time
from archtool.holdings.event_types import EventType
from archtool.holdings.register import Register

RESUMED_WITHIN = {
    SelectionKind.ALL: timedelta(days=7),  # nightly parts of a long audit follow each other sooner
    SelectionKind.SAMPLE: timedelta(days=7),
    SelectionKind.HOLDINGS: timedelta(days=7),
    SelectionKind.SUBSET: timedelta(hours=12),  # the next night has a share of its own
}
"""How long after its last check a run is resumed."""
_CHECKS = frozenset((EventType.FIXITY_CHECK, EventType.VALIDATION))


@dataclass(frozen=True, slots=True)
class UnfinishedRun:
    """A run that ended before it had checked everything."""

    id: str
    begun_at: datetime
    seed: int | None
    due: int
    """How many copies it had to check when it began."""
    checked: int
    """How many of them it has recorded."""
    counts: Mapping[CopyState, int]
    """The states of these copies."""
    size_bytes: int
    at_begin: frozenset[str]
    """The places that it checked within the second in which it began: times cannot tell them from others."""


def find_unfinished(register: Register, detail: dict[str, Any], now: datetime) -> UnfinishedRun | None:
    """Return the latest run with this depth and selection, if it is not finished; else `None`."""
    kind = SelectionKind(detail["selection"]["kind"])
    within = RESUMED_WITHIN.get(kind)
    if within is None:
        return None
    rows = register.connection.execute(
        "SELECT id, begun_at, begun, ended FROM run WHERE begun_at <= ? ORDER BY begun_at DESC",
        (format_time(now),),  # a run that a wrong clock dates in the future is not resumed
    )
    for run, begun_at, begun, ended in rows:
        known = json.loads(begun)
        if depth_and_selection(known) == depth_and_selection(detail):
            found = None
            if ended is None or _goes_on(kind, json.loads(ended)):
                found = _read_run(register, run, parse_time(begun_at), known)
            return found[0] if found is not None and timedelta(0) <= now - found[1] <= within else None
    return None


def _goes_on(kind: SelectionKind, ended: dict[str, Any]) -> bool:
    """Whether a run that was stopped is resumed; a share that reached its limit is taken anew."""
    return bool(ended.get("left")) and (
        kind is not SelectionKind.SUBSET or ended.get("stopped") == "interrupted"
    )


def _read_run(
    register: Register, run: str, begun_at: datetime, begun: dict[str, Any]
) -> tuple[UnfinishedRun, datetime] | None:
    """Return a run with the time of its last check, from the events since it began, newest first.

    Parts that checked nothing do not count: a run that reaches nothing would be resumed for ever.
    """
    checked, size_bytes, counts, last, at_begin = 0, 0, Counter[CopyState](), None, set[str]()
    first = format_time(begun_at)
    for (record,) in register.connection.execute("SELECT record FROM event ORDER BY number DESC"):
        if run not in record:
            continue
        event, _ = Event.parse(record)
        if event.run != run:
            continue
        if event.event == EventType.AUDIT_BEGUN:
            seed = begun["selection"].get("seed")
            places = frozenset(at_begin)
            return (
                UnfinishedRun(run, begun_at, seed, begun["due"], checked, counts, size_bytes, places),
                last or begun_at,
            )
        if event.event in _CHECKS:
            last = last or event.at
            checked += 1
            counts[CopyState(event.detail["state"])] += 1
            size_bytes += event.detail["bytes"]
            if format_time(event.at) == first:
                at_begin.add(event.detail["place"])
    return None
