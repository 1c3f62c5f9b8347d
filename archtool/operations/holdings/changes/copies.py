"""Registers, moves and removes copies of a holding. Nothing on a disk is changed.

A copy is registered only if its manifests are those of the holding. On a medium that is not connected they
cannot be compared; the event then says so.
"""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.errors import InputError
from archtool.files.paths import shell_word, shown
from archtool.holdings.event_types import EventType
from archtool.holdings.model import Copy, Holding, PlaceKind
from archtool.holdings.places import MediumPlace, place_of
from archtool.holdings.queries import copies_of, find_copy_at, get_holding
from archtool.holdings.register import Register
from archtool.operations.holdings.changes.recording import Recorded, Recorder
from archtool.operations.holdings.find import find_copy, find_kept, find_moved_copy
from archtool.operations.holdings.intake.holding_names import name_of
from archtool.operations.holdings.intake.registration import differing_manifests
from archtool.operations.holdings.package_facts import PackageFacts, read_registered_facts


@dataclass(frozen=True, slots=True)
class NewPlace:
    """Where a copy is: its place, and where it can be read now."""

    place: str
    is_medium: bool
    readable: Path | None
    """`None` for a medium that is not connected."""

    @classmethod
    def at_path(cls, path: Path) -> NewPlace:
        """Return the place of a folder or an archive.

        Raises:
            InputError: the path is not UTF-8.
        """
        return cls(place_of(path), is_medium=False, readable=path)

    @classmethod
    def on_medium(cls, place: MediumPlace, mounted_at: Path | None) -> NewPlace:
        """Return a place on a medium, which is mounted at a folder, or not connected."""
        readable = mounted_at / place.path if mounted_at is not None else None
        return cls(str(place), is_medium=True, readable=readable)

    def read_facts(self, limits: Limits | None = None) -> PackageFacts | None:
        """Read what the package there records; `None` if it cannot be reached.

        Raises:
            InputError: there is no package.
        """
        return read_registered_facts(self.readable, limits) if self.readable is not None else None

    def kind(self, facts: PackageFacts | None) -> str:
        """Return the kind of the place, for an event."""
        return (PlaceKind.MEDIUM if self.is_medium or facts is None else facts.place_kind).value


def require_same_content(
    connection: sqlite3.Connection, holding: Holding, facts: PackageFacts, place: str
) -> None:
    """Refuse a package that is not a copy of the holding.

    Raises:
        InputError: its manifests are not the registered ones, or it has the name of another holding.
    """
    if facts.manifests != holding.manifests:
        raise InputError(
            f"{shown(place)} is not a copy of {shown(holding.name)}: {differing_manifests(holding, facts)}",
            hint="make the copy again; if it is a new version of the holding, replace the registered copy"
            f" with it and run: archtool holdings update {shell_word(holding.name)} --reason TEXT",
        )
    own_name = name_of(facts, holding.name)
    if own_name != holding.name and get_holding(connection, own_name) is not None:
        raise InputError(
            f"{shown(place)} names itself {shown(own_name)}, which is another holding with the same files",
            hint=f"if it is a copy of that one, use that name: archtool holdings show {shell_word(own_name)}",
        )


def add_copy(
    register: Register, name: str, new: NewPlace, recorder: Recorder, limits: Limits | None = None
) -> Recorded:
    """Register a further copy, after a comparison of its manifests where it can be reached.

    Raises:
        InputError: it is not a copy of the holding, or is registered already.
    """
    facts = new.read_facts(limits)
    with register.writing() as chain:
        holding = find_kept(chain.connection, name)
        _require_free(register, new)
        if facts is not None:
            require_same_content(chain.connection, holding, facts, new.place)
        if not new.is_medium:
            _require_other_files(copies_of(chain.connection, holding), new)
        detail = {
            "place": new.place, "place_kind": new.kind(facts), "compared": facts is not None,
            "head": facts.head if facts is not None else None,
            "tag_manifests": facts.tag_manifests if facts is not None else None,
        }  # fmt: skip
        return recorder.append(chain, EventType.REPLICATION, holding.name, detail)


def _require_free(register: Register, new: NewPlace) -> None:
    found = find_copy_at(register.connection, new.place)
    if found is not None:
        raise InputError(
            f"{shown(new.place)} is registered already, as a copy of {shown(found[0].name)}",
            hint=f"see: archtool holdings show {shell_word(found[0].name)}",
        )


def _require_other_files(copies: list[Copy], new: NewPlace) -> None:
    for copy in copies:
        try:
            is_same = copy.kind is not PlaceKind.MEDIUM and os.path.samefile(copy.place, new.place)  # noqa: PTH121
        except OSError:
            continue
        if is_same:
            raise InputError(
                f"{shown(new.place)} is the same as {shown(copy.place)}, by another path: it is no further"
                " copy",
                hint="make a copy on another disk, and register that",
            )


def remove_copy(
    register: Register, name: str, place: str, reason: str | None, recorder: Recorder
) -> Recorded:
    """Record that a holding has no copy at a place any more; nothing on the disk is deleted.

    Raises:
        InputError: there is no such copy, or it is the only one.
    """
    with register.writing() as chain:
        holding = find_kept(chain.connection, name)
        copy = find_copy(chain.connection, holding, place, "--remove")
        if len(copies_of(chain.connection, holding)) == 1:
            raise InputError(
                f"{shown(copy.place)} is the only copy of {shown(holding.name)}",
                hint="register another copy first, or, if the archive gives the holding up: archtool"
                f" holdings withdraw {shown(holding.name)} --reason TEXT",
            )
        detail = {"place": copy.place, "reason": reason}
        return recorder.append(chain, EventType.COPY_REMOVED, holding.name, detail)


@dataclass(frozen=True, slots=True)
class Move:
    """A copy whose new place was recorded."""

    recorded: Recorded
    is_inferred: bool
    """Whether it was not named: it is the only one of several copies that is not at its place."""


def move_copy(
    register: Register,
    name: str,
    old: str | None,
    new: NewPlace,
    recorder: Recorder,
    limits: Limits | None = None,
) -> Move:
    """Record that a copy is at another place, after a comparison of what is there.

    Raises:
        UsageError: the holding has several copies, `old` does not say which, and it cannot be inferred.
        InputError: what is at the new place is not a copy of the holding, or is registered already.
    """
    facts = new.read_facts(limits)
    with register.writing() as chain:
        holding = find_kept(chain.connection, name)
        _require_free(register, new)
        copy = find_moved_copy(chain.connection, holding, old)
        if facts is not None:
            require_same_content(chain.connection, holding, facts, new.place)
        detail = {
            "from": copy.place,
            "to": new.place,
            "place_kind": new.kind(facts),
            "compared": facts is not None,
        }
        recorded = recorder.append(chain, EventType.RELOCATION, holding.name, detail)
        return Move(recorded, old is None and len(copies_of(chain.connection, holding)) > 1)
