"""Chooses which copies of a holding are repaired, and from which other copies."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archtool.attestations.chain_head import ChainHead
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.holdings.copy_state import CopyState
from archtool.holdings.lookup.absence import find_absence
from archtool.holdings.model import Copy, Holding, PlaceKind
from archtool.holdings.places import local_path, shelf_of
from archtool.holdings.queries import copies_of, find_copy_at, find_holding, read_shelves
from archtool.holdings.register import Register
from archtool.operations.audit.check_copy import ExpectedCopy
from archtool.operations.repair.model import RegisteredFacts

_IN_ORDER = frozenset((CopyState.OK, CopyState.NEVER_CHECKED))


@dataclass(frozen=True, slots=True)
class LocatedCopy:
    """A registered copy that can be reached."""

    copy: Copy
    path: Path
    """Where it is on this machine."""


@dataclass(frozen=True, slots=True)
class LeftOutCopy:
    """A registered copy that cannot be reached."""

    copy: Copy
    reason: str
    """The end of a sentence that begins with the place."""
    hint: str


@dataclass(frozen=True, slots=True)
class PlannedRepair:
    """One copy of a holding to be repaired, and the other copies."""

    holding: Holding
    target: LocatedCopy
    sources: tuple[LocatedCopy, ...] = ()
    left_out: tuple[LeftOutCopy, ...] = ()
    shelf: str | None = None
    """The registered shelf, or the folder of the medium, that the copy to be repaired is on."""

    @property
    def facts(self) -> RegisteredFacts:
        """What the register knows about the copy to be repaired."""
        holding, copy = self.holding, self.target.copy
        expected = ExpectedCopy(
            holding.name, copy.place, holding.manifests, copy.head, self.shelf,
            tag_manifests=copy.tag_manifests,
        )  # fmt: skip
        return RegisteredFacts(expected, ChainHead.parse(holding.head) if holding.head is not None else None)

    def place_of(self, path: str) -> str:
        """Return the registered place of a copy at a path; the path itself if it is not registered."""
        return next((one.copy.place for one in self.sources if str(one.path) == path), path)


def plan_repairs(
    register: Register, name: str, place: str | None = None, mounts: Mapping[str, Path] | None = None
) -> list[PlannedRepair]:
    """Choose the copies of a holding to be repaired: those that are not in order, or the one at `place`.

    If the register knows of no damage, all copies are looked at. `name` can also be the place of a copy.
    `mounts` are the folders of the connected media, by their labels.

    Raises:
        InputError: no such holding or copy, it was withdrawn, or it has no other copy that can be reached.
    """
    mounts = mounts or {}
    with register.reading() as connection:
        at_place = find_copy_at(connection, _registered_place(name, mounts)) or find_copy_at(connection, name)
        holding = at_place[0] if at_place is not None else find_holding(connection, name)
        copies = copies_of(connection, holding)
        shelves = read_shelves(connection)
    if holding.withdrawn_at is not None:
        raise InputError(
            f"{holding.name} was withdrawn on {holding.withdrawn_at[:10]}",
            hint=f"see its history: archtool holdings events {holding.name}",
        )
    located, left_out = _locate(copies, mounts, shelves)
    wanted = None if at_place is None else at_place[1].place
    if place is not None:
        wanted = _chosen_place(copies, place, mounts)
    targets = [one for one in located if one.copy.place == wanted]
    if wanted is None:
        targets = [one for one in located if one.copy.state not in _IN_ORDER] or located
    _check(holding, located, left_out, targets, wanted)
    return [
        PlannedRepair(
            holding, target, tuple(one for one in located if one is not target), tuple(left_out),
            _shelf(target.copy, mounts, shelves),
        )
        for target in targets
    ]  # fmt: skip


def find_registered(
    register: Register, root: Path, mounts: Mapping[str, Path] | None = None
) -> PlannedRepair | None:
    """Return what the register knows about a package whose copies are named on the command line."""
    mounts = mounts or {}
    with register.reading() as connection:
        found = find_copy_at(connection, _registered_place(str(root), mounts))
        shelves = read_shelves(connection)
    if found is None:
        return None
    holding, copy = found
    return PlannedRepair(holding, LocatedCopy(copy, root), shelf=_shelf(copy, mounts, shelves))


def other_copies_not_in_order(register: Register, planned: PlannedRepair) -> list[Copy]:
    """Return the other copies of a holding that the register does not know to be in order."""
    with register.reading() as connection:
        copies = copies_of(connection, planned.holding)
    return [copy for copy in copies if copy.key != planned.target.copy.key and copy.state not in _IN_ORDER]


def _registered_place(path: str, mounts: Mapping[str, Path]) -> str:
    """Return the place of a path as it would be registered: absolute, or on a connected medium."""
    absolute = os.path.abspath(path)  # noqa: PTH100 - links stay as they are
    for label, folder in mounts.items():
        if absolute.startswith(f"{str(folder).rstrip('/')}/"):
            return f"{label}:{os.path.relpath(absolute, folder)}"
    return absolute


def _chosen_place(copies: Sequence[Copy], place: str, mounts: Mapping[str, Path]) -> str:
    known = {copy.place for copy in copies}
    candidates = (place, os.path.abspath(place), _registered_place(place, mounts))  # noqa: PTH100
    return next((one for one in candidates if one in known), candidates[1])


def _shelf(copy: Copy, mounts: Mapping[str, Path], shelves: Sequence[str]) -> str | None:
    if copy.kind is not PlaceKind.MEDIUM:
        return shelf_of(copy.place, shelves)
    folder = mounts.get(copy.place.partition(":")[0])
    return None if folder is None else str(folder)


def _locate(
    copies: Sequence[Copy], mounts: Mapping[str, Path], shelves: Sequence[str]
) -> tuple[list[LocatedCopy], list[LeftOutCopy]]:
    """Divide the copies into those that can be reached, and those whose medium or shelf is not there."""
    located, left_out = [], []
    for copy in copies:
        path = local_path(copy.place, copy.kind, mounts)
        if path is None:
            label = copy.place.partition(":")[0]
            hint = f"connect it, and say where: --mount {shown(label)}=DIR"
            left_out.append(LeftOutCopy(copy, "is on a medium that is not connected", hint))
            continue
        absence = find_absence(path, _shelf(copy, mounts, shelves))
        if absence is not None and absence.shelf is not None:
            reason = f"cannot be reached: {absence.message}"
            hint = "connect its disk; if that is a new one, put any file on it first"
            left_out.append(LeftOutCopy(copy, reason, hint))
        else:
            located.append(LocatedCopy(copy, path))
    return located, left_out


def _check(
    holding: Holding,
    located: Sequence[LocatedCopy],
    left_out: Sequence[LeftOutCopy],
    targets: Sequence[LocatedCopy],
    wanted: str | None,
) -> None:
    absent = next((one for one in left_out if one.copy.place == wanted), None)
    if absent is not None:
        raise InputError(f"{shown(absent.copy.place)} {absent.reason}", hint=absent.hint)
    if not targets and wanted is not None:
        places = [*(one.copy.place for one in located), *(one.copy.place for one in left_out)]
        known = ", ".join(map(shown, places)) or "none"
        raise InputError(f"{holding.name} has no copy at {shown(wanted)}", hint=f"its places: {known}")
    if len(located) < 2:
        first = next((f"{shown(one.copy.place)} {one.reason}; {one.hint}" for one in left_out), None)
        raise InputError(
            f"{holding.name} has no second copy that is connected, so nothing can be restored from one",
            hint=first or "name a copy that is not registered: archtool repair BAG --from COPY",
        )
