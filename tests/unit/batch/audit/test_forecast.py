"""The forecast of an audit: its rate, and from when on every copy will have been checked once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archtool.batch.audit.forecast import all_checked_at, last_rate
from archtool.batch.audit.units import MAX_UNIT_BYTES, divide, shelf_of, unit_size
from archtool.holdings.event import Event
from archtool.holdings.event_source import EventSource
from archtool.holdings.event_types import EventType
from archtool.holdings.lookup.due import DueQuery, iterate_due
from unit.holdings.registers import day, ingestion, make_register


def run_events(number: int, depth: str = "full", **part: Any) -> list[Event]:
    """Return the events of a run on a day."""
    source = EventSource("Jane Doe", "archtool 0.1.0", f"run-{number}")
    begun = {"depth": depth, "selection": {"kind": "all"}, "due": 10}
    ended = {"counts": {}, "checked": 10, "part": part}
    return [
        source.event(EventType.AUDIT_BEGUN, day(number), detail=begun),
        source.event(EventType.AUDIT_ENDED, day(number), detail=ended),
    ]


def test_the_rate_is_that_of_the_last_run_of_the_same_depth_that_checked_anything(tmp_path: Path) -> None:
    with make_register(tmp_path) as register:
        assert last_rate(register.connection, "full") is None
        register.append(
            *run_events(1, checked=10, bytes=4000, milliseconds=2000),
            *run_events(2, checked=90, bytes=90, milliseconds=1000, depth="complete"),
            *run_events(3, checked=0, bytes=0, milliseconds=5),
        )
        rate = last_rate(register.connection, "full")
    assert rate is not None
    assert (rate.run_at, rate.copies_per_second, rate.bytes_per_second) == (day(1), 5.0, 2000.0)
    assert rate.seconds_for(10, 0) == 2.0
    assert rate.seconds_for(10, 20_000) == 10.0


def test_everything_has_been_checked_when_the_last_share_of_new_copies_was() -> None:
    assert all_checked_at(day(1), 10, 10, 4) == day(4)


def test_nothing_is_promised_for_copies_that_cannot_be_read_or_are_not_reached() -> None:
    assert all_checked_at(day(1), 10, 9, 4) is None
    assert all_checked_at(day(1), 10, 10, 0) is None


def test_small_copies_share_a_job_and_a_large_one_has_its_own(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=5) as register:
        register.append(ingestion(5, bytes=MAX_UNIT_BYTES))
        copies = list(iterate_due(register.connection, DueQuery()))
    units = [[copy.holding[-1] for copy in unit] for unit in divide(copies, 3)]
    assert units == [["0", "1", "2"], ["3", "4"], ["5"]]


def test_few_copies_are_spread_over_all_processes() -> None:
    assert [unit_size(copies, jobs=2) for copies in (1, 31, 32, 10_000)] == [1, 1, 2, 16]


def test_a_place_belongs_to_the_innermost_shelf() -> None:
    shelves = ["/archive", "/archive/letters", "/archive-2"]
    places = ("/archive/letters/a", "/archive/maps/b", "/archive-2/c", "/elsewhere/d")
    assert [shelf_of(place, shelves) for place in places] == [
        "/archive/letters", "/archive", "/archive-2", None,
    ]  # fmt: skip
