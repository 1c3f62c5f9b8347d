"""What is audited, and how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archtool.batch.audit.limits import AuditLimits
from archtool.batch.audit.selection import Selection
from archtool.batch.runner import Runner
from archtool.files.lock import Notify
from archtool.holdings.event_source import EventSource
from archtool.holdings.register import Register
from archtool.operations.audit.check_copy import CheckRules
from archtool.progress import Meter


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """What is audited, and how."""

    register: Register
    selection: Selection
    rules: CheckRules
    source_of: Callable[[str], EventSource]
    """Returns who makes the events, given the id of the run."""
    make_runner: Callable[[Meter, int], Runner]
    """Returns the runner; it calls `tick` of the meter while no job ends.

    The number is that of the jobs that a process can have: a second one waits while checks are recorded.
    """
    new_id: Callable[[], str]
    now: Callable[[], datetime]
    jobs: int = 1
    """How many processes the runner has, as far as it is known."""
    shares_jobs: bool = True
    """Whether small copies share a job; not where each job has a time limit."""
    mounts: Mapping[str, Path] = field(default_factory=dict)
    """Where media are connected, by their labels."""
    limits: AuditLimits = field(default_factory=AuditLimits)
    searches: bool = True
    """Whether the shelves are searched for packages that are not registered."""
    say: Notify = lambda _: None
    """Receives messages about anything that the user has to wait for."""
    started: Callable[[int], None] = lambda _: None
    """Called with the number of copies before the first is checked."""
    ended: Callable[[int, bool], None] = lambda _size, _failed: None
    """Called for each copy with the bytes that were read, and whether it failed."""

    @property
    def depth(self) -> str:
        """How much of each copy is read, as it is recorded."""
        return self.rules.depth.name.lower()
