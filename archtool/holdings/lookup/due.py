"""Which copies are due for a check, in order of urgency.

Known-bad copies come first, then those never checked, then the oldest. A page begins after the position of
the last copy of the page before (keyset), so that each page costs the same and no transaction is held while
copies are read: what others record meanwhile is seen.

A known-bad copy is due again after a tenth of the interval, at least after a day: it stays reported until it
is repaired, but must not take the place of copies about which nothing is known. Where those that are due
again are selected, they come in the order of their last attempts, so that each gets its turn.

A copy whose whole shelf was not there is always due: whether the shelf is back is seen without reading any
file. So is one whose last check is dated in the future, by a clock that was wrong: nobody knows when it was.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
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
    " copy.tried_at, holding.name, holding.manifests, copy.head, holding.head, copy.trust, copy.tag_manifests"
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
    absent_until: str | None = None
    """Copies whose whole shelf was not there at their last attempt, if that was earlier than this time."""
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
    last_key: int | None = None
    """Only copies up to this key: what is registered later must not take the place of older copies."""
    now: Callable[[], datetime] | None = None
    """The clock; what is recorded while copies are read is not in the future. `None`: nothing ever is."""


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
    newest_head: str | None = field(default=None, repr=False)
    """The newest attestation of any copy of the holding."""
    trust: str | None = None
    tag_manifests: Mapping[str, str] | None = field(default=None, repr=False)

    @property
    def position(self) -> tuple[int, str, int]:
        """The position in the order of urgency."""
        return self.rank, self.waiting_since, self.key


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of copies, and their size."""

    copies: int = 0
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class _Part:
    """Copies of one rank, in the order of one of their times. `order` is a column."""

    rank: int
    order: str = "waiting_since"
    until: str | None = None
    """Those whose time is not later; `None`: whatever it is."""
    is_future: bool = False
    """Those whose time is in the future."""
    absent_until: str | None = None
    """Also those whose whole shelf was not there, if that was found earlier than this time."""


def _parts(query: DueQuery, ranks: Collection[int]) -> Iterator[_Part]:
    """Yield the parts of a query, the most urgent first."""
    for rank in ranks:
        order, until = "waiting_since", query.checked_until if rank == IN_ORDER else None
        if rank == KNOWN_BAD and query.tried_until is not None:
            order, until = "tried_at", query.tried_until
        if query.now is not None and (rank == IN_ORDER or until is not None):
            yield _Part(rank, order, is_future=True)
            until = until or _now(query)
        yield _Part(rank, order, until, absent_until=query.absent_until if rank == KNOWN_BAD else None)


def _now(query: DueQuery) -> str | None:
    return None if query.now is None else format_time(query.now())


RANKS = (KNOWN_BAD, UNCHECKED, IN_ORDER)


def count_due(connection: sqlite3.Connection, query: DueQuery, ranks: Collection[int] = RANKS) -> Amount:
    """Return how many copies are due, of some ranks or of all, and their size."""
    copies = size_bytes = 0
    for part in _parts(query, ranks):
        condition, values = _part_condition(query, part)
        row = connection.execute(
            f"SELECT count(*), coalesce(sum(size_bytes), 0) FROM copy WHERE {condition}",  # noqa: S608
            values,
        ).fetchone()
        copies, size_bytes = copies + row[0], size_bytes + row[1]
    return Amount(copies, size_bytes)


def iterate_due(
    connection: sqlite3.Connection,
    query: DueQuery,
    ranks: Collection[int] = RANKS,
    *,
    page_copies: int = PAGE_COPIES,
) -> Iterator[DueCopy]:
    """Yield the copies that are due, the most urgent first."""
    for part in _parts(query, ranks):
        after = ("", 0)
        while page := _page(connection, query, part, after, page_copies):
            yield from page
            after = getattr(page[-1], part.order), page[-1].key


def _page(
    connection: sqlite3.Connection, query: DueQuery, part: _Part, after: tuple[str, int], limit: int
) -> list[DueCopy]:
    condition, values = _part_condition(query, part)
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM copy JOIN holding ON holding.key = copy.holding"  # noqa: S608 - constants
        f" WHERE {condition} AND (copy.{part.order}, copy.key) > (:since, :after_key)"
        f" ORDER BY copy.{part.order}, copy.key LIMIT :limit",
        {**values, "since": after[0], "after_key": after[1], "limit": limit},
    )
    return [_due_copy(row) for row in rows.fetchall()]


def _part_condition(query: DueQuery, part: _Part) -> tuple[str, dict[str, Any]]:
    # some named holdings are found by their names: `+` keeps the index of all copies by rank out of it.
    # The rank stands there as a number, because SQLite chooses an index of one rank only by a constant
    terms = [f"{'+' if query.holdings else ''}copy.rank = {part.rank}"]
    values = dict[str, Any]()
    if part.is_future:
        terms.append(f"copy.{part.order} > :now")
    elif part.until is not None:
        absent = (
            "" if part.absent_until is None else " OR (copy.absent = 'shelf' AND copy.tried_at < :absent)"
        )
        terms.append(f"(copy.{part.order} <= :until{absent})" if absent else f"copy.{part.order} <= :until")
        values |= {"until": part.until, "absent": part.absent_until}
    if part.rank != KNOWN_BAD and query.quick_until is not None:
        is_future = " OR copy.quick_checked_at > :now" if query.now is not None else ""
        terms.append(f"(copy.quick_checked_at IS NULL OR copy.quick_checked_at <= :quick{is_future})")
        values["quick"] = query.quick_until
    condition, more = _condition(query)
    return " AND ".join([condition, *terms]), {**values, **more}


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
    condition, values = _condition(query)
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


def last_key(connection: sqlite3.Connection) -> int:
    """Return the key of the copy that was registered last; 0 without any."""
    (key,) = connection.execute("SELECT max(key) FROM copy").fetchone()
    return key or 0


def count_left_out(connection: sqlite3.Connection, labels: Sequence[str]) -> int:
    """Return how many copies are on media that are not connected."""
    (count,) = connection.execute(  # left to itself, SQLite takes an index with which it reads all copies
        "SELECT count(*) FROM copy INDEXED BY copy_on_medium WHERE removed_at IS NULL AND kind = 'medium'"
        " AND substr(place, 1, instr(place, ':') - 1) NOT IN (SELECT value FROM json_each(?))",
        (json.dumps(list(labels)),),
    ).fetchone()
    return int(count)


def next_due_at(connection: sqlite3.Connection, interval: timedelta) -> datetime | None:
    """Return when the next copy of those in order will have waited for the interval.

    `None` without any, and after the last time that there is: of a copy that was checked with a wrong clock.
    """
    row = connection.execute(
        "SELECT min(waiting_since) FROM copy WHERE removed_at IS NULL AND rank = ?", (IN_ORDER,)
    ).fetchone()
    try:
        return None if row[0] is None else datetime.fromisoformat(row[0]) + interval
    except OverflowError:
        return None


def due_query(
    begun_at: datetime, older_than: timedelta | None, interval: timedelta, *, is_quick: bool, **rest: Any
) -> DueQuery:
    """Return the query for copies that were not checked for a time before the run began; `None`: all copies.

    `interval` is that of the policy.
    """
    if older_than is None:
        return DueQuery(**rest)
    until = format_time(begun_at - older_than)
    tried = format_time(begun_at - retry_interval(interval))
    absent, quick = format_time(begun_at), until if is_quick else None
    return DueQuery(until, tried, absent, quick, **rest)


def _condition(query: DueQuery) -> tuple[str, dict[str, Any]]:
    """Return the condition for copies of any rank and age, and its values."""
    terms = ["copy.removed_at IS NULL"]
    values: dict[str, Any] = {"now": _now(query)}
    if query.last_key is not None:
        terms.append("copy.key <= :last_key")
        values["last_key"] = query.last_key
    if query.holdings:
        terms.append(
            "copy.holding IN (SELECT key FROM holding WHERE name IN (SELECT value FROM json_each(:names)))"
        )
        values["names"] = json.dumps(list(query.holdings))
    if query.shelf is not None:
        terms.append("(copy.place = :shelf OR (copy.place >= :below AND copy.place < :after))")
        values |= {"shelf": query.shelf, "below": f"{query.shelf}/", "after": f"{query.shelf}0"}
    if query.not_tried_after is not None:
        terms.append("(copy.tried_at IS NULL OR copy.tried_at <= :not_tried_after OR copy.tried_at > :now)")
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
    key, rank, since, place, kind, size, state, tried_at, name, manifests, head, newest, trust, tags = row
    return DueCopy(
        key, rank, since, place, PlaceKind(kind), size, CopyState(state), tried_at, name,
        json.loads(manifests), head, newest, trust, json.loads(tags) if tags is not None else None,
    )  # fmt: skip
