"""Finds the labels of the media that have copies."""

from __future__ import annotations

import sqlite3


def read_media_labels(connection: sqlite3.Connection) -> list[str]:
    """Return the labels of all media with copies, sorted; each is found by one look-up in the index."""
    labels: list[str] = []
    row = _first_place_after(connection, "")
    while row is not None:
        labels.append(row.partition(":")[0])
        row = _first_place_after(connection, f"{labels[-1]};")  # the character after the colon
    return labels


def _first_place_after(connection: sqlite3.Connection, text: str) -> str | None:
    row = connection.execute(
        "SELECT place FROM copy WHERE kind = 'medium' AND removed_at IS NULL AND place >= ?"
        " ORDER BY place LIMIT 1",
        (text,),
    ).fetchone()
    return None if row is None else str(row[0])
