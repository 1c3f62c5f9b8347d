"""Counts what an audit finds; of the failures the first are kept, so that memory does not grow."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from archtool.batch.audit.limits import MAX_BEHIND, MAX_FAILURES, MAX_PLACES
from archtool.holdings.audit_report import AbsentShelf, ApartCopy, BehindCopy, FailedCopy
from archtool.holdings.copy_state import KNOWN_BAD, UNCHECKED, CopyState, SignerTrust
from archtool.holdings.event_source import EventSource
from archtool.holdings.finding_kinds import MANIFEST_DIFFERS
from archtool.holdings.lookup.due import DueCopy
from archtool.holdings.model import attestation_number, is_apart

_GRAVEST_FIRST = (
    CopyState.CHANGED, CopyState.MISSING, CopyState.ATTESTATIONS_CUT_OFF, CopyState.MOVED,
    CopyState.UNREADABLE, CopyState.OK,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run itself, without what it found."""

    source: EventSource
    begun_at: datetime
    is_resumed: bool
    selection: Mapping[str, Any]
    due: int
    earlier: int
    """How many copies an earlier part of the run has checked."""
    unchecked: int
    """How many copies had never been checked when this part began."""
    milliseconds: int
    stopped: str | None


class AuditTally:
    """What one run has found so far."""

    def __init__(self, counts: Mapping[CopyState, int], size_bytes: int) -> None:
        """`counts` and `size_bytes` are those of an earlier part of the run."""
        self.counts = Counter(counts)
        self.size_bytes = size_bytes
        self.checked = self.part_bytes = 0
        self.failure_count = self.bad = self.unread = self.unsigned = self.not_accepted = 0
        self.behind: list[BehindCopy] = []
        self.behind_count = 0
        self.apart: list[ApartCopy] = []
        self.apart_count = 0
        self.untrusted: list[FailedCopy] = []
        """Copies in order whose signers are not accepted: the first of them."""
        self._failures: list[FailedCopy] = []
        self._shelves: dict[str, AbsentShelf] = {}
        self.places: set[str] = set()
        """Where copies are that are not in order: as many as are kept."""

    def add(
        self,
        copy: DueCopy,
        detail: Mapping[str, Any],
        *,
        is_in_order: bool,
        shelf: str | None,
        is_closed: bool = False,
    ) -> None:
        """Count a copy that was tried; `shelf` is its shelf, if that is not there or `is_closed`."""
        state = CopyState(detail["state"])
        self.counts[state] += 1
        self.checked += 1
        self.size_bytes += detail["bytes"]
        self.part_bytes += detail["bytes"]
        self.bad += state is not CopyState.OK
        if state is not CopyState.OK and len(self.places) < MAX_PLACES:
            self.places.add(copy.place)
        self.unread += state is CopyState.UNREADABLE
        self._count_trust(copy, state, detail)
        if state is CopyState.OK:
            self._compare_heads(copy, detail)
        if shelf is not None:
            known = self._shelves.get(shelf)
            reason = detail["problems"][0]["message"]
            self._shelves[shelf] = AbsentShelf(shelf, reason, (known.copies if known else 0) + 1, is_closed)
        elif not is_in_order:
            self.failure_count += 1
            if len(self._failures) < MAX_FAILURES:
                self._failures.append(_failure(copy, state, detail))

    def _count_trust(self, copy: DueCopy, state: CopyState, detail: Mapping[str, Any]) -> None:
        self.unsigned += detail.get("trust") == SignerTrust.UNSIGNED
        is_accepted = detail.get("trust") != SignerTrust.NOT_ACCEPTED
        self.not_accepted += not is_accepted
        if not is_accepted and len(self.untrusted) < MAX_FAILURES:
            self.untrusted.append(_failure(copy, state, detail))

    def _compare_heads(self, copy: DueCopy, detail: Mapping[str, Any]) -> None:
        newest, own = copy.newest_head, detail.get("head", copy.head)
        if newest is None:
            return
        if own is not None and is_apart(own, newest):
            self.apart_count += 1
            if len(self.apart) < MAX_BEHIND:
                names = own.partition(" ")[0], newest.partition(" ")[0]
                self.apart.append(ApartCopy(copy.holding, copy.place, *names))
        elif attestation_number(newest) > attestation_number(own):
            self.behind_count += 1
            if len(self.behind) < MAX_BEHIND:
                self.behind.append(BehindCopy(copy.holding, copy.place, newest.partition(" ")[0]))

    def behind_others(self, connection: sqlite3.Connection) -> list[BehindCopy]:
        """Return the first copies that lack an attestation, as far as another copy still has it."""
        return [one for one in self.behind if _has_other(connection, one)]

    def absent_shelves(self) -> list[AbsentShelf]:
        """Return the shelves that are not there, those with the most copies first."""
        return sorted(self._shelves.values(), key=lambda shelf: (-shelf.copies, shelf.shelf))

    def failures(self, connection: sqlite3.Connection) -> list[FailedCopy]:
        """Return the failures: those that a good copy can repair first, and the gravest state first."""
        found = [_with_copies(connection, one) for one in self._failures]
        return sorted(
            found,
            key=lambda one: (
                _GRAVEST_FIRST.index(one.state),
                one.good_copy is None,
                one.other_copy is None,
                one.holding,
                one.place,
            ),
        )


def _failure(copy: DueCopy, state: CopyState, detail: Mapping[str, Any]) -> FailedCopy:
    return FailedCopy(
        copy.holding, copy.place, state, detail["problems"], detail["problem_count"],
        found_at=detail.get("found_at"),
        lost=copy.head if state is CopyState.ATTESTATIONS_CUT_OFF else None,
        is_replaced=any(problem["code"] == MANIFEST_DIFFERS.code for problem in detail["problems"]),
    )  # fmt: skip


def _with_copies(connection: sqlite3.Connection, failure: FailedCopy) -> FailedCopy:
    good = _copy_elsewhere(connection, failure, [CopyState.OK])
    other = None
    if good is None:
        other = _copy_elsewhere(connection, failure, [CopyState.NEVER_CHECKED, CopyState.UNREADABLE])
    is_only = _copy_elsewhere(connection, failure, list(CopyState)) is None
    return replace(failure, good_copy=good, other_copy=other, is_only_copy=is_only)


def _has_other(connection: sqlite3.Connection, behind: BehindCopy) -> bool:
    row = connection.execute(
        "SELECT 1 FROM copy JOIN holding ON holding.key = copy.holding WHERE name = ? AND place <> ?"
        " AND removed_at IS NULL AND state <> ? AND absent IS NULL AND copy.head >= ?",
        (behind.holding, behind.place, CopyState.ATTESTATIONS_CUT_OFF.value, behind.lacks),
    ).fetchone()
    return row is not None


def _copy_elsewhere(
    connection: sqlite3.Connection, failure: FailedCopy, states: Sequence[CopyState]
) -> str | None:
    row = connection.execute(
        "SELECT place FROM copy JOIN holding ON holding.key = copy.holding WHERE name = ? AND place <> ?"
        " AND state IN (SELECT value FROM json_each(?)) AND removed_at IS NULL"
        " AND (? IS NULL OR copy.head >= ?) ORDER BY waiting_since DESC",  # heads begin with their number
        (failure.holding, failure.place, json.dumps(states), failure.lost, failure.lost),
    ).fetchone()
    return None if row is None else str(row[0])


def count_unchecked(connection: sqlite3.Connection) -> int:
    """Return how many copies no full check has ever reached a verdict on."""
    (count,) = connection.execute(
        "SELECT (SELECT count(*) FROM copy WHERE rank = ? AND removed_at IS NULL)"
        " + (SELECT count(*) FROM copy WHERE rank = ? AND removed_at IS NULL AND checked_at IS NULL)",
        (UNCHECKED, KNOWN_BAD),
    ).fetchone()
    return int(count)
