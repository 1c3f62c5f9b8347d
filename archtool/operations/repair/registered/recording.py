"""Records a repair in the register: what was restored, and the state of the copy after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from archtool.files.paths import shown
from archtool.holdings.details.bounded_list import fitting
from archtool.holdings.event import Event, EventOutcome
from archtool.holdings.event_source import EventSource
from archtool.holdings.event_types import EventType
from archtool.holdings.limits import MAX_PROBLEMS
from archtool.holdings.register import Register
from archtool.operations.audit.check_copy import CopyCheck
from archtool.operations.audit.judgement import outcome_of
from archtool.operations.repair.model import BadFile, RepairOutcome
from archtool.operations.repair.registered.planning import PlannedRepair


def record_repair(
    register: Register, source: EventSource, planned: PlannedRepair, repaired: RepairOutcome, at: datetime
) -> bool:
    """Append what was restored, and the state of the copy after it; returns whether anything was restored.

    Raises:
        StorageError: the register cannot be written.
    """
    if not repaired.restored or repaired.check is None:
        return False
    register.append(
        _repair_event(source, planned, repaired, at), _check_event(source, planned, repaired.check, at)
    )
    return True


def _repair_event(
    source: EventSource, planned: PlannedRepair, repaired: RepairOutcome, at: datetime
) -> Event:
    result, restored = repaired.result, repaired.restored
    places = {copy["number"]: planned.place_of(copy["path"]) for copy in result.facts["copies"]}
    detail = {
        "place": planned.target.copy.place,
        "from": sorted({places[file.source] for file in restored if file.source is not None}),
        "file_count": len(restored),
        "files": fitting((_file_detail(file, places) for file in restored), MAX_PROBLEMS),
        "whole": True if result.facts["whole_from"] is not None else None,
        "kept_in": result.facts["replaced"],
        "vouched_by": result.facts["vouched_by"],
    }
    outcome = EventOutcome.SUCCESS if result.verdict["repair"] == "repaired" else EventOutcome.FAILURE
    return source.event(EventType.REPAIR, at, planned.holding.name, detail, outcome)


def _file_detail(file: BadFile, places: dict[int, str]) -> dict[str, Any]:
    known = {
        "source": places[file.source] if file.source is not None else None,
        "expected": str(file.expected[0].digest) if file.expected else None,
        "observed": file.observed,
    }
    found = {"file": shown(file.path), "state": file.state.value}
    return found | {name: value for name, value in known.items() if value}


def _check_event(source: EventSource, planned: PlannedRepair, check: CopyCheck, at: datetime) -> Event:
    outcome = outcome_of(check.state, is_in_order=check.is_in_order)
    detail = {**check.detail, "problems": fitting(check.detail["problems"], MAX_PROBLEMS)}
    return source.event(EventType.FIXITY_CHECK, at, planned.holding.name, detail, outcome)
