"""Counts what a register holds and what is overdue, for audits and reports."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from archtool.holdings.copy_state import IN_ORDER, KNOWN_BAD, UNCHECKED
from archtool.holdings.event import format_time, parse_time
from archtool.holdings.queries import read_settings

_RANKS = (KNOWN_BAD, UNCHECKED, IN_ORDER)


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole register at one moment."""

    holdings: int
    copies: int
    size_bytes: int
    """Of all copies."""
    known_bad: int
    """Copies whose last check found a fault, or could not be done."""
    never_checked: int
    overdue: int
    """Copies without a full check for longer than the policy allows, and those of `in_future`."""
    oldest_check: str | None
    """Since when the copy that waits longest has not been checked."""
    in_future: int = 0
    """Copies whose last check is dated in the future, by a clock that was wrong: nobody knows when it was."""

    def to_json(self) -> dict[str, int | str | None]:
        """Return the totals as they are recorded at the end of an audit."""
        return {
            "holdings": self.holdings, "copies": self.copies, "bytes": self.size_bytes,
            "known_bad": self.known_bad, "never_checked": self.never_checked, "overdue": self.overdue,
            "oldest_check": self.oldest_check, "in_future": self.in_future,
        }  # fmt: skip


def check_interval(connection: sqlite3.Connection) -> timedelta:
    """Return in which time every copy must be checked once, by the policy of the register."""
    return timedelta(days=int(read_settings(connection)["check-every-days"]))


def read_totals(connection: sqlite3.Connection, now: datetime) -> Totals:
    """Count holdings and copies; removed copies and withdrawn holdings are not counted."""
    late = format_time(now - check_interval(connection))
    totals = read_kept_totals(connection)
    by_rank = [totals[f"rank-{rank}"] for rank in _RANKS]
    oldest = [_oldest(connection, rank) for rank in _RANKS]
    in_future = count_in_future(connection, now)
    return Totals(
        holdings=totals["holdings"][0],
        copies=sum(copies for copies, _ in by_rank),
        size_bytes=sum(size_bytes for _, size_bytes in by_rank),
        known_bad=by_rank[KNOWN_BAD][0],
        never_checked=by_rank[UNCHECKED][0],
        overdue=sum(_count_late(connection, rank, late) for rank in _RANKS) + in_future,
        oldest_check=min((since for since in oldest if since is not None), default=None),
        in_future=in_future,
    )


def count_in_future(connection: sqlite3.Connection, now: datetime) -> int:
    """Return how many copies have a last check, or a registration, that is dated in the future."""
    counts = (_count_after(connection, rank, format_time(now)) for rank in _RANKS)
    return sum(counts)


def overdue_since(oldest_check: str | None, interval: timedelta, now: datetime) -> datetime | None:
    """Return since when a copy is overdue; `None` if none is, or none but by a clock that was wrong."""
    try:
        since = None if oldest_check is None else parse_time(oldest_check) + interval
    except OverflowError:
        return None
    return since if since is not None and since < now else None


def read_kept_totals(connection: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    """Return the totals that the database keeps up to date: number and bytes by name."""
    rows = connection.execute("SELECT name, entries, size_bytes FROM total")
    return {name: (entries, size_bytes) for name, entries, size_bytes in rows}


def count_totals(connection: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    """Count what `read_kept_totals` returns; for a check of the register, because it reads all copies."""
    rows = connection.execute(
        "SELECT 'holdings', count(*), 0 FROM holding WHERE withdrawn_at IS NULL UNION ALL"
        " SELECT 'rank-' || rank, count(*), sum(size_bytes) FROM copy WHERE removed_at IS NULL GROUP BY rank"
    )
    counted = {name: (entries, size_bytes) for name, entries, size_bytes in rows}
    return {f"rank-{rank}": (0, 0) for rank in _RANKS} | counted


def _oldest(connection: sqlite3.Connection, rank: int) -> str | None:
    (since,) = connection.execute(
        "SELECT min(waiting_since) FROM copy WHERE removed_at IS NULL AND rank = ?", (rank,)
    ).fetchone()
    return since  # type: ignore[no-any-return]


def _count_after(connection: sqlite3.Connection, rank: int, after: str) -> int:
    (count,) = connection.execute(
        "SELECT count(*) FROM copy WHERE removed_at IS NULL AND rank = ? AND waiting_since > ?", (rank, after)
    ).fetchone()
    return int(count)


def _count_late(connection: sqlite3.Connection, rank: int, late: str) -> int:
    (count,) = connection.execute(
        "SELECT count(*) FROM copy WHERE removed_at IS NULL AND rank = ? AND waiting_since < ?", (rank, late)
    ).fetchone()
    return int(count)
