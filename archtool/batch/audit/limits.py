"""The limits of an audit: when it stops although copies are left, and how much it keeps in memory."""

from __future__ import annotations

from dataclasses import dataclass

MAX_SECOND_TRIES = 10_000  # copies that are kept to be tried again; more of them have one common cause
MAX_FAILURES = 1_000  # that a report names; the register has all of them
MAX_EXTRA = 100  # places of unregistered packages in the event and in the report; the rest is counted
MAX_COMPARED = 10_000  # unregistered packages whose manifests are compared with those of missing copies
MAX_NAMED_HOLDINGS = 1_000  # on the command line; they stand in the event that begins the run


@dataclass(frozen=True, slots=True)
class AuditLimits:
    """When a run stops; copies that were begun are finished."""

    seconds: float | None = None
    size_bytes: int | None = None
