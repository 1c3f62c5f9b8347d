"""Says how long an audit will take, and from when on every copy will have been checked once."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timedelta

from archtool.holdings.audit_report import Rate
from archtool.holdings.event import parse_time
from archtool.holdings.lookup.due import Amount

_RUNS_READ = 50  # the newest runs: some of them have most likely the same depth
_STEADY_SECONDS = 30.0  # of measured runs, in which what each run costs at its beginning no longer counts
_MAX_FACTOR = 100  # an audit that is larger than the measured runs together by more cannot be foretold
_SMALL_FACTOR = 2  # the same for runs that took less than `_STEADY_SECONDS`


def last_rate(connection: sqlite3.Connection, depth: str, planned: Amount) -> Rate | None:
    """Return how fast the last runs with this depth were; `None` if they are too small to tell.

    Runs are added up, the newest first, until they are large enough for the planned copies and bytes: a run
    of one small copy says nothing about a disk of large ones.
    """
    rows = connection.execute(
        "SELECT begun_at, begun, ended FROM run WHERE ended IS NOT NULL ORDER BY begun_at DESC LIMIT ?",
        (_RUNS_READ,),
    )
    measured, seconds, newest, runs = Amount(), 0.0, "", 0
    for begun_at, begun, ended in rows:
        part = json.loads(ended).get("part", {})
        milliseconds = part.get("milliseconds", 0)
        if json.loads(begun).get("depth") != depth or not part.get("checked") or milliseconds <= 0:
            continue
        measured = Amount(measured.copies + part["checked"], measured.size_bytes + part["bytes"])
        seconds, newest, runs = seconds + milliseconds / 1000, newest or begun_at, runs + 1
        if _is_enough(measured, seconds, planned):
            rates = measured.copies / seconds, measured.size_bytes / seconds
            return Rate(parse_time(newest), *rates, runs)
    return None


def _is_enough(measured: Amount, seconds: float, planned: Amount) -> bool:
    factor = _MAX_FACTOR if seconds >= _STEADY_SECONDS else _SMALL_FACTOR
    has_copies = planned.copies <= factor * measured.copies
    return has_copies and planned.size_bytes <= factor * measured.size_bytes


def all_checked_at(now: datetime, unchecked: int, readable: int, each_night: int) -> datetime | None:
    """Return when every copy will have been checked once, if each night checks so many new ones.

    `unchecked` counts the copies that have never been checked; `readable` counts those among them for which
    no read has failed so far. Returns `None` if every copy has been checked, or if some cannot be read.
    """
    if unchecked == 0 or unchecked != readable or each_night <= 0:
        return None
    return now + timedelta(days=-(-unchecked // each_night))
