"""Which copies are due for a check, in order of urgency.

Known-bad copies come first, then those never checked, then the oldest. A page begins after the position of
the last copy of the page before (keyset), so that each page costs the same and no transaction is held while
copies are read: what others record meanwhile is seen.

A known-bad copy is due again after a tenth of the interval, at least after a day: it stays reported until it
is repaired, but must not take the place of copies about which nothing is known.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from archtool.holdings.copy_state import IN_ORDER, KNOWN_BAD, UNCHECKED, CopyState
from archtool.holdings.event import format_time
from archtool.holdings.model import PlaceKind

MIN_RETRY_INTERVAL = timedelta(days=1)  # between two checks of a copy that is known to be bad
_RETRY_SHARE = 10  # of the interval
PAGE_COPIES = 1_000
_COLUMNS = (
    "copy.key, copy.rank, copy.waiting_since, copy.place, copy.kind, copy.size_bytes, copy.state,"
    " copy.tried_at, holding.name, holding.manifests, copy.head"
)


def retry_interval(interval: timedelta) -> timedelta:
    """Return after which time a known-bad copy is checked again."""
    return max(interval / _RETRY_SHARE, MIN_RETRY_INTERVAL)


@dataclass(frozen=True, slots=True)
class DueQuery:
    """The copies that a run can check. Times are texts of the register."""

    checked_until: str | None = None
    """Copies whose last full check is not later; `None`: all copies."""
    tried_until: str | None = None
    """Known-bad copies whose last attempt is not later; `None`: all of them."""
    quick_until: str | None = None
    """Copies whose last quick check is not later; `None`: whether or not there was one."""
    holdings: Sequence[str] = ()
    """Only copies of these holdings, if any are named."""
    shelf: str | None = None
    """Only copies below this folder."""
    labels: Sequence[str] = ()
    """The media that are connected. Copies on other media are left out."""
    not_tried_after: str | None = None
    """Only copies that were not tried after this time; for a run that is resumed."""


@dataclass(frozen=True, slots=True)
class DueCopy:
    """One copy, with what a check must know."""

    key: int
    rank: int
    waiting_since: str
    place: str
    kind: PlaceKind
    size_bytes: int
    state: CopyState
    tried_at: str | None
    holding: str
    manifests: Mapping[str, str] = field(repr=False)
    head: str | None = field(repr=False)

    @property
    def position(self) -> tuple[int, str, int]:
        """The position in the order of urgency."""
        return self.rank, self.waiting_since, self.key


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of copies, and their size."""

    copies: int = 0
    size_bytes: int = 0


def count_due(connection: sqlite3.Connection, query: DueQuery, rank: int | None = None) -> Amount:
    """Return how many copies are due, of one rank or of all, and their size."""
    copies = size_bytes = 0
    for one in (KNOWN_BAD, UNCHECKED, IN_ORDER) if rank is None else (rank,):
        condition, values = _condition(query, one)
        row = connection.execute(
            f"SELECT count(*), coalesce(sum(size_bytes), 0) FROM copy WHERE {condition}",  # noqa: S608
            values,
        ).fetchone()
        copies, size_bytes = copies + row[0], size_bytes + row[1]
    return Amount(copies, size_bytes)


def iterate_due(
    connection: sqlite3.Connection, query: DueQuery, *, page_copies: int = PAGE_COPIES
) -> Iterator[DueCopy]:
    """Yield the copies that are due, the most urgent first."""
    for rank in (KNOWN_BAD, UNCHECKED, IN_ORDER):
        after = ("", 0)
        while page := _page(connection, query, rank, after, page_copies):
            yield from page
            after = page[-1].waiting_since, page[-1].key


def _page(
    connection: sqlite3.Connection, query: DueQuery, rank: int, after: tuple[str, int], limit: int
) -> list[DueCopy]:
    condition, values = _condition(query, rank)
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM copy JOIN holding ON holding.key = copy.holding"  # noqa: S608 - constants
        f" WHERE {condition} AND (copy.waiting_since, copy.key) > (:since, :key)"
        " ORDER BY copy.waiting_since, copy.key LIMIT :limit",
        {**values, "since": after[0], "key": after[1], "limit": limit},
    )
    return [_due_copy(row) for row in rows.fetchall()]


def read_copies(connection: sqlite3.Connection, keys: Sequence[int]) -> list[DueCopy]:
    """Return the copies with these keys, in the order of the keys; those that are removed are left out."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM copy JOIN holding ON holding.key = copy.holding"  # noqa: S608 - constants
        " WHERE copy.removed_at IS NULL AND copy.key IN (SELECT value FROM json_each(?)) ORDER BY copy.key",
        (json.dumps(list(keys)),),
    )
    return [_due_copy(row) for row in rows.fetchall()]


def iterate_keys(
    connection: sqlite3.Connection, query: DueQuery, *, page_copies: int = 10 * PAGE_COPIES
) -> Iterator[int]:
    """Yield the keys of the copies in the order of the keys, whatever their urgency; for samples."""
    condition, values = _condition(query, None)
    after = 0
    while True:
        rows = connection.execute(
            f"SELECT copy.key FROM copy WHERE {condition} AND copy.key > :key"  # noqa: S608 - constants
            " ORDER BY copy.key LIMIT :limit",
            {**values, "key": after, "limit": page_copies},
        ).fetchall()
        if not rows:
            return
        yield from (key for (key,) in rows)
        after = rows[-1][0]


def count_left_out(connection: sqlite3.Connection, labels: Sequence[str]) -> int:
    """Return how many copies are on media that are not connected."""
    (count,) = connection.execute(
        "SELECT count(*) FROM copy WHERE removed_at IS NULL AND kind = 'medium'"
        " AND substr(place, 1, instr(place, ':') - 1) NOT IN (SELECT value FROM json_each(?))",
        (json.dumps(list(labels)),),
    ).fetchone()
    return int(count)


def next_due_at(connection: sqlite3.Connection, interval: timedelta) -> datetime | None:
    """Return when the next copy of those in order will have waited for the interval; `None` without any."""
    row = connection.execute(
        "SELECT min(waiting_since) FROM copy WHERE removed_at IS NULL AND rank = ?", (IN_ORDER,)
    ).fetchone()
    return None if row[0] is None else datetime.fromisoformat(row[0]) + interval


def due_query(
    begun_at: datetime, older_than: timedelta | None, interval: timedelta, *, is_quick: bool, **rest: Any
) -> DueQuery:
    """Return the query for copies that nobody checked for a time before the run began; `None`: all copies.

    `interval` is that of the policy.
    """
    if older_than is None:
        return DueQuery(**rest)
    until = format_time(begun_at - older_than)
    tried = format_time(begun_at - retry_interval(interval))
    return DueQuery(until, tried, until if is_quick else None, **rest)


def _condition(query: DueQuery, rank: int | None) -> tuple[str, dict[str, Any]]:
    """Return the condition for copies of a rank, and its values."""
    terms, values = ["copy.removed_at IS NULL"], dict[str, Any]()
    if rank is not None:
        # some named holdings are found by their names: `+` keeps the index of all copies by rank out of it
        terms.append("+copy.rank = :rank" if query.holdings else "copy.rank = :rank")
        values["rank"] = rank
    if rank == KNOWN_BAD and query.tried_until is not None:
        terms.append("(copy.tried_at IS NULL OR copy.tried_at <= :tried)")
        values["tried"] = query.tried_until
    if rank == IN_ORDER and query.checked_until is not None:
        terms.append("copy.waiting_since <= :until")
        values["until"] = query.checked_until
    if rank != KNOWN_BAD and query.quick_until is not None:
        terms.append("(copy.quick_checked_at IS NULL OR copy.quick_checked_at <= :quick)")
        values["quick"] = query.quick_until
    if query.holdings:
        terms.append(
            "copy.holding IN (SELECT key FROM holding WHERE name IN (SELECT value FROM json_each(:names)))"
        )
        values["names"] = json.dumps(list(query.holdings))
    if query.shelf is not None:
        terms.append("(copy.place = :shelf OR (copy.place >= :below AND copy.place < :after))")
        values |= {"shelf": query.shelf, "below": f"{query.shelf}/", "after": f"{query.shelf}0"}
    if query.not_tried_after is not None:
        terms.append("(copy.tried_at IS NULL OR copy.tried_at <= :not_tried_after)")
        values["not_tried_after"] = query.not_tried_after
    if query.labels:
        terms.append(
            "(copy.kind <> 'medium' OR substr(copy.place, 1, instr(copy.place, ':') - 1)"
            " IN (SELECT value FROM json_each(:labels)))"
        )
        values["labels"] = json.dumps(list(query.labels))
    else:
        terms.append("copy.kind <> 'medium'")
    return " AND ".join(terms), values


def _due_copy(row: tuple[Any, ...]) -> DueCopy:
    key, rank, since, place, kind, size, state, tried_at, name, manifests, head = row
    return DueCopy(
        key, rank, since, place, PlaceKind(kind), size, CopyState(state), tried_at, name,
        json.loads(manifests), head,
    )  # fmt: skip
