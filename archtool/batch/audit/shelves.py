"""Compares the shelves with the register: packages that nobody registered, and copies that were moved.

Only names are read; the manifests of unregistered packages are read if copies are missing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archtool.batch.audit.limits import MAX_COMPARED, MAX_EXTRA
from archtool.errors import InputError, StorageError
from archtool.holdings.audit_report import Extra
from archtool.holdings.copy_state import CopyState
from archtool.holdings.lookup.due import DueCopy
from archtool.operations.audit.places import describe_absent_shelf
from archtool.operations.list_packages.package_search import FoundPackage, search_packages

_Manifests = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Unregistered:
    """The packages on the shelves that are not in the register."""

    found: list[FoundPackage] = field(default_factory=list)
    """The first `MAX_COMPARED` of them."""
    count: int = 0
    unsearched: list[str] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)
    """Those that turned out to be copies which were moved."""

    def extra(self) -> Extra:
        """Return what the report says about them."""
        places = [place for package in self.found if (place := str(package.path)) not in self.moved]
        shown = [_storable(place) for place in places[:MAX_EXTRA]]
        return Extra(shown, self.count - len(self.moved), self.unsearched[:MAX_EXTRA])


def search_shelves(connection: sqlite3.Connection, shelves: Sequence[str]) -> Unregistered:
    """Search the shelves that are there; an absent one is reported by its copies."""
    result = Unregistered()
    for shelf in _outermost(shelves):
        if describe_absent_shelf(shelf) is None:
            _search(connection, shelf, result)
    result.moved |= _known_moves(connection) & {str(package.path) for package in result.found}
    return result


def _known_moves(connection: sqlite3.Connection) -> set[str]:
    """Return where copies that are known to be moved were found; they wait to be recorded."""
    rows = connection.execute(
        "SELECT (SELECT record ->> '$.detail.found_at' FROM event WHERE event.holding = holding.name"
        " AND record ->> '$.detail.found_at' IS NOT NULL ORDER BY number DESC LIMIT 1)"
        " FROM copy JOIN holding ON holding.key = copy.holding"
        " WHERE state = ? AND removed_at IS NULL LIMIT ?",
        (CopyState.MOVED.value, MAX_COMPARED),
    )
    return {place for (place,) in rows if place is not None}


def _outermost(shelves: Sequence[str]) -> Iterator[str]:
    """Yield the shelves that are not inside another shelf."""
    for shelf in shelves:
        if not any(shelf.startswith(f"{other}/") for other in shelves):
            yield shelf


def _search(connection: sqlite3.Connection, shelf: str, result: Unregistered) -> None:
    try:
        for package in search_packages(Path(shelf)):
            if package.is_missing:
                continue  # the copy whose attestations these are is reported as missing
            if package.problem is not None:
                result.unsearched.append(_storable(f"{package.path}: {package.problem}"))
            elif not _is_registered(connection, str(package.path)):
                result.count += 1
                if len(result.found) < MAX_COMPARED:
                    result.found.append(package)
    except InputError as error:
        result.unsearched.append(_storable(error.message))


def _is_registered(connection: sqlite3.Connection, place: str) -> bool:
    row = connection.execute(
        "SELECT 1 FROM copy WHERE place = ? AND removed_at IS NULL", (_storable(place),)
    ).fetchone()
    return row is not None


def find_moved(missing: Sequence[DueCopy], unregistered: Unregistered) -> dict[str, str]:
    """Return the new place of each missing copy whose manifests are those of an unregistered package.

    A package is the new place of one copy only.
    """
    if not missing:
        return {}
    from archtool.operations.holdings.package_facts import (  # lazy: 40 ms, only missing copies need it
        read_found_facts,
    )

    by_manifests: dict[_Manifests, list[str]] = {}
    for package in unregistered.found:
        try:
            manifests = read_found_facts(package).manifests
        except (InputError, StorageError):
            continue  # it stays an unregistered package
        by_manifests.setdefault(tuple(sorted(manifests.items())), []).append(str(package.path))
    moved = {}
    for copy in missing:
        places = by_manifests.get(tuple(sorted(copy.manifests.items())))
        if places:
            moved[copy.place] = _storable(place := places.pop(0))
            unregistered.moved.add(place)
    return moved


def _storable(text: str) -> str:
    """Return a text that the register can hold: bytes of a name that are no UTF-8 are escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
