"""What a report of a register says. Times are texts as in the events, `2026-11-30T09:00:00Z`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from archtool.holdings.model import Copy, Holding


@dataclass(frozen=True, slots=True)
class Counts:
    """The register in numbers; removed copies and withdrawn holdings are not counted."""

    holdings: int
    copies: int
    size_bytes: int
    """Of all copies."""
    known_bad: int
    never_checked: int
    overdue: int
    oldest_check: str | None
    """Since when the copy that waits longest has not been checked."""
    in_future: int = 0
    """Copies whose last check is dated in the future; they are overdue."""


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many copies are in a state."""

    state: str
    copies: int
    size_bytes: int
    new: int
    """Those that are in it since the last report."""


@dataclass(frozen=True, slots=True)
class ListedCopy:
    """A copy in a list, with what a reader must know of its holding."""

    key: int
    """The key of the holding."""
    holding: str
    title: str | None
    place: str
    state: str
    state_since: str
    waiting_since: str
    checked_at: str | None
    tried_at: str | None
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ProblemFile:
    """What the last check found at one file; `file` is `None` if it concerns the whole copy."""

    file: str | None
    message: str
    expected: str | None
    observed: str | None


@dataclass(frozen=True, slots=True)
class Fault:
    """A copy that is not in order."""

    copy: ListedCopy
    is_known: bool
    """It was found by an earlier run, and the last check found the same."""
    problems: tuple[ProblemFile, ...]
    """The first of them."""
    problem_count: int
    found_at: str | None
    """Where a copy that has moved was found."""
    good_copies: tuple[str, ...]
    """Places of other copies of the holding whose last full check found no fault, with what is `lost`."""
    other_copies: int
    lost: str | None = None
    """The newest attestation that the register remembers, if it is cut off."""
    is_replaced: bool = False
    """Whether its payload manifests are not the registered ones: perhaps it was replaced on purpose."""


@dataclass(frozen=True, slots=True)
class OverdueCopy:
    """A copy that was not checked in time."""

    copy: ListedCopy
    overdue_since: str
    is_known: bool
    """It was overdue before the last audit began."""


@dataclass(frozen=True, slots=True)
class Month:
    """What happened in a month."""

    month: str
    """`2026-11`."""
    full_checks: int
    """Of which no fault was found."""
    quick_checks: int
    """Of which no fault was found."""
    failures: int
    """Checks of both kinds that found a fault."""
    indeterminate: int
    """Checks that reached no verdict."""
    size_bytes: int
    """Read by full checks."""
    registered: int
    repairs: int
    other_events: int


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """The register at the end of a run."""

    at: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Run:
    """One audit."""

    id: str
    begun_at: str
    ended_at: str | None
    depth: str | None
    due: int | None
    checked: int | None
    size_bytes: int | None
    seconds: int | None
    left: int | None
    """Due and not reached."""
    stopped: str | None
    """Why it stopped before the end."""
    counts: Mapping[str, int]
    """Copies by the state that was found."""
    extra: tuple[str, ...]
    """Packages on the shelves that are not registered; the first of them."""
    extra_count: int
    totals: Counts | None
    known_bad: int
    """Copies that were bad by an earlier check, and that it did not check or did not find to be bad."""
    wrong: tuple[str, ...]
    """Why its exit code was not 0; empty if it was 0."""
    known_unread: int = 0
    """Copies that could not be read at an earlier try, and that it did not try."""

    @property
    def faults(self) -> int:
        """Copies in which it found a fault."""
        return sum(count for state, count in self.counts.items() if state != "ok")

    @property
    def is_wrong(self) -> bool:
        """Whether something is wrong, found by this audit or known from before."""
        return bool(self.wrong or self.faults or self.known_bad or self.known_unread)


@dataclass(frozen=True, slots=True)
class Group:
    """Holdings that have something in common: a format, a custodian."""

    name: str | None
    holdings: int
    files: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder whose packages belong into the register."""

    place: str
    added_at: str
    copies: int


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A signature on the head of the chain; a report does not check it."""

    number: int
    signer: str
    has_timestamp: bool


@dataclass(frozen=True, slots=True)
class HoldingsReport:
    """A register at one moment."""

    archive: str | None
    register: str
    register_id: str
    made_at: str
    check_every_days: int
    head: str
    """Number and digest of the last event."""
    events: int
    counts: Counts
    states: tuple[StateCount, ...]
    new_since: str
    """What was found, or became overdue, since then is new; everything else is known."""
    not_accepted: int
    """Copies in order whose signers the last check did not accept."""
    named_not_accepted: tuple[tuple[str, str], ...]
    """Holding and place of the first of them."""
    new_faults: int
    """Among them those of the first `MAX_LISTED` in which more was found than before."""
    faults: tuple[Fault, ...]
    """New ones first; at most `MAX_LISTED`."""
    overdue: tuple[OverdueCopy, ...]
    """Those that wait longest first; at most `MAX_LISTED`."""
    overdue_by_month: tuple[tuple[str, int], ...]
    """How many of all overdue copies became so in each month, the earliest first."""
    new_overdue: int
    """Those that became overdue since `new_since`."""
    next_due: str | None
    """When the next copy becomes overdue if it is not checked; `None` if some are overdue already."""
    history: tuple[HistoryPoint, ...]
    months: tuple[Month, ...]
    formats: tuple[Group, ...]
    custody: tuple[Group, ...]
    copies_of_holdings: tuple[tuple[int, int], ...]
    """Number of copies → how many holdings have so many."""
    shelves: tuple[Shelf, ...]
    runs: tuple[Run, ...]
    """The latest first."""
    run: Run | None
    """The run that the report is about: the last that ended, unless another one was asked for."""
    is_of_run: bool
    """The report was made by that run."""
    new_extra: tuple[str, ...]
    """Packages that are not registered, and that the audit before the last one did not find."""
    extra_shelves: tuple[str, ...]
    """The shelves on which packages are that are not registered."""
    signed_heads: tuple[SignedHead, ...]


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """One event in the history of a holding."""

    number: int
    at: str
    event: str
    outcome: str
    agent: str
    software: str
    run: str | None
    place: str | None
    state: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class HoldingDetail:
    """All that the page of a holding shows."""

    holding: Holding
    copies: tuple[Copy, ...]
    """Removed ones too."""
    faults: tuple[Fault, ...]
    events: tuple[ShownEvent, ...]
    """The latest first."""
    has_more_events: bool
