"""Shelves: folders whose packages belong into the register. Lists, removes and moves them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archtool.errors import InputError
from archtool.files.paths import shell_word, shown
from archtool.holdings.event_types import EventType
from archtool.holdings.places import place_of
from archtool.holdings.queries import find_copy_at, read_shelves
from archtool.holdings.register import Register
from archtool.operations.holdings.changes.copies import require_same_content
from archtool.operations.holdings.changes.recording import Recorded, Recorder
from archtool.operations.holdings.package_facts import read_registered_facts

MAX_COMPARED = 100  # packages of a moved shelf whose manifests are compared; audit compares all
_BELOW = "removed_at IS NULL AND place >= :low AND place < :high"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A shelf, with what is registered on it."""

    place: str
    copies: int
    is_there: bool
    """Whether its folder exists now."""


@dataclass(frozen=True, slots=True)
class ShelfMove:
    """A shelf that was moved in the register."""

    recorded: Recorded
    copies: int
    missing: int
    """Copies whose new place has nothing."""
    compared: int
    """Copies whose manifests were compared."""


def list_shelves(connection: sqlite3.Connection) -> list[Shelf]:
    """Return all shelves, sorted."""
    return [
        Shelf(place, count_below(connection, place), os.path.isdir(place))  # noqa: PTH112 - `is_dir` raises for a closed folder
        for place in read_shelves(connection)
    ]


def count_below(connection: sqlite3.Connection, place: str) -> int:
    """Return how many copies are registered below a folder."""
    (count,) = connection.execute(f"SELECT count(*) FROM copy WHERE {_BELOW}", _range(place)).fetchone()  # noqa: S608
    return int(count)


def _range(place: str) -> dict[str, str]:
    bare = place.rstrip("/")
    return {"low": f"{bare}/", "high": f"{bare}0"}  # "0" follows "/" in ASCII


def remove_shelf(register: Register, folder: str, recorder: Recorder) -> tuple[Recorded, int]:
    """Record that a folder is no shelf any more; return how many copies stay registered below it.

    Raises:
        InputError: it is not a shelf.
    """
    with register.writing() as chain:
        place = _named_shelf(chain.connection, folder)
        recorded = recorder.append(chain, EventType.SHELF_REMOVED, None, {"place": place})
        return recorded, count_below(chain.connection, place)


def _named_shelf(connection: sqlite3.Connection, folder: str) -> str:
    shelves = read_shelves(connection)
    for place in (folder, os.path.abspath(folder)):  # noqa: PTH100 - `resolve` would follow links
        if place in shelves:
            return place
    raise InputError(f"{shown(folder)} is not a shelf", hint=_known_shelves(shelves))


def _known_shelves(shelves: list[str]) -> str:
    if not shelves:
        return "there are no shelves; archtool holdings adopt DIR registers one"
    return f"the shelves: {', '.join(map(shown, shelves))}"


def move_shelf(
    register: Register, old: str, new: Path, recorder: Recorder, *, is_unmounted: bool = False
) -> ShelfMove:
    """Record that a shelf, with every copy on it, is in another place; nothing on a disk is moved.

    Whether the packages are there is checked for all, and the manifests are compared for the first ones,
    unless the disk is not mounted now.

    Raises:
        InputError: nothing is registered at the old place, there are no packages at the new one, or they are
            others; or something is registered there already.
    """
    target = place_of(new)
    with register.writing() as chain:
        source = _named_source(chain.connection, old)
        copies = count_below(chain.connection, source)
        _require_free(chain.connection, source, target)
        missing, compared = (0, 0) if is_unmounted else _compare(chain.connection, source, target)
        detail = {"from": source, "to": target, "compared": compared, "missing": missing}
        recorded = recorder.append(chain, EventType.SHELF_MOVED, None, detail)
    return ShelfMove(recorded, copies, missing, compared)


def _named_source(connection: sqlite3.Connection, folder: str) -> str:
    """Return the shelf, or the folder with registered copies, that a person names."""
    shelves = read_shelves(connection)
    for place in (folder, os.path.abspath(folder)):  # noqa: PTH100 - `resolve` would follow links
        if place in shelves or count_below(connection, place):
            return place
    raise InputError(f"nothing is registered at {shown(folder)}", hint=_known_shelves(shelves))


def _require_free(connection: sqlite3.Connection, source: str, target: str) -> None:
    inner, outer = f"{target.rstrip('/')}/", f"{source.rstrip('/')}/"
    if inner.startswith(outer) or outer.startswith(inner):
        raise InputError(
            f"{shown(target)} and {shown(source)} contain each other",
            hint="name another folder as the new place",
        )
    row = connection.execute(
        f"SELECT :target || substr(place, :from) AS there FROM copy WHERE {_BELOW}"  # noqa: S608 - constants
        " AND EXISTS (SELECT 1 FROM copy AS other"
        " WHERE other.place = :target || substr(copy.place, :from) AND other.removed_at IS NULL) LIMIT 1",
        {**_range(source), "target": target, "from": len(source) + 1},
    ).fetchone()
    if row is not None:
        found = find_copy_at(connection, row[0])
        name = shown(found[0].name) if found is not None else "a holding"
        raise InputError(
            f"{shown(row[0])} is registered already, as a copy of {name}",
            hint="if one of its two places is wrong:"
            f" archtool holdings copies {shell_word(name)} --remove PLACE",
        )


def _compare(connection: sqlite3.Connection, source: str, target: str) -> tuple[int, int]:
    """Return how many copies are missing at the new place, and how many were compared.

    Raises:
        InputError: none is there, or a package there is another one.
    """
    missing = compared = present = 0
    for place in _places(connection, source):
        there = target + place[len(source) :]
        if not os.path.lexists(there):
            missing += 1
            continue
        present += 1
        if compared < MAX_COMPARED:
            found = find_copy_at(connection, place)
            assert found is not None  # noqa: S101 - the place was just read in the same transaction
            require_same_content(connection, found[0], read_registered_facts(Path(there)), there)
            compared += 1
    if missing and not present:
        raise InputError(
            f"no registered package of {shown(source)} is in {shown(target)}",
            hint="check the path; if the disk is not mounted now, say so with --unmounted",
        )
    return missing, compared


def _places(connection: sqlite3.Connection, source: str) -> Iterator[str]:
    rows = connection.execute(f"SELECT place FROM copy WHERE {_BELOW} ORDER BY place", _range(source))  # noqa: S608
    yield from (place for (place,) in rows)
