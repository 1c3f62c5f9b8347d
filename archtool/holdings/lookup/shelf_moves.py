"""Finds the moves of shelves with copies of a holding: such a move is an event of the register alone."""

from __future__ import annotations

import sqlite3
from typing import Any

from archtool.holdings.event import Event
from archtool.holdings.event_types import EventType

_ARRIVALS = (EventType.INGESTION, EventType.REPLICATION)


def shelf_moves_of(connection: sqlite3.Connection, holding: str) -> list[int]:
    """Return the numbers of the events that moved a shelf on which a copy of the holding was then."""
    moves = connection.execute(
        "SELECT number, record FROM event WHERE holding IS NULL AND record ->> '$.event' = ? ORDER BY number",
        (EventType.SHELF_MOVED,),
    ).fetchall()
    if not moves:
        return []
    # read again only for a register with moved shelves: how the holding's own copies came and went
    changes = connection.execute(
        "SELECT number, record FROM event WHERE holding = ? AND record ->> '$.event' IN (?, ?, ?, ?, ?)"
        " ORDER BY number",
        (holding, *_ARRIVALS, EventType.RELOCATION, EventType.COPY_REMOVED, EventType.WITHDRAWAL),
    ).fetchall()
    places, found = set[str](), []
    for number, record in sorted([*moves, *changes]):
        event = Event.parse(record)[0]
        if event.event == EventType.SHELF_MOVED:
            moved = _moved(places, event.detail)
            if moved != places:
                found.append(number)
            places = moved
        else:
            places = _changed(places, event)
    return found


def _moved(places: set[str], detail: Any) -> set[str]:
    old, new = detail["from"], detail["to"]
    return {
        new + place[len(old) :] if place == old or place.startswith(f"{old}/") else place for place in places
    }


def _changed(places: set[str], event: Event) -> set[str]:
    detail = event.detail
    if event.event in _ARRIVALS:
        return places | {detail["place"]}
    if event.event == EventType.RELOCATION:
        return places - {detail["from"]} | {detail["to"]}
    if event.event == EventType.COPY_REMOVED:
        return places - {detail["place"]}
    return set()
