"""Appends the events of one command in one transaction, and returns them with their numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archtool.holdings.chain import ChainWriter
from archtool.holdings.event import Event, EventOutcome
from archtool.holdings.event_source import EventSource
from archtool.holdings.event_types import EventType

Recorded = tuple[int, Event]
"""An event that was appended, with its number."""


@dataclass(frozen=True, slots=True)
class Recorder:
    """Makes and appends the events of one command."""

    events: EventSource
    now: Callable[[], datetime]

    def append(
        self,
        chain: ChainWriter,
        event: EventType | str,
        holding: str | None,
        detail: dict[str, Any],
        outcome: EventOutcome = EventOutcome.SUCCESS,
    ) -> Recorded:
        """Append one event in the transaction of the caller; members that are `None` are left out."""
        made = self.events.event(event, self.now(), holding, detail, outcome)
        return chain.append(made).number, made
