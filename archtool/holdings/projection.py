"""Derives the state from the events: holdings, copies, shelves, runs, counts by month.

`apply_event` is the only code that writes these tables; rebuilding them is to apply all events again. The
members of an event's `detail` that have effects:

| event | members |
|---|---|
| register, policy | `id`, `archive`, `check-every-days`: settings by name |
| shelf, shelf-removed | `place` |
| shelf-moved | `from`, `to` |
| ingestion | `place`, `place_kind`, `kind`, `manifests`, `files`, `bytes`; where known also
  `title`, `head`, `tag_manifests`, `formats`, `accession`, `custodian`; a withdrawn holding with the same
  `manifests` comes back |
| migration | as ingestion, without the place: the content is another one, and no copy has been checked |
| replication | `place`, `place_kind`; `head` or `tag_manifests` where known |
| copy-removed | `place` |
| relocation | `from`, `to`, `place_kind` |
| custody-transfer | `to` |
| attestation | `place`, `head` |
| fixity-check, validation | `place`, `state`, `bytes`; `head` if the chain of attestations has grown; where
  known `absent`, `trust`, `tag_manifests` |
| audit-begun, audit-ended | all of it is kept for the run |
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from archtool.canonical_json import canonical_json
from archtool.errors import InputError
from archtool.holdings.copy_state import KNOWN_BAD, CopyState, rank_of
from archtool.holdings.details.detail_check import check_detail
from archtool.holdings.event import Event, EventOutcome, format_time
from archtool.holdings.event_types import EventType
from archtool.holdings.migrations import STATE_TABLES
from archtool.holdings.shelf_effects import add_shelf, move_shelf, remove_shelf

SETTINGS = ("id", "archive", "check-every-days")
"""The members of `register` and `policy` that are settings; others, such as a reason, have no effect."""
_Connection = sqlite3.Connection
_FIND_COPY = """
SELECT copy.key, state FROM copy JOIN holding ON holding.key = copy.holding
WHERE place = ? AND name = ? AND removed_at IS NULL
"""
_RECORD_TIMES = """
UPDATE copy SET
    tried_at = :at,
    checked_at = iif(:is_full, :at, checked_at),
    waiting_since = iif(:is_full, :at, waiting_since),
    quick_checked_at = iif(:is_quick, :at, quick_checked_at),
    absent = :absent,
    trust = :trust,
    tag_manifests = coalesce(:tag_manifests, tag_manifests)
WHERE key = :key
"""
_RECORD_STATE = _RECORD_TIMES.replace(
    "UPDATE copy SET", "UPDATE copy SET state = :state, rank = :rank, state_since = :at,"
)
"""For a check that changes the state. An index whose column is set is written even if the value stays."""
_UNFIT = (sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError)
"""Errors of SQLite about a value that does not fit its column."""


def apply_event(connection: _Connection, event: Event) -> None:
    """Update the state for one event that was appended.

    Raises:
        InputError: the event contradicts the state: its holding or copy is unknown, or its place is taken;
            or its detail has members of wrong types.
    """
    effect = _EFFECTS.get(event.event)
    try:
        check_detail(event)
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
    for name in SETTINGS:
        if name in event.detail:
            connection.execute(
                "INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, str(event.detail[name]))
            )


def _ingest(connection: _Connection, event: Event) -> None:
    name, detail, at = event.holding, event.detail, format_time(event.at)
    row = connection.execute(
        "INSERT INTO holding (name, title, kind, files, size_bytes, manifests, head, formats, accession,"
        " custodian, registered_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        # a holding that was withdrawn comes back, if its content is the same
        " ON CONFLICT (name) DO UPDATE SET withdrawn_at = NULL, title = excluded.title, kind = excluded.kind,"
        " files = excluded.files, size_bytes = excluded.size_bytes, head = excluded.head,"
        " formats = excluded.formats, accession = coalesce(excluded.accession, accession),"
        " custodian = coalesce(excluded.custodian, custodian)"
        " WHERE withdrawn_at IS NOT NULL AND manifests = excluded.manifests RETURNING key",
        (name, *_content(detail), detail.get("accession"), detail.get("custodian"), at),
    ).fetchone()
    if name is None or row is None:
        raise InputError(
            f"there is already a holding named {name}", hint="give the new one another name with --name"
        )
    _insert_copy(connection, row[0], detail, at)


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
        " added_at, head, tag_manifests) SELECT ?, ?, ?, coalesce(size_bytes, 0), ?, ?, ?, ?, ?, ?, ?"
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
            _tag_manifests(detail),
            holding,
        ),
    )
    if cursor.rowcount != 1:
        raise _place_taken(connection, detail["place"])


def _tag_manifests(detail: Mapping[str, Any]) -> str | None:
    known = detail.get("tag_manifests")
    return canonical_json(known) if known is not None else None


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
        " waiting_since = ?, checked_at = NULL, quick_checked_at = NULL, absent = NULL, trust = NULL,"
        " head = ?, tag_manifests = ?"
        " WHERE holding = ? AND removed_at IS NULL",
        (
            event.detail["bytes"] or 0,
            rank_of(state),
            state.value,
            at,
            at,
            event.detail.get("head"),
            _tag_manifests(event.detail),
            key,
        ),
    )


def _replicate(connection: _Connection, event: Event) -> None:
    _insert_copy(connection, _key_of(connection, event.holding), event.detail, format_time(event.at))


def _remove_copy(connection: _Connection, event: Event) -> None:
    key, _ = _find_copy(connection, event, "place")
    connection.execute("UPDATE copy SET removed_at = ? WHERE key = ?", (format_time(event.at), key))


def _relocate(connection: _Connection, event: Event) -> None:
    (key, _), detail = _find_copy(connection, event, "from"), event.detail
    state, at = CopyState.NEVER_CHECKED, format_time(event.at)
    # what was found at the old place proves nothing about the new one
    cursor = connection.execute(
        "UPDATE OR IGNORE copy SET place = ?, kind = ?, rank = ?, state = ?, state_since = ?,"
        " checked_at = NULL, quick_checked_at = NULL, absent = NULL, trust = NULL WHERE key = ?",
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
    place = event.detail["place"]
    connection.execute(
        "UPDATE copy SET head = ?, tag_manifests = NULL"
        " WHERE place = ? AND holding = ? AND removed_at IS NULL",
        (head, place, key),
    )
    # a copy with fewer attestations than another one does not make the holding forget them
    connection.execute(
        "UPDATE holding SET head = coalesce((SELECT head FROM copy WHERE holding = :key"
        " AND removed_at IS NULL AND head IS NOT NULL"
        " ORDER BY CAST(head AS INTEGER) DESC, place = :place DESC, key LIMIT 1), :head) WHERE key = :key",
        {"key": key, "place": place, "head": head},
    )


def _record_check(connection: _Connection, event: Event) -> None:
    """Update a copy after a check.

    A quick check without findings does not make a copy `ok`, and a check without a verdict does not undo what
    an earlier one has proved: a changed copy whose shelf is absent stays a changed one.
    """
    detail, at = event.detail, format_time(event.at)
    state, is_full = CopyState(detail["state"]), event.event == EventType.FIXITY_CHECK
    has_verdict = event.outcome is not EventOutcome.INDETERMINATE
    key, known = _find_copy(connection, event, "place")
    values = {
        "key": key, "at": at, "is_full": is_full and has_verdict, "is_quick": not is_full and has_verdict,
        "absent": detail.get("absent"), "trust": detail.get("trust"),
        "tag_manifests": _tag_manifests(detail),
    }  # fmt: skip
    is_news = has_verdict or rank_of(CopyState(known)) != KNOWN_BAD
    if state != known and is_news and (is_full or state is not CopyState.OK):
        connection.execute(_RECORD_STATE, {**values, "state": state.value, "rank": rank_of(state)})
    else:
        connection.execute(_RECORD_TIMES, values)
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


def _find_copy(connection: _Connection, event: Event, member: str) -> tuple[int, str]:
    """Return key and state of the copy at the place that a member of the detail names."""
    place = event.detail[member]
    row = connection.execute(_FIND_COPY, (place, event.holding)).fetchone()
    if row is None:
        raise _no_such_copy(event, place)
    return row  # type: ignore[no-any-return]


def _no_such_copy(event: Event, place: str) -> InputError:
    return InputError(f"{event.holding} has no copy at {place}", hint="see: archtool holdings show HOLDING")


_EFFECTS: Mapping[str, Callable[[_Connection, Event], None]] = {
    EventType.REGISTER: _set_settings,
    EventType.POLICY: _set_settings,
    EventType.SHELF: add_shelf,
    EventType.SHELF_REMOVED: remove_shelf,
    EventType.SHELF_MOVED: move_shelf,
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
