"""Counts what an audit finds; of the failures the first are kept, so that memory does not grow."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from archtool.batch.audit.limits import MAX_FAILURES
from archtool.holdings.audit_report import AbsentShelf, FailedCopy, KnownBad
from archtool.holdings.copy_state import KNOWN_BAD, UNCHECKED, CopyState
from archtool.holdings.event_source import EventSource
from archtool.holdings.lookup.due import DueCopy

_NAMED = 3
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
        self.failure_count = self.bad = 0
        self._failures: list[FailedCopy] = []
        self._shelves: dict[str, AbsentShelf] = {}

    def add(self, copy: DueCopy, detail: Mapping[str, Any], *, is_in_order: bool, shelf: str | None) -> None:
        """Count a copy that was checked; `shelf` is its shelf, if that is not there."""
        state = CopyState(detail["state"])
        self.counts[state] += 1
        self.checked += 1
        self.size_bytes += detail["bytes"]
        self.part_bytes += detail["bytes"]
        self.bad += state is not CopyState.OK
        if shelf is not None:
            known = self._shelves.get(shelf)
            reason = detail["problems"][0]["message"]
            self._shelves[shelf] = AbsentShelf(shelf, reason, (known.copies if known else 0) + 1)
        elif not is_in_order:
            self.failure_count += 1
            if len(self._failures) < MAX_FAILURES:
                self._failures.append(_failure(copy, state, detail))

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
    )  # fmt: skip


def _with_copies(connection: sqlite3.Connection, failure: FailedCopy) -> FailedCopy:
    good = _copy_elsewhere(connection, failure, [CopyState.OK])
    other = None
    if good is None:
        other = _copy_elsewhere(connection, failure, [CopyState.NEVER_CHECKED, CopyState.UNREADABLE])
    return replace(failure, good_copy=good, other_copy=other)


def _copy_elsewhere(
    connection: sqlite3.Connection, failure: FailedCopy, states: Sequence[CopyState]
) -> str | None:
    row = connection.execute(
        "SELECT place FROM copy JOIN holding ON holding.key = copy.holding WHERE name = ? AND place <> ?"
        " AND state IN (SELECT value FROM json_each(?)) AND removed_at IS NULL ORDER BY waiting_since DESC",
        (failure.holding, failure.place, json.dumps(states)),
    ).fetchone()
    return None if row is None else str(row[0])


def read_known_bad(
    connection: sqlite3.Connection,
    known_bad: int,
    found: int,
    failures: Sequence[FailedCopy],
    absent: Sequence[AbsentShelf],
) -> KnownBad:
    """Return the copies that are bad by a check before this run.

    `known_bad` are all of the register, `found` those that this run found itself: `failures` and those on
    shelves that are `absent`.
    """
    copies = max(0, known_bad - found)
    if copies == 0:
        return KnownBad(0, ())
    rows = connection.execute(
        "SELECT name, place FROM copy JOIN holding ON holding.key = copy.holding"
        " WHERE rank = ? AND removed_at IS NULL ORDER BY tried_at LIMIT ?",
        (KNOWN_BAD, min(found, 2 * MAX_FAILURES) + _NAMED),
    )
    named, shelves = {failure.place for failure in failures}, tuple(f"{one.shelf}/" for one in absent)
    names = dict.fromkeys(
        name for name, place in rows if place not in named and not place.startswith(shelves)
    )
    return KnownBad(copies, list(names)[:_NAMED])


def count_unchecked(connection: sqlite3.Connection) -> int:
    """Return how many copies no full check has ever reached a verdict on."""
    (count,) = connection.execute(
        "SELECT (SELECT count(*) FROM copy WHERE rank = ?1 AND removed_at IS NULL)"
        " + (SELECT count(*) FROM copy WHERE rank = ?2 AND removed_at IS NULL AND checked_at IS NULL)",
        (UNCHECKED, KNOWN_BAD),
    ).fetchone()
    return int(count)
