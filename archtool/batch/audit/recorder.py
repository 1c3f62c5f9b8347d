"""Records checks in the register, in groups: many checks share the cost of one flush to the disk.

A group is written half a second after its first check at the latest, so a run that is killed loses no more
than that. Only the client of a run writes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from archtool.errors import InputError
from archtool.holdings.chain import ChainWriter, EventTooLargeError, contains_head
from archtool.holdings.copy_state import CopyState
from archtool.holdings.event import Event, EventOutcome
from archtool.holdings.event_source import EventSource
from archtool.holdings.event_types import EventType
from archtool.holdings.lookup.due import DueCopy
from archtool.holdings.register import Register
from archtool.operations.audit.judgement import outcome_of
from archtool.operations.verify.request import Depth

GROUP_SECONDS = 0.5
MAX_GROUP = 500  # checks in one transaction: other writers wait for it

_SHORT = frozenset(
    ("place", "state", "depth", "files", "bytes", "milliseconds", "problem_count", "verdict", "head")
)
"""What an event of a check says even if it is too large to list what was found."""


@dataclass(frozen=True, slots=True)
class CheckedCopy:
    """A copy and the detail of its check's event."""

    copy: DueCopy
    detail: dict[str, Any]
    is_in_order: bool

    @property
    def outcome(self) -> EventOutcome:
        """How the check ended."""
        return outcome_of(CopyState(self.detail["state"]), is_in_order=self.is_in_order)


class CheckRecorder:
    """Appends the events of checks."""

    def __init__(
        self, register: Register, source: EventSource, depth: Depth, now: Callable[[], datetime]
    ) -> None:
        self._register = register
        self._source = source
        self._type = EventType.FIXITY_CHECK if depth is Depth.FULL else EventType.VALIDATION
        self._now = now
        self._pending: list[tuple[CheckedCopy, Event]] = []
        self._first_at = 0.0

    def add(self, checked: CheckedCopy) -> None:
        """Record a check with the next group."""
        if not self._pending:
            self._first_at = time.monotonic()
        event = self._source.event(
            self._type, self._now(), checked.copy.holding, checked.detail, checked.outcome
        )
        self._pending.append((checked, event))
        self.tick()

    def tick(self) -> None:
        """Write the pending group if it is time; called often, also while nothing ends."""
        is_time = len(self._pending) >= MAX_GROUP or time.monotonic() - self._first_at >= GROUP_SECONDS
        if self._pending and is_time:
            self.flush()

    def flush(self) -> None:
        """Write the pending group: it is on the disk at the end.

        Raises:
            StorageError: the register cannot be written.
        """
        group, self._pending = self._pending, []
        if not group:
            return
        chain = None
        try:
            with self._register.writing() as chain:
                for checked, event in group:
                    _append(chain, checked, event)
        except (InputError, EventTooLargeError):  # the others are recorded all the same
            for checked, event in group:
                self._record_singly(checked, event)
        except BaseException:  # an interrupt: the run records what it knows before it ends
            if chain is None or not contains_head(self._register.connection, chain.head):
                self._pending = group
            raise

    def _record_singly(self, checked: CheckedCopy, event: Event) -> None:
        try:
            try:
                self._record(checked, event)
            except EventTooLargeError:
                self._record(checked, _shortened(event))
        except InputError:  # the copy was withdrawn or moved during the run
            return

    def _record(self, checked: CheckedCopy, event: Event) -> None:
        with self._register.writing() as chain:
            _append(chain, checked, event)


def _shortened(event: Event) -> Event:
    """Return the event of a check with its result, and without what was found in detail."""
    detail = {name: value for name, value in event.detail.items() if name in _SHORT}
    return replace(event, detail={**detail, "problems": []})


def _append(chain: ChainWriter, checked: CheckedCopy, event: Event) -> None:
    """Append a check; a new head is left out if another run has recorded a head in the meantime."""
    if "head" in event.detail:
        row = chain.connection.execute(
            "SELECT head FROM copy WHERE place = ? AND removed_at IS NULL", (checked.copy.place,)
        ).fetchone()
        if row is not None and row[0] != checked.copy.head:
            event = replace(event, detail={k: v for k, v in event.detail.items() if k != "head"})
    chain.append(event)
