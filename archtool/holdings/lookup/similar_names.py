"""Finds the registered name that a person probably meant, among any number, by look-ups in the index."""

from __future__ import annotations

import sqlite3
import string
from collections.abc import Iterator

from archtool.nearest_names import nearest_path

_NEIGHBOURS = 50  # names before and after the wrong one in alphabetical order
_MAX_EDITED = 60  # characters of a name whose misspellings are tried: each is some hundred look-ups
_LETTERS = string.ascii_letters + string.digits + "-_./ "
_LAST = "\U0010ffff"
_BEGINNINGS = 3  # names that are shown


def names_beginning_with(connection: sqlite3.Connection, text: str, limit: int = _BEGINNINGS) -> list[str]:
    """Return the first names in alphabetical order that begin with a text."""
    rows = connection.execute(
        "SELECT name FROM holding WHERE name >= ? AND name < ? ORDER BY name LIMIT ?",
        (text, text + _LAST, limit),
    )
    return [name for (name,) in rows]


def similar_name(connection: sqlite3.Connection, name: str) -> str | None:
    """Return a registered name that differs from `name` by case or one character, or a similar neighbour."""
    for variant in _variants(name):
        row = connection.execute("SELECT name FROM holding WHERE name = ?", (variant,)).fetchone()
        if row is not None:
            return str(row[0])
    return nearest_path(name, _neighbours(connection, name))


def _variants(name: str) -> Iterator[str]:
    yield from (name.lower(), name.upper(), name.capitalize(), name.replace("_", "-"), name.replace("-", "_"))
    yield name.replace(" ", "-")
    if len(name) > _MAX_EDITED:
        return
    for i in range(len(name)):
        yield name[:i] + name[i + 1 :]
        yield name[:i] + name[i + 1 : i + 2] + name[i] + name[i + 2 :]
    yield from (name[:i] + letter + name[i:] for i in range(len(name) + 1) for letter in _LETTERS)
    yield from (name[:i] + letter + name[i + 1 :] for i in range(len(name)) for letter in _LETTERS)


def _neighbours(connection: sqlite3.Connection, name: str) -> list[str]:
    after = connection.execute(
        "SELECT name FROM holding WHERE name >= ? ORDER BY name LIMIT ?", (name, _NEIGHBOURS)
    )
    before = connection.execute(
        "SELECT name FROM holding WHERE name < ? ORDER BY name DESC LIMIT ?", (name, _NEIGHBOURS)
    )
    return [row[0] for row in (*after, *before)]
