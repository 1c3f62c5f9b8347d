"""Which copies an audit checks: what is due, a share of it, a sample, or everything."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import chain, islice
from math import ceil
from typing import Any

from archtool.batch.journal.shards import Shard
from archtool.holdings.copy_state import IN_ORDER, KNOWN_BAD, UNCHECKED
from archtool.holdings.event import format_time
from archtool.holdings.lookup.due import (
    Amount,
    DueCopy,
    DueQuery,
    count_due,
    due_query,
    iterate_due,
    iterate_keys,
    last_key,
    read_copies,
)
from archtool.holdings.lookup.totals import check_interval
from archtool.holdings.register import Register

DEFAULT_MARGIN = timedelta(hours=36)
"""A copy is due this much before its time: a nightly run comes 24 hours later, and can last 12 hours."""
_KNOWN_BAD_SHARE = 4  # at most one known-bad copy in four, while other copies are due
_SAMPLE_PAGE = 1_000


class SelectionKind(StrEnum):
    """How the copies are selected."""

    DUE = "due"
    """Copies that were not checked for some time."""
    ALL = "all"
    SUBSET = "subset"
    """The most urgent share of all copies."""
    SAMPLE = "sample"
    """A random share of all copies."""
    HOLDINGS = "holdings"
    """The holdings that are named."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What the options select. Times are resolved when the run begins."""

    kind: SelectionKind = SelectionKind.DUE
    older_than: timedelta | None = None
    """`None`: the interval of the register's policy."""
    margin: timedelta | None = None
    """`None`: `DEFAULT_MARGIN`, at most half of the interval."""
    share: Fraction | None = None
    """Of all copies, for a subset or a sample."""
    seed: int | None = None
    """Of a sample."""
    holdings: Sequence[str] = ()
    shelf: str | None = None
    shard: Shard | None = None
    is_quick: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the selection as it is recorded when a run begins; equal selections have equal values."""
        values = {
            "kind": self.kind.value,
            "older-than-seconds": _seconds(self.older_than),
            "margin-seconds": _seconds(self.margin),
            "share": str(self.share) if self.share is not None else None,
            "seed": self.seed,
            "holdings": sorted(self.holdings) or None,
            "shelf": self.shelf,
            "shard": str(self.shard) if self.shard is not None else None,
        }
        return {name: value for name, value in values.items() if value is not None}

    @property
    def is_whole(self) -> bool:
        """Whether the database can count the copies: no share and no shard is taken of them."""
        return self.share is None and self.shard is None

    def query(
        self, register: Register, begun_at: datetime, labels: Sequence[str], now: Callable[[], datetime]
    ) -> DueQuery:
        """Return the query for the copies that were due when a run began; `now` is the clock.

        Copies that are registered from now on are not among them.
        """
        interval = check_interval(register.connection)
        age = None
        if self.kind is SelectionKind.DUE:
            age = self.older_than or interval
            age -= self.margin if self.margin is not None else min(DEFAULT_MARGIN, age / 2)
        query = due_query(
            begun_at, age, interval, is_quick=self.is_quick,
            holdings=self.holdings, shelf=self.shelf, labels=labels, now=now,
            last_key=last_key(register.connection),
        )  # fmt: skip
        if self.kind is not SelectionKind.SUBSET:
            return query
        # a share takes the most urgent copies, due or not, but known-bad ones not every night
        tried_until = due_query(begun_at, timedelta(0), interval, is_quick=False).tried_until
        return replace(query, tried_until=tried_until)


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())


@dataclass(frozen=True, slots=True)
class Selected:
    """The copies that a run checks, in the register's state when each is read."""

    register: Register
    selection: Selection
    query: DueQuery

    def amount(self) -> Amount:
        """Return how many copies are selected, and their size."""
        if self.selection.is_whole:
            return count_due(self.register.connection, self.query)
        copies = size_bytes = 0
        for copy in self.copies():
            copies, size_bytes = copies + 1, size_bytes + copy.size_bytes
        return Amount(copies, size_bytes)

    def copies(self) -> Iterator[DueCopy]:
        """Yield the selected copies, the most urgent first; a sample is in the order of registration."""
        if self.selection.kind is SelectionKind.SAMPLE:
            yield from self._sample()
            return
        known_bad, others = self._iterate([KNOWN_BAD]), self._iterate([UNCHECKED, IN_ORDER])
        if self.selection.kind is SelectionKind.SUBSET:
            yield from _share(known_bad, others, self._share_of(self._count_all()))
        elif self.selection.kind is SelectionKind.DUE:
            yield from _in_turn(known_bad, others)
        else:
            yield from chain(known_bad, others)

    def _iterate(self, ranks: Collection[int]) -> Iterator[DueCopy]:
        return self._of_shard(iterate_due(self.register.connection, self.query, ranks))

    def _of_shard(self, copies: Iterator[DueCopy]) -> Iterator[DueCopy]:
        shard = self.selection.shard
        return copies if shard is None else (copy for copy in copies if shard.has(copy.holding))

    def _count_all(self) -> int:
        """Return the number of copies that the share is a part of."""
        whole = replace(self.query, tried_until=None, not_tried_after=None)
        if self.selection.shard is None:
            return count_due(self.register.connection, whole).copies
        return sum(1 for _ in self._of_shard(iterate_due(self.register.connection, whole)))

    def _share_of(self, copies: int) -> int:
        return ceil(copies * (self.selection.share or 1))

    def _sample(self) -> Iterator[DueCopy]:
        connection = self.register.connection
        everything = replace(self.query, not_tried_after=None)
        count = count_due(connection, everything).copies
        dice = random.Random(self.selection.seed)  # noqa: S311 - spot checks, not secrets
        wanted = sorted(dice.sample(range(count), self._share_of(count)))
        keys = _at_positions(iterate_keys(connection, everything), wanted)
        limit = self.query.not_tried_after
        while page := list(islice(keys, _SAMPLE_PAGE)):
            for copy in self._of_shard(iter(read_copies(connection, page))):
                if limit is None or not _was_tried_after(copy, limit):
                    yield copy


def _share(known_bad: Iterator[DueCopy], others: Iterator[DueCopy], copies: int) -> Iterator[DueCopy]:
    """Yield a share of the copies, and known-bad copies in addition, a quarter of the share at most.

    Known-bad copies take the places of others only when no other copy is due. If a disk is lost, the copies
    elsewhere are still checked in time.
    """
    beside = islice(known_bad, ceil(copies / _KNOWN_BAD_SHARE))
    taken = 0
    for copy in _in_turn(beside, islice(others, copies)):
        yield copy
        taken += 1
    yield from islice(known_bad, max(0, copies - taken))


def _in_turn(known_bad: Iterator[DueCopy], others: Iterator[DueCopy]) -> Iterator[DueCopy]:
    """Yield all copies; at most one in four is known-bad while other copies are due.

    Both the copies and their bytes are counted: a limit of a run must not be used up by known-bad ones.
    """
    copies = size_bytes = 0  # how many more of the others are wanted before the next known-bad one
    bad, other = next(known_bad, None), next(others, None)
    while bad is not None and other is not None:
        if copies <= 0 and size_bytes <= 0:
            yield bad
            copies, size_bytes = _KNOWN_BAD_SHARE - 1, bad.size_bytes * (_KNOWN_BAD_SHARE - 1)
            bad = next(known_bad, None)
        else:
            yield other
            copies, size_bytes = copies - 1, size_bytes - other.size_bytes
            other = next(others, None)
    yield from chain([one for one in (bad, other) if one is not None], known_bad, others)


def _at_positions(keys: Iterator[int], positions: Sequence[int]) -> Iterator[int]:
    wanted = iter(positions)
    position = next(wanted, None)
    for number, key in enumerate(keys):
        if number == position:
            yield key
            position = next(wanted, None)
        if position is None:
            return


def _was_tried_after(copy: DueCopy, limit: str) -> bool:
    return copy.tried_at is not None and copy.tried_at > limit


def resumed(query: DueQuery, begun_at: datetime) -> DueQuery:
    """Return the query without the copies that were tried after a run began."""
    return replace(query, not_tried_after=format_time(begun_at))


def depth_and_selection(detail: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return what two runs must have in common so that one can resume the other."""
    return detail.get("depth"), {k: v for k, v in detail.get("selection", {}).items() if k != "seed"}
