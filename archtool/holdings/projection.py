"""Derives the state from the events: holdings, copies, shelves, runs, counts by month.

`apply_event` is the only code that writes these tables; rebuilding them is to apply all events again. The
members of an event's `detail` that have effects:

| event | members |
|---|---|
| register, policy | settings by name |
| shelf, shelf-removed | `place` |
| shelf-moved | `from`, `to` |
| ingestion | `place`, `place_kind`, `kind`, `manifests`, `files`, `bytes`; where known also
  `title`, `head`, `formats`, `accession`, `custodian` |
| migration | as ingestion, without the place: the content is another one, and no copy has been checked |
| replication | `place`, `place_kind`; `head` where known |
| copy-removed | `place` |
| relocation | `from`, `to`, `place_kind` |
| custody-transfer | `to` |
| attestation | `place`, `head` |
| fixity-check, validation | `place`, `state`, `bytes`; `head` if the chain of attestations has grown |
| audit-begun, audit-ended | all of it is kept for the run |
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from archtool.canonical_json import canonical_json
from archtool.errors import InputError
from archtool.holdings.copy_state import CopyState, rank_of
from archtool.holdings.event import Event, EventOutcome, format_time
from archtool.holdings.event_types import EventType
from archtool.holdings.migrations import STATE_TABLES

_Connection = sqlite3.Connection
_RECORD_TIMES = """
UPDATE copy SET
    tried_at = ?3,
    checked_at = iif(?4, ?3, checked_at),
    waiting_since = iif(?4, ?3, waiting_since),
    quick_checked_at = iif(?5, ?3, quick_checked_at)
WHERE place = ?1 AND removed_at IS NULL AND holding = (SELECT key FROM holding WHERE name = ?2)
"""
_RECORD_STATE = """
UPDATE copy SET state = ?2, rank = ?3, state_since = ?4
WHERE place = ?1 AND removed_at IS NULL AND state <> ?2
"""
"""Does nothing for most checks: an index whose column is set is written even if the value stays as it was."""
_UNFIT = (sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError)
"""Errors of SQLite about a value that does not fit its column."""


def apply_event(connection: _Connection, event: Event) -> None:
    """Update the state for one event that was appended.

    Raises:
        InputError: the event contradicts the state: its holding or copy is unknown, or its place is taken.
    """
    effect = _EFFECTS.get(event.event)
    try:
        if effect is not None:
            effect(connection, event)
        elif event.holding is not None:
            _key_of(connection, event.holding)
    except KeyError as error:
        raise InputError(f"the detail of an event of type {event.event} lacks {error}") from None
    except (ValueError, TypeError, AttributeError, *_UNFIT) as error:
        raise InputError(f"the detail of an event of type {event.event} is wrong: {error}") from None
    connection.execute(
        "INSERT INTO month VALUES (?, ?, ?, 1, ?) ON CONFLICT DO UPDATE"
        " SET events = events + 1, size_bytes = size_bytes + excluded.size_bytes",
        (format_time(event.at)[:7], event.event, event.outcome.value, _size(event.detail)),
    )


def clear_state(connection: _Connection) -> None:
    """Empty all tables that follow from the events."""
    for table in STATE_TABLES:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - a constant of `migrations`


def _size(detail: Mapping[str, Any]) -> int:
    size = detail.get("bytes")
    return size if isinstance(size, int) else 0


def _set_settings(connection: _Connection, event: Event) -> None:
    for name, value in event.detail.items():
        connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, str(value)))


def _add_shelf(connection: _Connection, event: Event) -> None:
    connection.execute(
        "INSERT INTO shelf VALUES (?, ?) ON CONFLICT DO NOTHING",
        (event.detail["place"], format_time(event.at)),
    )


def _remove_shelf(connection: _Connection, event: Event) -> None:
    connection.execute("DELETE FROM shelf WHERE place = ?", (event.detail["place"],))


def _move_shelf(connection: _Connection, event: Event) -> None:
    old, new = event.detail["from"], event.detail["to"]
    connection.execute("UPDATE OR REPLACE shelf SET place = ? WHERE place = ?", (new, old))
    connection.execute(
        "UPDATE copy SET place = ? || substr(place, ?)"
        " WHERE removed_at IS NULL AND (place = ? OR (place >= ? AND place < ?))",
        (new, len(old) + 1, old, f"{old}/", f"{old}0"),  # "0" follows "/" in ASCII
    )


def _ingest(connection: _Connection, event: Event) -> None:
    name, detail, at = event.holding, event.detail, format_time(event.at)
    cursor = connection.execute(
        "INSERT INTO holding (name, title, kind, files, size_bytes, manifests, head, formats, accession,"
        " custodian, registered_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (name, *_content(detail), detail.get("accession"), detail.get("custodian"), at),
    )
    if name is None or cursor.rowcount != 1:
        raise InputError(
            f"there is already a holding named {name}", hint="give the new one another name with --name"
        )
    assert cursor.lastrowid is not None  # noqa: S101 - a row was inserted
    _insert_copy(connection, cursor.lastrowid, detail, at)


def _content(detail: Mapping[str, Any]) -> tuple[Any, ...]:
    formats = detail.get("formats")
    return (
        detail.get("title"), detail["kind"], detail["files"], detail["bytes"],
        canonical_json(detail["manifests"]), detail.get("head"),
        canonical_json(formats) if formats is not None else None,
    )  # fmt: skip


def _insert_copy(connection: _Connection, holding: int, detail: Mapping[str, Any], at: str) -> None:
    state = CopyState.NEVER_CHECKED
    cursor = connection.execute(
        "INSERT INTO copy (holding, place, kind, size_bytes, rank, state, state_since, waiting_since,"
        " added_at, head) SELECT ?, ?, ?, coalesce(size_bytes, 0), ?, ?, ?, ?, ?, ?"
        " FROM holding WHERE key = ?"
        " ON CONFLICT DO NOTHING",
        (
            holding,
            detail["place"],
            detail["place_kind"],
            rank_of(state),
            state.value,
            at,
            at,
            at,
            detail.get("head"),
            holding,
        ),
    )
    if cursor.rowcount != 1:
        raise _place_taken(connection, detail["place"])


def _place_taken(connection: _Connection, place: str) -> InputError:
    row = connection.execute(
        "SELECT name FROM holding JOIN copy ON copy.holding = holding.key"
        " WHERE place = ? AND removed_at IS NULL",
        (place,),
    ).fetchone()
    return InputError(
        f"{place} is registered already, as a copy of {row[0]}",
        hint="see: archtool holdings show HOLDING",
    )


def _migrate(connection: _Connection, event: Event) -> None:
    key, at = _key_of(connection, event.holding), format_time(event.at)
    connection.execute(
        "UPDATE holding SET title = ?, kind = ?, files = ?, size_bytes = ?, manifests = ?, head = ?,"
        " formats = ? WHERE key = ?",
        (*_content(event.detail), key),
    )
    state = CopyState.NEVER_CHECKED
    connection.execute(
        "UPDATE copy SET size_bytes = ?, rank = ?, state = ?, state_since = ?,"
        " waiting_since = ?, checked_at = NULL, quick_checked_at = NULL, head = ?"
        " WHERE holding = ? AND removed_at IS NULL",
        (event.detail["bytes"] or 0, rank_of(state), state.value, at, at, event.detail.get("head"), key),
    )


def _replicate(connection: _Connection, event: Event) -> None:
    _insert_copy(connection, _key_of(connection, event.holding), event.detail, format_time(event.at))


def _remove_copy(connection: _Connection, event: Event) -> None:
    key = _copy_key(connection, event, "place")
    connection.execute("UPDATE copy SET removed_at = ? WHERE key = ?", (format_time(event.at), key))


def _relocate(connection: _Connection, event: Event) -> None:
    key, detail = _copy_key(connection, event, "from"), event.detail
    state, at = CopyState.NEVER_CHECKED, format_time(event.at)
    # what was found at the old place proves nothing about the new one
    cursor = connection.execute(
        "UPDATE OR IGNORE copy SET place = ?, kind = ?, rank = ?, state = ?, state_since = ?,"
        " checked_at = NULL, quick_checked_at = NULL WHERE key = ?",
        (detail["to"], detail["place_kind"], rank_of(state), state.value, at, key),
    )
    if cursor.rowcount != 1:
        raise _place_taken(connection, detail["to"])


def _transfer(connection: _Connection, event: Event) -> None:
    key = _key_of(connection, event.holding)
    connection.execute("UPDATE holding SET custodian = ? WHERE key = ?", (event.detail["to"], key))


def _withdraw(connection: _Connection, event: Event) -> None:
    key, at = _key_of(connection, event.holding), format_time(event.at)
    connection.execute("UPDATE holding SET withdrawn_at = ? WHERE key = ?", (at, key))
    connection.execute("UPDATE copy SET removed_at = ? WHERE holding = ? AND removed_at IS NULL", (at, key))


def _attest(connection: _Connection, event: Event) -> None:
    key, head = _key_of(connection, event.holding), event.detail["head"]
    connection.execute("UPDATE holding SET head = ? WHERE key = ?", (head, key))
    connection.execute(
        "UPDATE copy SET head = ? WHERE place = ? AND holding = ? AND removed_at IS NULL",
        (head, event.detail["place"], key),
    )


def _record_check(connection: _Connection, event: Event) -> None:
    """Update a copy after a check. A quick check without findings does not make a copy `ok`."""
    detail, at, place = event.detail, format_time(event.at), event.detail["place"]
    state, is_full = CopyState(detail["state"]), event.event == EventType.FIXITY_CHECK
    has_verdict = event.outcome is not EventOutcome.INDETERMINATE
    times = (place, event.holding, at, is_full and has_verdict, not is_full and has_verdict)
    if connection.execute(_RECORD_TIMES, times).rowcount != 1:
        raise _no_such_copy(event, place)
    if is_full or state is not CopyState.OK:
        connection.execute(_RECORD_STATE, (place, state.value, rank_of(state), at))
    if "head" in detail:
        _attest(connection, event)


def _begin_run(connection: _Connection, event: Event) -> None:
    connection.execute(
        "INSERT INTO run (id, begun_at, begun) VALUES (?, ?, ?)",
        (event.run, format_time(event.at), canonical_json(event.detail)),
    )


def _end_run(connection: _Connection, event: Event) -> None:
    connection.execute(
        "UPDATE run SET ended_at = ?, ended = ? WHERE id = ?",
        (format_time(event.at), canonical_json(event.detail), event.run),
    )


def _key_of(connection: _Connection, name: str | None) -> int:
    row = connection.execute(
        "SELECT key FROM holding WHERE name = ? AND withdrawn_at IS NULL", (name,)
    ).fetchone()
    if row is None:
        raise InputError(
            f"there is no holding named {name}", hint="list the names with: archtool holdings list"
        )
    return int(row[0])


def _copy_key(connection: _Connection, event: Event, member: str) -> int:
    place = event.detail[member]
    row = connection.execute(
        "SELECT copy.key FROM copy JOIN holding ON holding.key = copy.holding"
        " WHERE place = ? AND name = ? AND removed_at IS NULL",
        (place, event.holding),
    ).fetchone()
    if row is None:
        raise _no_such_copy(event, place)
    return int(row[0])


def _no_such_copy(event: Event, place: str) -> InputError:
    return InputError(f"{event.holding} has no copy at {place}", hint="see: archtool holdings show HOLDING")


_EFFECTS: Mapping[str, Callable[[_Connection, Event], None]] = {
    EventType.REGISTER: _set_settings,
    EventType.POLICY: _set_settings,
    EventType.SHELF: _add_shelf,
    EventType.SHELF_REMOVED: _remove_shelf,
    EventType.SHELF_MOVED: _move_shelf,
    EventType.INGESTION: _ingest,
    EventType.MIGRATION: _migrate,
    EventType.REPLICATION: _replicate,
    EventType.COPY_REMOVED: _remove_copy,
    EventType.RELOCATION: _relocate,
    EventType.CUSTODY_TRANSFER: _transfer,
    EventType.WITHDRAWAL: _withdraw,
    EventType.ATTESTATION: _attest,
    EventType.FIXITY_CHECK: _record_check,
    EventType.VALIDATION: _record_check,
    EventType.AUDIT_BEGUN: _begin_run,
    EventType.AUDIT_ENDED: _end_run,
}
"""The function that updates the state, by event; other events have no effect."""
