"""The limits of an audit: when it stops although copies are left, and how much it keeps in memory."""

from __future__ import annotations

from dataclasses import dataclass

MAX_SECOND_TRIES = 10_000  # copies that are kept to be tried again; more of them have one common cause
MAX_FAILURES = 1_000  # that a report names; the register has all of them
MAX_BEHIND = 100  # copies that lack an attestation, in the report; the rest is counted
MAX_PLACES = 100_000  # of bad copies that are kept in memory, so that no earlier check is said to know them
MAX_KNOWN_NAMES = 10  # holdings that the line about copies known from before names
MAX_EXTRA = 100  # places of unregistered packages in the event and in the report; the rest is counted
MAX_COMPARED = 10_000  # unregistered packages whose manifests are compared with those of missing copies
MAX_NAMED_HOLDINGS = 1_000  # on the command line; they stand in the event that begins the run


@dataclass(frozen=True, slots=True)
class AuditLimits:
    """When a run stops; copies that were begun are finished."""

    seconds: float | None = None
    size_bytes: int | None = None
