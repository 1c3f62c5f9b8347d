"""Repairs of holdings: what the register knows about the copies, and what a repair writes into it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.attestations.chain_head import ChainHead
from archtool.errors import InputError
from archtool.files.hashing.digests import Digest
from archtool.files.paths import shown
from archtool.holdings.copy_state import CopyState
from archtool.holdings.event import Event, EventOutcome
from archtool.holdings.event_source import EventSource
from archtool.holdings.event_types import EventType
from archtool.holdings.limits import MAX_PROBLEMS
from archtool.holdings.model import Copy, Holding, PlaceKind
from archtool.holdings.queries import copies_of, find_copy_at, find_holding
from archtool.holdings.register import Register
from archtool.operations.repair.model import RegisteredFacts
from archtool.results import Result

_IN_ORDER = frozenset((CopyState.OK, CopyState.NEVER_CHECKED))


@dataclass(frozen=True, slots=True)
class PlannedRepair:
    """One copy of a holding to be repaired, and the other copies."""

    holding: Holding
    target: Copy
    sources: tuple[Copy, ...]
    left_out: tuple[Copy, ...]
    """On media that are not connected."""

    @property
    def facts(self) -> RegisteredFacts:
        """What vouches for the package by the register."""
        manifests = {name: Digest.parse(text) for name, text in self.holding.manifests.items()}
        head = ChainHead.parse(self.holding.head) if self.holding.head is not None else None
        return RegisteredFacts(manifests, head)


def plan_repairs(register: Register, name: str, place: Path | None = None) -> list[PlannedRepair]:
    """Choose the copies of a holding to be repaired: those that are not in order, or the one at `place`.

    If the register knows of no damage, all copies are looked at. `name` can also be the place of a copy.

    Raises:
        InputError: no such holding or copy, it was withdrawn, or it has no other copy.
    """
    with register.reading() as connection:
        at_place = find_copy_at(connection, os.path.abspath(name))  # noqa: PTH100 - links stay as they are
        holding = at_place[0] if at_place is not None else find_holding(connection, name)
        copies = copies_of(connection, holding)
    if holding.withdrawn_at is not None:
        raise InputError(
            f"{holding.name} was withdrawn on {holding.withdrawn_at[:10]}",
            hint=f"see its history: archtool holdings events {holding.name}",
        )
    wanted = os.path.abspath(place) if place is not None else at_place[1].place if at_place else None  # noqa: PTH100
    usable = [copy for copy in copies if copy.kind is not PlaceKind.MEDIUM]
    left_out = tuple(copy for copy in copies if copy.kind is PlaceKind.MEDIUM)
    targets = [copy for copy in usable if copy.place == wanted]
    if wanted is None:
        targets = [copy for copy in usable if copy.state not in _IN_ORDER] or usable
    _check(holding, usable, targets, wanted)
    return [
        PlannedRepair(holding, target, tuple(copy for copy in usable if copy is not target), left_out)
        for target in targets
    ]


def find_registered(register: Register, root: Path) -> PlannedRepair | None:
    """Return what the register knows about a package whose copies are named on the command line."""
    with register.reading() as connection:
        found = find_copy_at(connection, os.path.abspath(root))  # noqa: PTH100 - links stay as they are
    return None if found is None else PlannedRepair(*found, (), ())


def _check(holding: Holding, usable: Sequence[Copy], targets: Sequence[Copy], wanted: str | None) -> None:
    if not targets and wanted is not None:
        known = ", ".join(shown(copy.place) for copy in usable) or "none"
        raise InputError(f"{holding.name} has no copy at {shown(wanted)}", hint=f"its places: {known}")
    if len(usable) < 2:
        raise InputError(
            f"{holding.name} has no second copy that is connected, so nothing can be restored from one",
            hint="name a copy that is not registered: archtool repair BAG --from COPY",
        )


def record_repair(
    register: Register, source: EventSource, planned: PlannedRepair, result: Result, at: datetime
) -> None:
    """Append what was restored, and the state of the copy after it, if anything was restored.

    Raises:
        StorageError: the register cannot be written.
    """
    restored = [file for file in result.facts["files"] if file["restored"]]
    if restored:
        register.append(
            _repair_event(source, planned, result, restored, at), _check_event(source, planned, result, at)
        )


def _repair_event(
    source: EventSource,
    planned: PlannedRepair,
    result: Result,
    restored: Sequence[dict[str, Any]],
    at: datetime,
) -> Event:
    places = {copy["number"]: copy["path"] for copy in result.facts["copies"]}
    detail = {
        "place": planned.target.place,
        "from": sorted({places[file["source"]] for file in restored}),
        "file_count": result.facts["counts"]["restored"],
        "files": [_file_detail(file, places) for file in restored[:MAX_PROBLEMS]],
        "kept_in": result.facts["replaced"],
        "vouched_by": result.facts["vouched_by"],
    }
    outcome = EventOutcome.SUCCESS if result.verdict["repair"] == "repaired" else EventOutcome.FAILURE
    return source.event(EventType.REPAIR, at, planned.holding.name, detail, outcome)


def _file_detail(file: dict[str, Any], places: dict[int, str]) -> dict[str, Any]:
    found = {"file": shown(file["path"]), "state": file["state"], "source": places[file["source"]]}
    expected = file["expected"][0] if file["expected"] else None
    return found | {k: v for k, v in (("expected", expected), ("observed", file["observed"])) if v}


def _check_event(source: EventSource, planned: PlannedRepair, result: Result, at: datetime) -> Event:
    bag = result.verdict["bag"]
    state = state_after(bag, result.verdict["trust"])
    problems = [
        {"code": f.code, "message": f.message}
        | ({"file": shown(f.place.file)} if f.place is not None else {})
        for f in result.findings
        if f.exit_code
    ]
    after = result.facts["after"]
    checked = after.get("checked", {"files": 0, "bytes": 0})
    detail = {
        "place": planned.target.place,
        "state": state.value,
        "depth": "full",
        "files": checked["files"],
        "bytes": checked["bytes"],
        "problems": problems[:MAX_PROBLEMS],
        "problem_count": len(problems),
        "verdict": {key: result.verdict[key] for key in ("bag", "content", "trust")},
        "head": _grown_head(planned, result, state),
    }
    outcome = {CopyState.OK: EventOutcome.SUCCESS, CopyState.UNREADABLE: EventOutcome.INDETERMINATE}
    return source.event(
        EventType.FIXITY_CHECK, at, planned.holding.name, detail, outcome.get(state, EventOutcome.FAILURE)
    )


def state_after(bag: str, trust: str) -> CopyState:
    """Return the state of a copy by the verdicts of its verification."""
    if bag == "valid":
        return CopyState.CHANGED if trust == "broken" else CopyState.OK
    return {"unreadable": CopyState.UNREADABLE, "incomplete": CopyState.MISSING}.get(bag, CopyState.CHANGED)


def _grown_head(planned: PlannedRepair, result: Result, state: CopyState) -> str | None:
    """Return the head that the repair's attestation made; `None` if the register's is still the newest."""
    head: str | None = result.facts.get("head")
    return head if state is CopyState.OK and head is not None and head != planned.holding.head else None
