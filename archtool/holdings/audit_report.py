"""The result of an audit, and the plan of one; text, JSON and files are made from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archtool.holdings.copy_state import CopyState
from archtool.holdings.lookup.totals import Totals


@dataclass(frozen=True, slots=True)
class FailedCopy:
    """A copy that is not in order."""

    holding: str
    place: str
    state: CopyState
    problems: Sequence[Mapping[str, str]]
    """What was found, with the file, where there is one: members as in the event."""
    problem_count: int
    shelf: str | None = None
    """The shelf that is not there as a whole."""
    found_at: str | None = None
    """Where a package with the same manifests was found."""
    lost: str | None = None
    """The newest attestation that the register remembers, if it is not in the copy."""
    is_replaced: bool = False
    """Whether its payload manifests are not the registered ones: perhaps it was replaced on purpose."""
    good_copy: str | None = None
    """The place of a copy of the same holding that is in order by its last check, with what is `lost`."""
    other_copy: str | None = None
    """Where there is none in order: the place of one that was never checked, or could not be read."""
    is_only_copy: bool = True
    """Whether the holding has no other copy, in whatever state."""


@dataclass(frozen=True, slots=True)
class AbsentShelf:
    """A shelf that is not there: nothing is known about its copies."""

    shelf: str
    reason: str
    copies: int
    is_closed: bool = False
    """Whether it is there, and cannot be read."""


@dataclass(frozen=True, slots=True)
class KnownBad:
    """Copies that are bad, unread or not accepted by an earlier check, and that this run did not find so."""

    copies: int
    holdings: Sequence[str]
    """The names of some of their holdings."""


@dataclass(frozen=True, slots=True)
class KnownMove:
    """A copy that is gone by an earlier check, and the place of a package with the same manifests."""

    holding: str
    place: str
    found_at: str
    is_only_copy: bool


@dataclass(frozen=True, slots=True)
class BehindCopy:
    """A copy in order that lacks an attestation which another copy of its holding has."""

    holding: str
    place: str
    lacks: str
    """The folder of the newest attestation of the other copy, `0002-validation`."""


@dataclass(frozen=True, slots=True)
class ApartCopy:
    """A copy in order that was attested apart from another copy of its holding: the two contradict."""

    holding: str
    place: str
    own: str
    """The newest attestation of this copy, `0002-validation`."""
    other: str
    """The attestation with the same number that another copy has."""


@dataclass(frozen=True, slots=True)
class Extra:
    """Packages on the shelves that are not in the register, and are not copies that were moved."""

    places: Sequence[str] = ()
    """The first of them."""
    shelves: Sequence[str] = ()
    """The shelves on which these are."""
    count: int = 0
    unsearched: Sequence[str] = ()
    """Folders that could not be searched, each with the reason."""
    is_searched: bool = True
    """Whether the shelves were searched at all."""
    moves: Sequence[KnownMove] = ()
    """Copies that this run did not check, and that are elsewhere on the shelves; the first of them."""
    withdrawn: Sequence[str] = ()
    """The first of the packages that were withdrawn and still stand there; they are not counted above."""
    withdrawn_count: int = 0


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What one run found, and the register at its end."""

    run: str
    begun_at: datetime
    ended_at: datetime
    is_resumed: bool
    depth: str
    selection: Mapping[str, Any]
    due: int
    """How many copies the run had to check, with those that an earlier part of it has checked."""
    checked: int
    """How many copies this part of the run has checked."""
    counts: Mapping[CopyState, int]
    size_bytes: int
    milliseconds: int
    left: int
    """How many copies were due and were not reached."""
    stopped: str | None
    """Why the run ended early: `time-limit`, `bytes-limit`, `interrupted`."""
    left_out: int
    """How many copies are on media that were not connected."""
    failures: Sequence[FailedCopy]
    """The first of them, the most urgent first; copies on absent shelves are not among them."""
    failure_count: int
    absent_shelves: Sequence[AbsentShelf]
    known_bad: KnownBad
    known_unread: KnownBad
    """Copies that an earlier check could not read, and that this run did not try."""
    unread: int
    """How many of the checked copies could not be read."""
    untrusted: Sequence[FailedCopy]
    """The first of the copies in order whose signers are not accepted."""
    not_accepted: int
    """How many there are."""
    known_not_accepted: KnownBad
    unsigned: int
    """How many of the checked copies are unsigned, if signers were asked for."""
    extra: Extra
    behind: Sequence[BehindCopy]
    """The first copies that lack an attestation which another copy has; that is no fault."""
    behind_count: int
    apart: Sequence[ApartCopy]
    """The first copies that were attested apart from another copy."""
    apart_count: int
    totals: Totals
    unchecked: int
    """How many copies no full check has ever reached a verdict on."""
    next_due_at: datetime | None
    overdue_since: datetime | None
    """Since when the copy that waits longest is overdue; `None` if none is."""
    all_checked_at: datetime | None
    """From when on every copy will have been checked once, if this audit runs every night.

    `None` if that is unknown, or if every copy has been checked: since the oldest check of `totals`.
    """

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is wrong, as far as it was looked at."""
        known = self.known_bad.copies or self.known_unread.copies
        return not (self.failure_count or self.absent_shelves or known)

    @property
    def is_trusted(self) -> bool:
        """Whether the signers of all copies that are in order are accepted, where it was asked."""
        return not (self.not_accepted or self.known_not_accepted.copies)

    @property
    def has_warnings(self) -> bool:
        """Whether the shelves hold unregistered packages or were not searched, or attestations contradict."""
        return bool(self.extra.count or self.extra.unsearched or self.apart_count)


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast earlier runs were."""

    run_at: datetime
    """When the newest of them began."""
    copies_per_second: float
    bytes_per_second: float
    runs: int = 1

    def seconds_for(self, copies: int, size_bytes: int) -> float:
        """Return how long a run will take."""
        by_bytes = size_bytes / self.bytes_per_second if self.bytes_per_second else 0.0
        return max(copies / self.copies_per_second, by_bytes)


@dataclass(frozen=True, slots=True)
class AuditPlan:
    """What a run would read."""

    depth: str
    selection: Mapping[str, Any]
    due: int
    """How many copies the selection contains."""
    copies: int
    """How many of them the run would reach within its limits."""
    size_bytes: int
    known_bad: int
    """How many of the copies in the selection are known to be bad."""
    never_checked: int
    """How many of them were never checked."""
    unchecked: int
    """How many copies of the whole register no full check has ever reached a verdict on."""
    left_out: int
    rate: Rate | None
    seconds: int | None
    totals: Totals
    all_checked_at: datetime | None
