"""Finds the copy of a holding whose content was replaced, by reading what each copy records now."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.errors import ArchtoolError, InputError, UsageError
from archtool.files.paths import shown
from archtool.holdings.model import Copy, Holding, PlaceKind
from archtool.holdings.queries import copies_of
from archtool.operations.holdings.find import copy_choices, find_copy
from archtool.operations.holdings.package_facts import PackageFacts, read_registered_facts, registered_detail

ReadCopy = tuple[Copy, PackageFacts]


def find_replaced_copy(
    connection: sqlite3.Connection,
    holding: Holding,
    place: str | None,
    readable: Path | None,
    limits: Limits | None,
) -> ReadCopy:
    """Return the copy that has the new content, and what it records.

    It is the copy at `place`, or else the only one. If there are several, it is the one whose manifests are
    not the registered ones; of several that have the same new manifests, the one registered first. `readable`
    is where a copy on a medium can be read.

    Raises:
        UsageError: the copies do not show which one was replaced.
        InputError: there is no copy at the place, or it cannot be read.
    """
    copies = copies_of(connection, holding)
    if place is not None or len(copies) < 2:
        copy = find_copy(connection, holding, place, "--copy")
        return copy, _read(copy, readable, limits)
    found, unread = _read_all(copies, readable, limits)
    new = [(copy, facts) for copy, facts in found if facts.differs_from(holding, copy)]
    if not new and not unread and all(facts.detail() == registered_detail(holding) for _, facts in found):
        return found[0]
    if not new or any(_manifests(facts) != _manifests(new[0][1]) for _, facts in new):
        raise UsageError(
            f"{shown(holding.name)} has {len(copies)} copies, and {_why_unclear(new, unread)}",
            hint=f"say which copy has the new content: {copy_choices(copies, '--copy')}",
        )
    return new[0]


def _read_all(
    copies: Sequence[Copy], readable: Path | None, limits: Limits | None
) -> tuple[list[ReadCopy], list[Copy]]:
    """Return the copies that can be read, with what they record, and the others."""
    found: list[ReadCopy] = []
    unread = []
    for copy in copies:
        try:
            found.append((copy, _read(copy, readable, limits)))
        except ArchtoolError:
            unread.append(copy)
    return found, unread


def _read(copy: Copy, readable: Path | None, limits: Limits | None) -> PackageFacts:
    return read_registered_facts(_path_of(copy, readable), limits)


def _path_of(copy: Copy, readable: Path | None) -> Path:
    if copy.kind is not PlaceKind.MEDIUM:
        return Path(copy.place)
    if readable is None:
        raise InputError(
            f"{shown(copy.place)} is on a medium",
            hint="connect it, and say where it is mounted with --at DIR",
        )
    return readable / copy.place.partition(":")[2]


def _manifests(facts: PackageFacts) -> tuple[Mapping[str, str], Mapping[str, str] | None]:
    return facts.manifests, facts.tag_manifests


def _why_unclear(new: Sequence[ReadCopy], unread: Sequence[Copy]) -> str:
    """Return in words why the copies do not show which of them was replaced."""
    if new:
        return "their manifests differ from the registered ones in different ways"
    if unread:
        places = ", ".join(shown(copy.place) for copy in unread)
        return f"those that can be read have the registered manifests; not read: {places}"
    return "all have the registered manifests, and not the same attestations or title"
