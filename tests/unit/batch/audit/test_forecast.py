"""The forecast of an audit: its rate, and from when on every copy will have been checked once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archtool.batch.audit.forecast import all_checked_at, last_rate
from archtool.batch.audit.units import MAX_UNIT_BYTES, divide, unit_size
from archtool.holdings.audit_report import Rate
from archtool.holdings.event import Event
from archtool.holdings.event_source import EventSource
from archtool.holdings.event_types import EventType
from archtool.holdings.lookup.due import Amount, DueQuery, iterate_due
from archtool.holdings.places import shelf_of
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
        assert last_rate(register.connection, "full", Amount(1, 1)) is None
        register.append(
            *run_events(1, checked=10, bytes=4000, milliseconds=2000),
            *run_events(2, checked=90, bytes=90, milliseconds=1000, depth="complete"),
            *run_events(3, checked=0, bytes=0, milliseconds=5),
        )
        rate = last_rate(register.connection, "full", Amount(10, 4000))
    assert rate is not None
    assert (rate.run_at, rate.copies_per_second, rate.bytes_per_second) == (day(1), 5.0, 2000.0)
    assert rate.seconds_for(10, 0) == 2.0
    assert rate.seconds_for(10, 20_000) == 10.0


def rate_after(tmp_path: Path, planned: Amount, *runs: tuple[int, int, int]) -> Rate | None:
    """Return the rate for a plan after runs with so many copies, bytes and milliseconds."""
    with make_register(tmp_path) as register:
        for number, (checked, size, milliseconds) in enumerate(runs):
            register.append(*run_events(number, checked=checked, bytes=size, milliseconds=milliseconds))
        return last_rate(register.connection, "full", planned)


def test_a_run_of_one_small_copy_says_nothing_about_a_large_audit(tmp_path: Path) -> None:
    assert rate_after(tmp_path, Amount(24, 240_000_000), (1, 5_000, 60)) is None


def test_a_run_of_many_small_copies_says_nothing_about_large_ones(tmp_path: Path) -> None:
    assert rate_after(tmp_path, Amount(10, 10**12), (100_000, 10**6, 3_600_000)) is None


def test_the_nights_of_a_month_together_say_how_long_everything_takes(tmp_path: Path) -> None:
    rate = rate_after(tmp_path, Amount(300, 3000), *[(10, 100, 100)] * 30)
    assert rate is not None
    assert (rate.runs, rate.run_at, round(rate.seconds_for(300, 3000), 6)) == (15, day(29), 3.0)


def test_a_long_run_says_how_long_a_much_larger_one_takes(tmp_path: Path) -> None:
    rate = rate_after(tmp_path, Amount(10_000, 10**9), (100, 10**7, 100_000))
    assert rate is not None
    assert rate.seconds_for(10_000, 10**9) == 10_000


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
