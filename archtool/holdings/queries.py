"""Reads holdings, copies and settings from a register."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from archtool.canonical_json import canonical_json
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.holdings.copy_state import CopyState
from archtool.holdings.lookup.shelf_moves import shelf_moves_of
from archtool.holdings.lookup.similar_names import names_beginning_with, names_ending_with, similar_name
from archtool.holdings.model import Copy, Holding, PlaceKind
from archtool.holdings.places import is_utf8
from archtool.nearest_names import did_you_mean

_LIST_NAMES = "list the names with: archtool holdings list"
HOLDING_COLUMNS = (
    "holding.key, name, title, holding.kind, files, holding.size_bytes, manifests, holding.head, formats,"
    " accession, custodian, registered_at, withdrawn_at"
)
_COPY = (
    "copy.key, copy.holding, place, copy.kind, copy.size_bytes, rank, state, state_since, waiting_since,"
    " checked_at, quick_checked_at, tried_at, added_at, removed_at, copy.head, absent, trust,"
    " copy.tag_manifests"
)


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are listed; `None` means any."""

    holding: str | None = None
    since: str | None = None
    """A time, as the events have it."""
    event: str | None = None
    outcome: str | None = None


def find_holding(connection: sqlite3.Connection, name: str) -> Holding:
    """Return the holding of this name, withdrawn or not.

    Raises:
        InputError: there is none.
    """
    holding = get_holding(connection, name)
    if holding is None:
        raise InputError(f"there is no holding named {shown(name)}", hint=_other_name(connection, name))
    return holding


def _other_name(connection: sqlite3.Connection, name: str) -> str:
    """Return the hint for a name that is not registered."""
    if not is_utf8(name):
        return _LIST_NAMES
    names = names_ending_with(connection, name)
    if len(names) == 1:
        return did_you_mean(shown(names[0]))
    if names:
        return f"names that end with it: {', '.join(map(shown, names))}"
    names = names_beginning_with(connection, name)
    if names:
        return f"names that begin with it: {', '.join(map(shown, names))}"
    similar = similar_name(connection, name)
    if similar is not None:
        return did_you_mean(shown(similar))
    return _LIST_NAMES


def get_holding(connection: sqlite3.Connection, name: str) -> Holding | None:
    """Return the holding of this name, withdrawn or not; `None` if there is none."""
    if not is_utf8(name):
        return None
    row = connection.execute(f"SELECT {HOLDING_COLUMNS} FROM holding WHERE name = ?", (name,)).fetchone()  # noqa: S608
    return None if row is None else holding_of_row(row)


def find_by_manifests(
    connection: sqlite3.Connection, manifests: Mapping[str, str], *, withdrawn: bool = False
) -> list[Holding]:
    """Return the holdings with these manifests, two at most: more than one cannot be told apart by them."""
    rows = connection.execute(
        f"SELECT {HOLDING_COLUMNS} FROM holding WHERE content = substr(:manifests, 41, 16)"  # noqa: S608
        " AND manifests = :manifests AND (withdrawn_at IS NOT NULL) = :withdrawn LIMIT 2",
        {"manifests": canonical_json(dict(manifests)), "withdrawn": withdrawn},
    )
    return [holding_of_row(row) for row in rows]


def copies_of(connection: sqlite3.Connection, holding: Holding, *, removed: bool = False) -> list[Copy]:
    """Return the copies of a holding in the order in which they were registered; with `removed`, all."""
    rows = connection.execute(
        f"SELECT {_COPY} FROM copy WHERE holding = ?"  # noqa: S608 - constants
        " AND (removed_at IS NULL OR ?) ORDER BY key",
        (holding.key, removed),
    )
    return [_copy(row) for row in rows]


def find_copy_at(connection: sqlite3.Connection, place: str) -> tuple[Holding, Copy] | None:
    """Return the copy that is registered at a place, with its holding; `None` if there is none."""
    if not is_utf8(place):  # such a place is never registered
        return None
    row = connection.execute(
        f"SELECT {HOLDING_COLUMNS}, {_COPY} FROM copy JOIN holding ON holding.key = copy.holding"  # noqa: S608
        " WHERE place = ? AND removed_at IS NULL",
        (place,),
    ).fetchone()
    return None if row is None else (holding_of_row(row[:13]), _copy(row[13:]))


def is_registered_place(connection: sqlite3.Connection, place: str) -> bool:
    """Whether a copy is registered at a place; takes microseconds."""
    if not is_utf8(place):
        return False
    row = connection.execute("SELECT 1 FROM copy WHERE place = ? AND removed_at IS NULL", (place,)).fetchone()
    return row is not None


def read_settings(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the settings by name: `id`, `archive`, `check-every-days`."""
    return dict(connection.execute("SELECT name, value FROM setting"))


def read_register_id(connection: sqlite3.Connection) -> str:
    """Return the id of the register, from its first event; empty if that event is damaged."""
    try:
        row = connection.execute("SELECT record ->> '$.detail.id' FROM event WHERE number = 1").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:  # that is: malformed JSON
            raise
        return ""
    return str(row[0]) if row is not None and row[0] is not None else ""


def read_shelves(connection: sqlite3.Connection) -> list[str]:
    """Return the folders whose packages belong into the register, sorted."""
    return [place for (place,) in connection.execute("SELECT place FROM shelf ORDER BY place")]


def records_of(
    connection: sqlite3.Connection, holding: str | None = None, after: int = 0
) -> Iterator[tuple[int, str]]:
    """Yield number and record of each event after a number: of one holding, or of the whole register."""
    if holding is None:
        yield from connection.execute(
            "SELECT number, record FROM event WHERE number > ? ORDER BY number", (after,)
        )
    else:
        yield from connection.execute(
            "SELECT number, record FROM event WHERE holding = ? AND number > ? ORDER BY number",
            (holding, after),
        )


def holding_of_row(row: tuple[Any, ...]) -> Holding:
    """Return the holding of a row with `HOLDING_COLUMNS`."""
    formats = row[8]
    parsed = json.loads(row[6]), row[7], json.loads(formats) if formats else None
    return Holding(*(*row[:6], *parsed, *row[9:]))


def _copy(row: tuple[Any, ...]) -> Copy:
    tag_manifests = json.loads(row[17]) if row[17] is not None else None
    return Copy(*(*row[:3], PlaceKind(row[3]), *row[4:6], CopyState(row[6]), *row[7:17], tag_manifests))


def newest_events(
    connection: sqlite3.Connection, wanted: EventFilter, limit: int | None = None
) -> Iterator[tuple[int, str]]:
    """Yield number and record of the events that pass a filter, the newest first.

    The events of a holding include the moves of the shelves that its copies were on.
    """
    conditions, values = ["1"], list[Any]()
    if wanted.holding is not None and (moves := shelf_moves_of(connection, wanted.holding)):
        conditions.append("(holding = ? OR number IN (SELECT value FROM json_each(?)))")
        values += [wanted.holding, json.dumps(moves)]
    elif wanted.holding is not None:
        conditions.append("holding = ?")
        values.append(wanted.holding)
    for condition, value in (
        ("record ->> '$.at' >= ?", wanted.since),
        ("record ->> '$.event' = ?", wanted.event),
        ("record ->> '$.outcome' = ?", wanted.outcome),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    yield from connection.execute(
        f"SELECT number, record FROM event WHERE {' AND '.join(conditions)} ORDER BY number DESC LIMIT ?",  # noqa: S608
        (*values, -1 if limit is None else limit),
    )
