"""Finds the holding and the copy that a person names."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from archtool.errors import InputError, UsageError
from archtool.files.paths import shell_word, shown
from archtool.holdings.lookup.absence import find_absence
from archtool.holdings.model import Copy, Holding, PlaceKind
from archtool.holdings.places import is_utf8, shelf_of
from archtool.holdings.queries import copies_of, find_copy_at, find_holding, get_holding, read_shelves


def find_named(connection: sqlite3.Connection, text: str) -> Holding:
    """Return the holding with this name, or the one that has a copy at this path; withdrawn or not.

    Raises:
        InputError: there is none; the hint names a similar one.
    """
    if not is_utf8(text):
        raise InputError(
            f"not a name of a holding: {shown(text)}", hint="list the names with: archtool holdings list"
        )
    holding = get_holding(connection, text)
    if holding is not None:
        return holding
    found = find_copy_at(connection, text) or find_copy_at(connection, os.path.abspath(text))  # noqa: PTH100
    return found[0] if found is not None else find_holding(connection, text)


def find_kept(connection: sqlite3.Connection, text: str) -> Holding:
    """Return the holding with this name, or with a copy at this path, if it was not withdrawn.

    Raises:
        InputError: there is none, or it was withdrawn.
    """
    holding = find_named(connection, text)
    if holding.withdrawn_at is not None:
        raise InputError(
            f"{shown(holding.name)} was withdrawn on {holding.withdrawn_at[:10]}",
            hint=f"see: archtool holdings show {shell_word(holding.name)}",
        )
    return holding


def find_copy(connection: sqlite3.Connection, holding: Holding, place: str | None, option: str) -> Copy:
    """Return the copy of a holding at a place, or its only copy if no place is given.

    `option` is what names a place on the command line.

    Raises:
        UsageError: no place is given, and there are several copies.
        InputError: there is no copy at the place.
    """
    copies = copies_of(connection, holding)
    if place is None:
        if len(copies) == 1:
            return copies[0]
        raise UsageError(
            f"{shown(holding.name)} has {len(copies)} copies",
            hint=f"say which: {copy_choices(copies, option)}",
        )
    wanted = (place, str(Path(os.path.abspath(place))))  # noqa: PTH100 - `resolve` would follow links
    copy = next((copy for copy in copies if copy.place in wanted), None)
    if copy is None:
        raise InputError(
            f"{shown(holding.name)} has no copy at {shown(place)}",
            hint=f"its copies: {', '.join(shown(copy.place) for copy in copies)}",
        )
    return copy


def find_moved_copy(connection: sqlite3.Connection, holding: Holding, place: str | None) -> Copy:
    """Return the copy of a holding that was moved: the one at a place, or the only one that is not there.

    A copy on a shelf that is not there as a whole is not taken for a moved one: its disk can be unmounted.

    Raises:
        UsageError: no place is given, and all of several copies are at their places, or more than one is not.
        InputError: there is no copy at the place.
    """
    if place is None:
        shelves = read_shelves(connection)
        gone = [copy for copy in copies_of(connection, holding) if _is_gone(copy, shelves)]
        place = gone[0].place if len(gone) == 1 else None
    return find_copy(connection, holding, place, "--from")


def _is_gone(copy: Copy, shelves: Sequence[str]) -> bool:
    if copy.kind is PlaceKind.MEDIUM:
        return False
    shelf = shelf_of(copy.place, shelves)
    absence = find_absence(Path(copy.place), shelf)
    return absence is not None and (shelf is None or absence.shelf is None)


def copy_choices(copies: Sequence[Copy], option: str) -> str:
    """Return the options that name one copy each, for a hint."""
    return ", or ".join(f"{option} {shell_word(copy.place)}" for copy in copies)
