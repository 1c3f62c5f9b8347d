"""Registers packages: those that are named, or all below a folder.

Packages are read side by side; this process alone writes, one transaction for some hundred packages. A run
that is stopped keeps what it has registered, and the next one continues.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.errors import InputError
from archtool.files.paths import shell_word, shown
from archtool.files.workers.concurrency import Concurrency
from archtool.holdings.event_source import EventSource
from archtool.holdings.event_types import EventType
from archtool.holdings.places import place_of
from archtool.holdings.queries import is_registered_place, read_shelves
from archtool.holdings.register import Register
from archtool.operations.holdings.intake.holding_names import without_ending
from archtool.operations.holdings.intake.offers import Offer, absolute_path, read_offer
from archtool.operations.holdings.intake.registration import Arrival, Registrar, Registration
from archtool.operations.list_packages.package_search import (
    FoundPackage,
    no_package_error,
    require_reachable,
    search_packages,
)
from archtool.operations.list_packages.read_side_by_side import read_side_by_side

_TRANSACTION = 1024  # packages: so many are lost at most when a run is killed, and read again by the next
_TRANSACTION_SECONDS = 0.5  # after which another writer gets its turn
_GATHERED = 256  # packages that are read before a transaction is begun, while others can write


@dataclass(frozen=True, slots=True)
class Intake:
    """How packages are registered in one run."""

    events: EventSource
    now: Callable[[], datetime]
    arrival: Arrival
    limits: Limits | None = None
    is_rehearsal: bool = False
    """Whether everything is done but writing: events can never be deleted."""


def add_packages(
    register: Register,
    paths: Sequence[Path],
    intake: Intake,
    concurrency: Concurrency,
    name: str | None = None,
) -> Iterator[Registration]:
    """Register packages that are named one by one; `name` is for a single one."""
    found = (FoundPackage(_own_name(path), path, is_root=True) for path in paths)
    yield from _register(register, _read(found, intake, concurrency, name), intake)


def _own_name(path: Path) -> str:
    absolute = absolute_path(FoundPackage("", path, is_root=True))
    return without_ending(absolute.rpartition("/")[2])


class Adoption:
    """Registers all packages below a folder, and the folder as a shelf."""

    def __init__(
        self, register: Register, folder: Path, intake: Intake, skipped: Callable[[], None] = lambda: None
    ) -> None:
        """Check the folder. `skipped` is called for each package at a registered place.

        Raises:
            InputError: it does not exist or cannot be reached, is a package itself, or its path is not UTF-8.
        """
        self._register, self._intake, self._skipped = register, intake, skipped
        self.place = place_of(folder)
        self.known = 0
        """Packages that were skipped, because a copy is registered at their place."""
        self.shelf: str | None = None
        """The shelf on which the folder lies: the folder itself, or a registered one above it."""
        require_reachable(folder)
        if not os.path.lexists(folder):
            raise InputError(f"{shown(str(folder))}: there is no such folder", hint="check the path")
        if folder.is_file():
            raise InputError(
                f"{shown(str(folder))} is a file, not a folder of packages",
                hint=f"if it is an archive of a package: archtool holdings add {shell_word(str(folder))}",
            )
        if os.path.isfile(folder / DECLARATION_NAME):  # noqa: PTH113 - `is_file` raises for a closed folder
            raise InputError(
                f"{shown(str(folder))} is a package, not a folder of packages",
                hint=f"register it with: archtool holdings add {shell_word(str(folder))}",
            )

    def run(self, concurrency: Concurrency) -> Iterator[Registration]:
        """Register the packages in the order of their paths; skip those at registered places.

        Raises:
            InputError: there is no package in the folder.
            StorageError: the register cannot be written.
        """
        yield from _register(
            self._register, _read(self._new_packages(), self._intake, concurrency), self._intake
        )

    def _new_packages(self) -> Iterator[FoundPackage]:
        is_empty = True
        for found in search_packages(Path(self.place)):
            if is_empty and found.name != ".":  # a folder that cannot be listed is no shelf
                self._add_shelf()
            is_empty = False
            if found.problem is None and is_registered_place(self._register.connection, _text(found)):
                self.known += 1
                self._skipped()
            else:
                yield found
        if is_empty:
            raise no_package_error(Path(self.place))

    def _add_shelf(self) -> None:
        """Record the folder as a shelf, unless it is one, inside one, or a link to one."""
        shelves, place = read_shelves(self._register.connection), os.path.realpath(self.place)
        above = [
            shelf for shelf in shelves if f"{place}/".startswith(f"{os.path.realpath(shelf).rstrip('/')}/")
        ]
        is_link = any(os.path.realpath(shelf) == place for shelf in above)
        self.shelf = self.place if is_link or not above else above[0]
        if not self._intake.is_rehearsal and not above:
            intake = self._intake
            self._register.append(
                intake.events.event(EventType.SHELF, intake.now(), detail={"place": self.place})
            )


def _text(found: FoundPackage) -> str:
    """Return the path of a package as SQLite can compare it; one that is not UTF-8 equals no place."""
    return str(found.path).encode("utf-8", "replace").decode()


def _read(
    found: Iterable[FoundPackage], intake: Intake, concurrency: Concurrency, name: str | None = None
) -> Iterator[Offer]:
    return read_side_by_side(iter(found), lambda item: read_offer(item, name, intake.limits), concurrency)


def _register(register: Register, offers: Iterator[Offer], intake: Intake) -> Iterator[Registration]:
    """Register packages while others are still being read; between two transactions others can write."""
    registrar = Registrar(intake.events, intake.arrival, intake.now)
    if intake.is_rehearsal:
        yield from _rehearse(register, offers, registrar)
        return
    while some := list(islice(offers, _GATHERED)):
        with register.writing() as chain:
            done = [registrar.register(chain, offer) for offer in some]
            done += [registrar.register(chain, offer) for offer in _for_some_time(offers)]
        yield from done


class _RehearsalOverError(Exception):
    """Ends a transaction whose events are not to be kept."""


def _rehearse(register: Register, offers: Iterator[Offer], registrar: Registrar) -> list[Registration]:
    """Register packages in a transaction that is not committed."""
    done: list[Registration] = []
    with contextlib.suppress(_RehearsalOverError), register.writing() as chain:
        done += [registrar.register(chain, offer) for offer in offers]
        raise _RehearsalOverError
    return done


def _for_some_time(offers: Iterator[Offer]) -> Iterator[Offer]:
    until = time.monotonic() + _TRANSACTION_SECONDS
    for offer in islice(offers, _TRANSACTION - _GATHERED):
        yield offer
        if time.monotonic() > until:
            return
