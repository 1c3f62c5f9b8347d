"""Finds the name of a kept holding that a person probably meant, by look-ups in the index of names.

Withdrawn holdings are not suggested: most commands refuse them next.
"""

from __future__ import annotations

import sqlite3
import string
from collections.abc import Iterator

from archtool.nearest_names import nearest_path

_NEIGHBOURS = 50  # names before and after the wrong one in alphabetical order
_MAX_EDITED = 60  # characters of a name whose misspellings are tried: each is some hundred look-ups
_LETTERS = string.ascii_letters + string.digits + "-_./ "
_LAST = "\U0010ffff"
_KEPT = "withdrawn_at IS NULL"
_BEGINNINGS = 3  # names that are shown


def names_beginning_with(connection: sqlite3.Connection, text: str, limit: int = _BEGINNINGS) -> list[str]:
    """Return the first names in alphabetical order that begin with a text."""
    rows = connection.execute(
        f"SELECT name FROM holding WHERE {_KEPT} AND name >= ? AND name < ? ORDER BY name LIMIT ?",  # noqa: S608
        (text, text + _LAST, limit),
    )
    return [name for (name,) in rows]


def names_ending_with(connection: sqlite3.Connection, path: str, limit: int = _BEGINNINGS) -> list[str]:
    """Return the first names whose last parts are a path: `letters/letter-1` for `letter-1`; reads all names.

    Also the name that is the last part of the path: `letter-1` for `disk/letter-1`.
    """
    ending = f"/{path.strip('/')}"
    rows = connection.execute(
        f"SELECT name FROM holding WHERE {_KEPT}"  # noqa: S608 - constants
        " AND (substr(name, -length(:ending)) = :ending OR name = :name) ORDER BY name LIMIT :limit",
        {"ending": ending, "name": ending.rpartition("/")[2], "limit": limit},
    )
    return [name for (name,) in rows]


def similar_name(connection: sqlite3.Connection, name: str) -> str | None:
    """Return a registered name that differs from `name` by case or one character, or a similar neighbour."""
    for variant in _variants(name):
        query = f"SELECT name FROM holding WHERE {_KEPT} AND name = ?"  # noqa: S608 - a constant
        row = connection.execute(query, (variant,)).fetchone()
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
        f"SELECT name FROM holding WHERE {_KEPT} AND name >= ? ORDER BY name LIMIT ?",  # noqa: S608
        (name, _NEIGHBOURS),
    )
    before = connection.execute(
        f"SELECT name FROM holding WHERE {_KEPT} AND name < ? ORDER BY name DESC LIMIT ?",  # noqa: S608
        (name, _NEIGHBOURS),
    )
    return [row[0] for row in (*after, *before)]
