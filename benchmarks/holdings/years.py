"""The events of an archive over ten months: arrivals, copies, moves, and the checks of each night."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from archtool.holdings.event import Event, EventOutcome, format_time
from archtool.holdings.event_source import EventSource
from archtool.holdings.event_types import EventType
from benchmarks.holdings.content import CHECK_FAULTS, check_detail, ingestion_detail, name_of, size_of

LAST_DAY = datetime(2026, 11, 29, 20, 0, tzinfo=UTC)
DAYS = 320
_ARRIVAL_DAYS = 150  # so that all checks of the register are enough to check each copy every 90 days
_SHARES = {  # of the holdings
    EventType.REPLICATION: 0.2,
    EventType.RELOCATION: 0.02,
    EventType.CUSTODY_TRANSFER: 0.01,
    EventType.ATTESTATION: 0.04,
    EventType.WITHDRAWAL: 0.005,
}
_QUICK_SHARE = 0.1  # of the checks: of any copy, without a turn
_LOST_TAPE = "LTO-0001:"  # its copies are never checked
_REPAIR_DAYS = 30  # a faulty copy is repaired after so many days
_NIGHT_SECONDS = 5 * 3600
_SOFTWARE = "archtool 0.1.0"


class Years:
    """The years of one archive. Copies are checked in turn, so the oldest check is always renewed first."""

    def __init__(self, holdings: int, events: int, seed: int, last_day: datetime = LAST_DAY) -> None:
        self.first_day = last_day - timedelta(days=DAYS)
        self._rng = random.Random(seed)  # noqa: S311 - repeatable, no secret
        self._holdings, self._left = holdings, events
        self._holding: list[int] = []
        self._place: list[str | None] = []
        """Holding and place of each copy in the order of registration; the place is `None` once removed."""
        self._copies: list[list[int]] = []
        """The copies of each holding."""
        self._others_from = _sums_from(map(self._arrivals_and_changes, range(DAYS)))
        self._copies_from = _sums_from(map(_copies_on, range(DAYS)))
        self._turn = 0
        self._live = self._live_bytes = 0
        self._faulty: dict[int, int] = {}
        """The day on which a faulty copy is repaired."""

    def events(self) -> Iterator[Event]:
        """Yield all events after the first in the order of their time."""
        for number in range(DAYS):
            day = self.first_day + timedelta(days=number)
            for event in self._daytime(number, day - timedelta(hours=8)):
                self._left -= 1
                yield event
            for event in self._night(day, self._checks_of(number)):
                self._left -= 1
                yield event

    def _daytime(self, number: int, at: datetime) -> Iterator[Event]:
        person = EventSource(("Jane Doe", "R. Roe")[number % 2], _SOFTWARE, f"day-{number:03}")
        for _ in range(_portion(self._holdings, number, _ARRIVAL_DAYS)):
            yield self._arrival(person, at)
        for event, share in _SHARES.items():
            for _ in range(self._count(event, share, number)):
                yield self._change(event, person, at)
        for copy in [copy for copy, day in self._faulty.items() if day <= number]:
            yield from self._repair(copy, person, at)

    def _repair(self, copy: int, person: EventSource, at: datetime) -> Iterator[Event]:
        del self._faulty[copy]
        if (place := self._place[copy]) is not None:
            holding = self._holding[copy]
            yield person.event(EventType.REPAIR, at, name_of(holding), {"place": place, "files": 1})
            yield person.event(
                EventType.FIXITY_CHECK, at, name_of(holding), check_detail(holding, place, "ok")
            )

    def _arrivals_and_changes(self, number: int) -> int:
        changes = sum(self._count(event, share, number) for event, share in _SHARES.items())
        return changes + _portion(self._holdings, number, _ARRIVAL_DAYS)

    def _count(self, event: EventType, share: float, number: int) -> int:
        days = _ARRIVAL_DAYS if event is EventType.REPLICATION else DAYS
        return _portion(round(self._holdings * share), number, days)

    def _arrival(self, person: EventSource, at: datetime) -> Event:
        number = len(self._copies)
        place = f"/archive/shelf-{number // 50_000:02}/{name_of(number)}"
        self._copies.append([])
        self._add_copy(number, place)
        detail = ingestion_detail(number) | {"place": place, "place_kind": "folder"}
        return person.event(EventType.INGESTION, at, name_of(number), detail)

    def _add_copy(self, holding: int, place: str) -> None:
        self._copies[holding].append(len(self._place))
        self._holding.append(holding)
        self._place.append(place)
        self._live, self._live_bytes = self._live + 1, self._live_bytes + size_of(holding)

    def _any_copy(self) -> int:
        while True:
            copy = self._rng.randrange(len(self._place))
            if self._place[copy] is not None:
                return copy

    def _change(self, event: EventType, person: EventSource, at: datetime) -> Event:
        copy = self._any_copy()
        return person.event(event, at, name_of(self._holding[copy]), self._detail_of(event, copy))

    def _detail_of(self, event: EventType, copy: int) -> dict[str, Any]:
        if event is EventType.REPLICATION:
            return self._replicate(self._holding[copy])
        if event is EventType.RELOCATION:
            old, new = self._place[copy], f"/archive/new-shelf/{self._left}-{copy}"
            self._place[copy] = new
            return {"from": old, "to": new, "place_kind": "folder"}
        if event is EventType.CUSTODY_TRANSFER:
            return {"to": "State archive"}
        if event is EventType.ATTESTATION:
            return {"place": self._place[copy], "head": f"0002-fixity-check sha512:{copy:0128x}"}
        self._withdraw(self._holding[copy])
        return {"note": "returned to the depositor"}

    def _replicate(self, holding: int) -> dict[str, Any]:
        number = len(self._place)
        kind = "medium" if number % 3 == 0 else "archive"
        volume = number // 5_000
        place = f"LTO-{volume:04}:{number}" if kind == "medium" else f"/copies/{volume:04}/{number}.tar"
        self._add_copy(holding, place)
        return {"place": place, "place_kind": kind, "head": ingestion_detail(holding)["head"]}

    def _withdraw(self, holding: int) -> None:
        for copy in self._copies[holding]:
            self._place[copy] = None
            self._live, self._live_bytes = self._live - 1, self._live_bytes - size_of(holding)

    def _checks_of(self, number: int) -> int:
        """Return how many checks a night does, so that at the end the register has exactly its events."""
        checks = self._left - 2 * (DAYS - number) - self._others_from[number + 1]
        return max(0, checks) * _copies_on(number) // self._copies_from[number]

    def _night(self, at: datetime, checks: int) -> Iterator[Event]:
        source = EventSource("archive", _SOFTWARE, f"audit-{at:%Y%m%d}")
        yield source.event(
            EventType.AUDIT_BEGUN,
            at,
            detail={"depth": "full", "selection": {"older-than": "90d"}, "due": checks},
        )
        counts: dict[str, int] = {}
        size = 0
        for index in range(checks):
            event = self._check(source, at + timedelta(seconds=index * _NIGHT_SECONDS // checks))
            counts[event.detail["state"]] = counts.get(event.detail["state"], 0) + 1
            size += event.detail["bytes"]
            yield event
        end = at + timedelta(seconds=_NIGHT_SECONDS)
        totals = {
            "holdings": len(self._copies), "copies": self._live, "bytes": self._live_bytes,
            "known_bad": len(self._faulty), "never_checked": 0, "overdue": 0, "oldest_check": format_time(at),
        }  # fmt: skip
        yield source.event(
            EventType.AUDIT_ENDED, end,
            detail={
                "counts": counts, "checked": checks, "bytes": size, "seconds": _NIGHT_SECONDS, "left": 0,
                "extra": [], "extra_count": 0, "totals": totals,
            },
        )  # fmt: skip

    def _check(self, source: EventSource, at: datetime) -> Event:
        is_quick = self._rng.random() < _QUICK_SHARE
        copy = self._any_copy() if is_quick else self._next_copy()
        holding = self._holding[copy]
        state, outcome = self._result(copy, at)
        detail = check_detail(holding, self._place[copy], state, "fast" if is_quick else "full")
        event = EventType.VALIDATION if is_quick else EventType.FIXITY_CHECK
        return source.event(event, at, name_of(holding), detail, outcome)

    def _next_copy(self) -> int:
        while True:
            copy, self._turn = self._turn % len(self._place), (self._turn + 1) % len(self._place)
            place = self._place[copy]
            if place is not None and not place.startswith(_LOST_TAPE):
                return copy

    def _result(self, copy: int, at: datetime) -> tuple[str, EventOutcome]:
        draw = self._rng.random()
        for state, share, outcome in CHECK_FAULTS:
            if draw < share:
                self._faulty[copy] = (at - self.first_day).days + _REPAIR_DAYS
                return state, outcome
            draw -= share
        return "ok", EventOutcome.SUCCESS


def _copies_on(number: int) -> int:
    """Return a number that grows with the copies which the archive has on a day."""
    return min(number + 1, _ARRIVAL_DAYS)


def _sums_from(values: Iterable[int]) -> list[int]:
    """Return for each value the sum of it and all that follow; 0 at the end."""
    return list(accumulate(reversed(list(values)), initial=0))[::-1]


def _portion(total: int, number: int, days: int) -> int:
    """Return what one day does of a total that is spread evenly over the first so many days."""
    return total * min(number + 1, days) // days - total * min(number, days) // days
