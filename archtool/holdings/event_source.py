"""What all events of one run have in common: who, with which software, in which run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archtool.holdings.event import Event, EventOutcome
from archtool.holdings.event_types import EventType


@dataclass(frozen=True, slots=True)
class EventSource:
    """Makes the events of one run."""

    agent: str
    """Who is responsible."""
    software: str
    """Name and version, `archtool 0.1.0`."""
    run: str | None = None
    """The id of the run; `None` for a command that appends a single event."""

    def event(
        self,
        event: EventType | str,
        at: datetime,
        holding: str | None = None,
        detail: dict[str, Any] | None = None,
        outcome: EventOutcome = EventOutcome.SUCCESS,
    ) -> Event:
        """Return one event; members of `detail` that are `None` are left out."""
        known = {name: value for name, value in (detail or {}).items() if value is not None}
        return Event(str(event), at, self.agent, self.software, outcome, holding, self.run, known)
