"""Searches the shelves for packages that are not registered, and for copies that were moved.

Of registered packages only the names are read, of the others the manifests too: they say whether one was
moved or withdrawn.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archtool.batch.audit.limits import MAX_COMPARED, MAX_EXTRA
from archtool.batch.audit.shelves.other_paths import ShelfPaths, files_off_shelves, identity_of
from archtool.errors import InputError
from archtool.holdings.audit_report import Extra, KnownMove
from archtool.holdings.copy_state import CopyState
from archtool.holdings.details.bounded_list import fitting
from archtool.holdings.lookup.absence import describe_absent_shelf, find_absence, is_closed
from archtool.holdings.lookup.due import DueCopy, read_copies
from archtool.holdings.model import PlaceKind
from archtool.holdings.places import shelf_of
from archtool.holdings.queries import copies_of, find_by_manifests, is_registered_place, read_shelves
from archtool.operations.list_packages.package_search import FoundPackage, search_packages

_Manifests = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Unregistered:
    """The packages on the shelves that are not in the register."""

    shelves: Sequence[str] = ()
    """All registered shelves."""
    found: list[FoundPackage] = field(default_factory=list)
    """The first `MAX_COMPARED` of them."""
    count: int = 0
    unsearched: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    """The places of those that turned out to be copies which were moved, by the places of these copies."""
    withdrawn: list[str] = field(default_factory=list)
    """Those that were withdrawn from the register, and so belong there no longer."""
    by_manifests: dict[_Manifests, list[str]] = field(default_factory=dict)
    """The places of the others that could be read; each is taken out once it is known whose copy it is."""

    def take(self, copy: str, manifests: Mapping[str, str]) -> str | None:
        """Return the place of a package that has these manifests, for one copy only; `None` if none has."""
        places = self.by_manifests.get(_key(manifests))
        if not places:
            return None
        self.moved[copy] = place = places.pop(0)
        return place

    def summarize(self, connection: sqlite3.Connection) -> Extra:
        """Return what the report says about them, once all copies that are due were checked."""
        moves = [move for gone in _gone_before(connection) if (move := self._known_move(*gone)) is not None]
        known = {*self.moved.values(), *self.withdrawn}
        places = [place for package in self.found if (place := str(package.path)) not in known]
        shelves = {shelf for place in places if (shelf := shelf_of(place, self.shelves)) is not None}
        return Extra(
            fitting(map(_storable, places), MAX_EXTRA),
            sorted(map(_storable, shelves)),
            self.count - len(known),
            self.unsearched[:MAX_EXTRA],
            moves=moves[:MAX_EXTRA],
            withdrawn=[_storable(place) for place in self.withdrawn[:MAX_EXTRA]],
            withdrawn_count=len(self.withdrawn),
        )

    def _known_move(self, holding: str, place: str, manifests: str, copies: int) -> KnownMove | None:
        if place in self.moved or not self.by_manifests or not _is_gone(place, self.shelves):
            return None
        found_at = self.take(place, json.loads(manifests))
        return None if found_at is None else KnownMove(holding, place, _storable(found_at), copies == 1)


def _key(manifests: Mapping[str, str]) -> _Manifests:
    return tuple(sorted(manifests.items()))


def _is_gone(place: str, shelves: Sequence[str]) -> bool:
    """Whether nothing is at a place; what cannot be reached can be there."""
    absence = find_absence(Path(place), shelf_of(place, shelves))
    return absence is not None and not absence.is_closed


def _gone_before(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str, int]]:
    """Yield the copies that are missing or moved: holding, place, manifests, and copies of the holding."""
    yield from connection.execute(
        "SELECT name, place, manifests, (SELECT count(*) FROM copy AS other"
        " WHERE other.holding = holding.key AND other.removed_at IS NULL)"
        " FROM copy JOIN holding ON holding.key = copy.holding"
        " WHERE state IN (?, ?) AND copy.kind <> ? AND removed_at IS NULL ORDER BY copy.key LIMIT ?",
        (CopyState.MISSING.value, CopyState.MOVED.value, PlaceKind.MEDIUM.value, MAX_COMPARED),
    )


def search_shelves(connection: sqlite3.Connection, shelves: Sequence[str]) -> Unregistered:
    """Search the shelves that are there; an absent one is reported by its copies, if it has some."""
    registered = read_shelves(connection)
    result = Unregistered(registered)
    paths = ShelfPaths.of(sorted({*registered, *shelves}))
    for shelf in paths.outermost(shelves):
        reason = describe_absent_shelf(shelf)
        if reason is None:
            _search(connection, shelf, paths, result)
        elif is_closed(reason):
            result.unsearched.append(f"{shelf} {reason}")
    if result.found:
        _leave_out(result, files_off_shelves(connection, registered))
    return result


def _leave_out(result: Unregistered, registered: Collection[tuple[int, int]]) -> None:
    """Remove packages that are registered by another path."""
    if registered:
        found = [package for package in result.found if identity_of(str(package.path)) not in registered]
        result.count -= len(result.found) - len(found)
        result.found = found


def _search(connection: sqlite3.Connection, shelf: str, paths: ShelfPaths, result: Unregistered) -> None:
    try:
        for package in search_packages(Path(shelf)):
            if package.is_missing:
                continue  # the copy whose attestations these are is reported as missing
            if package.problem is not None:
                result.unsearched.append(_storable(f"{package.path}: {package.problem}"))
            elif not _is_registered(connection, str(package.path), paths):
                result.count += 1
                if len(result.found) < MAX_COMPARED:
                    result.found.append(package)
    except InputError as error:
        result.unsearched.append(_storable(error.message))


def _is_registered(connection: sqlite3.Connection, place: str, paths: ShelfPaths) -> bool:
    """Whether a package is registered, at its path or at another one that the shelves give it."""
    if is_registered_place(connection, _storable(place)):
        return True
    return any(is_registered_place(connection, _storable(name)) for name in paths.names_of(place))


def find_moved(missing: Sequence[DueCopy], unregistered: Unregistered) -> dict[str, str]:
    """Return the new place of each missing copy whose manifests are those of an unregistered package.

    A package is the new place of one copy only.
    """
    found = ((copy.place, unregistered.take(copy.place, copy.manifests)) for copy in missing)
    return {place: _storable(new) for place, new in found if new is not None}


def identify(connection: sqlite3.Connection, unregistered: Unregistered) -> list[DueCopy]:
    """Read the packages that were found: some were withdrawn, and some are copies of registered holdings.

    Returns the copies on shelves of these holdings: one that is gone can have been moved.
    """
    if not unregistered.found:
        return []
    from archtool.operations.holdings.intake.offers import (  # lazy: 40 ms, only needed for such packages
        read_offer,
    )
    from archtool.operations.holdings.intake.registration import find_same  # lazy: as above

    keys = list[int]()
    for package in unregistered.found:
        offer, place = read_offer(package), str(package.path)
        if offer.facts is None or offer.name is None:
            continue  # it stays an unregistered package
        same = find_same(connection, offer)
        if same is not None and same.withdrawn_at is not None and same.manifests == offer.facts.manifests:
            unregistered.withdrawn.append(place)
        else:
            unregistered.by_manifests.setdefault(_key(offer.facts.manifests), []).append(place)
            keys += _copies_with(connection, offer.facts.manifests)
    return read_copies(connection, keys)


def _copies_with(connection: sqlite3.Connection, manifests: Mapping[str, str]) -> Iterator[int]:
    for holding in find_by_manifests(connection, manifests):
        yield from (c.key for c in copies_of(connection, holding) if c.kind is not PlaceKind.MEDIUM)


def _storable(text: str) -> str:
    """Return a text that the register can hold: bytes of a name that are no UTF-8 are escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
