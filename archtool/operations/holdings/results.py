"""Converts holdings, copies and events to results, for JSON and for the exit code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archtool.holdings.event import Event, format_time
from archtool.holdings.event_types import event_uri
from archtool.holdings.model import Copy, Holding
from archtool.results import Result

REGISTER_SCHEMA = "archtool/register/1"
HOLDING_SCHEMA = "archtool/holding/1"
EVENT_SCHEMA = "archtool/event/1"


def register_result(path: str, settings: Mapping[str, Any]) -> Result:
    """Return the settings of a register, by their names in the events."""
    facts = {
        "id": settings["id"],
        "archive": settings.get("archive"),
        "check_every_days": int(settings["check-every-days"]),
    }
    return Result(REGISTER_SCHEMA, path, (), {}, facts)


def holding_result(holding: Holding, copies: Sequence[Copy], **more: Any) -> Result:
    """Return what the register knows about a holding and its copies; `more` are further facts."""
    facts = {
        "name": holding.name,
        "title": holding.title,
        "kind": holding.kind,
        "payload": {"files": holding.files, "bytes": holding.size_bytes},
        "manifests": dict(holding.manifests),
        "head": holding.head,
        "formats": dict(holding.formats) if holding.formats is not None else None,
        "accession": holding.accession,
        "custodian": holding.custodian,
        "registered_at": holding.registered_at,
        "withdrawn_at": holding.withdrawn_at,
        "copies": [copy_facts(copy) for copy in copies],
        **more,
    }
    return Result(HOLDING_SCHEMA, holding.name, (), {}, facts)


def copy_facts(copy: Copy) -> dict[str, Any]:
    """Return what the register knows about one copy."""
    return {
        "place": copy.place,
        "place_kind": copy.kind.value,
        "bytes": copy.size_bytes,
        "state": copy.state.value,
        "state_since": copy.state_since,
        "checked_at": copy.checked_at,
        "quick_checked_at": copy.quick_checked_at,
        "tried_at": copy.tried_at,
        "waiting_since": copy.waiting_since,
        "added_at": copy.added_at,
        "removed_at": copy.removed_at,
        "head": copy.head,
        "absent": copy.absent,
        "trust": copy.trust,
        "tag_manifests": copy.tag_manifests,
    }


def event_facts(number: int, event: Event) -> dict[str, Any]:
    """Return one event as it stands in the register, with its number."""
    return {
        "number": number,
        "event": event.event,
        "type": event_uri(event.event),
        "at": format_time(event.at),
        "outcome": event.outcome.value,
        "holding": event.holding,
        "agent": event.agent,
        "software": event.software,
        "run": event.run,
        "detail": dict(event.detail),
    }


def event_result(number: int, event: Event) -> Result:
    """Return one event of the register; its outcome does not decide the exit code of a command."""
    return Result(EVENT_SCHEMA, event.holding or "register", (), {}, event_facts(number, event))
