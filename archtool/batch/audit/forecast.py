"""Says how long an audit will take, and from when on every copy will have been checked once."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timedelta

from archtool.holdings.audit_report import Rate
from archtool.holdings.event import parse_time

_RUNS_READ = 50  # the newest runs: one of them has most likely the same depth


def last_rate(connection: sqlite3.Connection, depth: str) -> Rate | None:
    """Return how fast the last run with this depth was; `None` if none is known."""
    rows = connection.execute(
        "SELECT begun_at, begun, ended FROM run WHERE ended IS NOT NULL ORDER BY begun_at DESC LIMIT ?",
        (_RUNS_READ,),
    )
    for begun_at, begun, ended in rows:
        part = json.loads(ended).get("part", {})
        seconds = part.get("milliseconds", 0) / 1000
        if json.loads(begun).get("depth") == depth and part.get("checked") and seconds > 0:
            return Rate(parse_time(begun_at), part["checked"] / seconds, part["bytes"] / seconds)
    return None


def all_checked_at(now: datetime, unchecked: int, readable: int, each_night: int) -> datetime | None:
    """Return when every copy will have been checked once, if each night checks so many new ones.

    `unchecked` copies have never been checked, `readable` are those of them that nobody tried to read. `None`
    if there are none, or if it is unknown: for copies that cannot be read.
    """
    if unchecked == 0 or unchecked != readable or each_night <= 0:
        return None
    return now + timedelta(days=-(-unchecked // each_night))
