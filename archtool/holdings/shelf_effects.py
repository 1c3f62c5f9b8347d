"""The effects of the events about shelves on the state of a register; see `projection`."""

from __future__ import annotations

import sqlite3

from archtool.holdings.copy_state import CopyState, rank_of
from archtool.holdings.event import Event, format_time


def add_shelf(connection: sqlite3.Connection, event: Event) -> None:
    """Add a shelf; one that is there stays as it is."""
    connection.execute(
        "INSERT INTO shelf VALUES (?, ?) ON CONFLICT DO NOTHING",
        (event.detail["place"], format_time(event.at)),
    )


def remove_shelf(connection: sqlite3.Connection, event: Event) -> None:
    """Remove a shelf; its copies stay."""
    connection.execute("DELETE FROM shelf WHERE place = ?", (event.detail["place"],))


def move_shelf(connection: sqlite3.Connection, event: Event) -> None:
    """Move a shelf with its copies; they must be checked again."""
    old, new = event.detail["from"], event.detail["to"]
    connection.execute("UPDATE OR REPLACE shelf SET place = ? WHERE place = ?", (new, old))
    state = CopyState.NEVER_CHECKED
    # what was found at the old place proves nothing about the new one
    connection.execute(
        "UPDATE copy SET place = ? || substr(place, ?), rank = ?, state = ?, state_since = ?,"
        " checked_at = NULL, quick_checked_at = NULL, absent = NULL, trust = NULL WHERE key IN ("
        " SELECT key FROM copy WHERE removed_at IS NULL AND place = ? UNION ALL"
        " SELECT key FROM copy WHERE removed_at IS NULL AND place >= ? AND place < ?)",
        (
            new,
            len(old) + 1,
            rank_of(state),
            state.value,
            format_time(event.at),
            old,
            f"{old}/",
            f"{old}0",  # "0" follows "/" in ASCII
        ),
    )
