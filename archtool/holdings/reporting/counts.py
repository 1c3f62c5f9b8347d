"""Counts copies and holdings by state, format, custodian and shelf."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from archtool.holdings.copy_state import KNOWN_BAD
from archtool.holdings.reporting.limits import MAX_GROUPS, MAX_LISTED, MAX_SHELVES
from archtool.holdings.reporting.model import Group, Shelf, StateCount

_FORMATS = """
SELECT format.key, count(*), total(format.value), 0
FROM holding, json_each(holding.formats) AS format
WHERE withdrawn_at IS NULL AND formats IS NOT NULL
GROUP BY format.key ORDER BY 2 DESC, 1
"""
_CUSTODY = """
SELECT custodian, count(*), total(files), total(size_bytes)
FROM holding WHERE withdrawn_at IS NULL GROUP BY custodian ORDER BY 2 DESC, 1
"""
_COPIES_OF_HOLDINGS = """
SELECT copies, count(*) FROM (
    SELECT count(copy.key) AS copies FROM holding
    LEFT JOIN copy ON copy.holding = holding.key AND removed_at IS NULL
    WHERE withdrawn_at IS NULL GROUP BY holding.key
) GROUP BY copies ORDER BY copies
"""


def count_states(connection: sqlite3.Connection, new_since: str) -> tuple[StateCount, ...]:
    """Count the copies in each state that occurs; only faults are counted as new."""
    rows = connection.execute(
        "SELECT state, count(*), sum(size_bytes) FROM copy WHERE removed_at IS NULL GROUP BY state"
    ).fetchall()
    new = dict(
        connection.execute(
            "SELECT state, count(*) FROM copy WHERE removed_at IS NULL AND rank = ?"
            " AND state_since >= ? GROUP BY state",
            (KNOWN_BAD, new_since),
        )
    )
    return tuple(StateCount(state, copies, size, new.get(state, 0)) for state, copies, size in rows)


def count_not_accepted(connection: sqlite3.Connection) -> int:
    """Count the copies in order whose signers the last check did not accept."""
    (count,) = connection.execute(
        "SELECT count(*) FROM copy WHERE removed_at IS NULL AND trust = 'not-accepted'"
    ).fetchone()
    return int(count)


def read_not_accepted(connection: sqlite3.Connection) -> tuple[tuple[str, str], ...]:
    """Return holding and place of the first of these copies; at most `MAX_LISTED`."""
    rows = connection.execute(
        "SELECT name, place FROM copy JOIN holding ON holding.key = copy.holding"
        " WHERE removed_at IS NULL AND trust = 'not-accepted' ORDER BY copy.key LIMIT ?",
        (MAX_LISTED,),
    )
    return tuple(rows)


def count_formats(connection: sqlite3.Connection) -> tuple[Group, ...]:
    """Count holdings and files of each format; holdings whose formats are not known are not counted."""
    return _groups(connection.execute(_FORMATS))


def count_custody(connection: sqlite3.Connection) -> tuple[Group, ...]:
    """Count the holdings of each custodian; `None` where none is recorded."""
    return _groups(connection.execute(_CUSTODY))


def _groups(rows: Iterable[tuple[str | None, int, float, float]]) -> tuple[Group, ...]:
    groups = [
        Group(None if name is None else str(name), holdings, int(files), int(size))
        for name, holdings, files, size in rows
    ]
    rest = groups[MAX_GROUPS:]
    if len(rest) < 2:
        return tuple(groups)
    summed = Group(
        f"{len(rest):,} others",
        sum(group.holdings for group in rest),
        sum(group.files for group in rest),
        sum(group.size_bytes for group in rest),
    )
    return (*groups[:MAX_GROUPS], summed)


def count_copies_of_holdings(connection: sqlite3.Connection) -> tuple[tuple[int, int], ...]:
    """Return how many holdings have no copy, one, two and so on."""
    return tuple(connection.execute(_COPIES_OF_HOLDINGS))


def read_shelf_counts(connection: sqlite3.Connection) -> tuple[Shelf, ...]:
    """Return the shelves with the number of copies on each; at most `MAX_SHELVES`."""
    shelves = connection.execute(
        "SELECT place, added_at FROM shelf ORDER BY place LIMIT ?", (MAX_SHELVES,)
    ).fetchall()
    return tuple(Shelf(place, added_at, _copies_below(connection, place)) for place, added_at in shelves)


def _copies_below(connection: sqlite3.Connection, place: str) -> int:
    folder = place.rstrip("/")
    (count,) = connection.execute(
        "SELECT count(*) FROM copy WHERE removed_at IS NULL AND place >= ? AND place < ?",
        (f"{folder}/", f"{folder}0"),  # "0" follows "/" in ASCII
    ).fetchone()
    return int(count)
