"""What is due for a check: by age, in order of urgency, in pages."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.batch.audit.selection import Selected, Selection, SelectionKind
from archtool.holdings.event_types import EventType
from archtool.holdings.lookup.due import (
    DueQuery,
    count_due,
    count_left_out,
    due_query,
    iterate_due,
    iterate_keys,
    next_due_at,
    read_copies,
    retry_interval,
)
from archtool.holdings.register import Register
from unit.holdings.registers import SOURCE, check, day, ingestion, make_register

if TYPE_CHECKING:
    import pytest

INTERVAL = timedelta(days=90)


def names(register: Register, query: DueQuery, *, page_copies: int = 2) -> list[str]:
    return [copy.holding for copy in iterate_due(register.connection, query, page_copies=page_copies)]


def test_pages_have_every_copy_once_and_the_most_urgent_first(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=7) as register:
        register.append(check(3, day(2)), check(1, day(1)), check(5, day(3), "changed"), check(0, day(2)))
        for page_copies in (1, 2, 3, 100):
            assert names(register, DueQuery(), page_copies=page_copies) == [
                "letters-5", "letters-2", "letters-4", "letters-6", "letters-1", "letters-0", "letters-3",
            ]  # fmt: skip


def test_only_what_waits_for_long_enough_is_due(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=3) as register:
        register.append(check(0, day(1)), check(1, day(11)), check(2, day(20)))
        query = due_query(day(21), timedelta(days=10), INTERVAL, is_quick=False)
        assert names(register, query) == ["letters-0", "letters-1"]
        amount = count_due(register.connection, query)
        assert (amount.copies, amount.size_bytes) == (2, 2000)


def test_copies_that_are_checked_meanwhile_do_not_come_twice(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=5) as register:
        query = due_query(day(10), timedelta(days=5), INTERVAL, is_quick=False)
        seen = []
        for copy in iterate_due(register.connection, query, page_copies=2):
            seen.append(copy.holding)
            register.append(check(int(copy.holding[-1]), day(10)))
        assert seen == [f"letters-{number}" for number in range(5)]


def test_a_removed_copy_is_never_due(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=2) as register:
        register.append(SOURCE.event(EventType.WITHDRAWAL, day(1), "letters-0"))
        assert names(register, DueQuery()) == ["letters-1"]


def test_a_known_bad_copy_waits_a_tenth_of_the_interval_and_at_least_a_day() -> None:
    assert retry_interval(timedelta(days=90)) == timedelta(days=9)
    assert retry_interval(timedelta(days=3)) == timedelta(days=1)


def test_a_quick_check_does_not_count_as_a_full_one(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=2) as register:
        quick = SOURCE.event(
            EventType.VALIDATION, day(3), "letters-0",
            {"place": "/shelf/letters-0", "state": "ok", "depth": "complete", "files": 1, "bytes": 10},
        )  # fmt: skip
        register.append(quick)
        full = due_query(day(4), timedelta(days=2), INTERVAL, is_quick=False)
        assert names(register, full) == ["letters-0", "letters-1"]
        fast = due_query(day(4), timedelta(days=2), INTERVAL, is_quick=True)
        assert names(register, fast) == ["letters-1"]


def test_a_shelf_has_its_own_copies_only(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1) as register:
        register.append(ingestion(1, place="/shelf-2/letters-1"), ingestion(2, place="/shelf/a/letters-2"))
        assert names(register, DueQuery(shelf="/shelf")) == ["letters-0", "letters-2"]


def test_media_are_left_out_unless_they_are_connected(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1) as register:
        register.append(ingestion(1, place="TAPE-7:box/letters-1", place_kind="medium"))
        assert names(register, DueQuery()) == ["letters-0"]
        assert names(register, DueQuery(labels=["TAPE-7"])) == ["letters-0", "letters-1"]
        assert [count_left_out(register.connection, labels) for labels in ([], ["TAPE-7"], ["TAPE-8"])] == [
            1, 0, 1,
        ]  # fmt: skip


def test_copies_are_found_again_by_their_keys(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=5) as register:
        keys = list(iterate_keys(register.connection, DueQuery(), page_copies=2))
        copies = read_copies(register.connection, keys[1:3])
        assert [copy.holding for copy in copies] == ["letters-1", "letters-2"]


def test_the_next_copy_is_due_when_the_oldest_has_waited_for_the_interval(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=2) as register:
        assert next_due_at(register.connection, INTERVAL) is None
        register.append(check(0, day(4)), check(1, day(2)))
        assert next_due_at(register.connection, INTERVAL) == day(92)


def test_known_bad_copies_are_retried_in_turn(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=5) as register:
        register.append(*(check(number, day(9 - number), "changed") for number in range(5)))
        query = due_query(day(30), timedelta(days=90), INTERVAL, is_quick=False)
        assert names(register, query) == [f"letters-{number}" for number in (4, 3, 2, 1, 0)]
        register.append(check(4, day(30), "changed"))
        assert names(register, query)[0] == "letters-3"


def test_a_check_in_the_future_is_none_and_such_a_copy_comes_before_the_oldest(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=4) as register:
        register.append(check(0, day(900)), check(1, day(5)), check(2, day(900), "changed"), check(3, day(9)))
        query = due_query(day(10), timedelta(days=2), INTERVAL, is_quick=False, now=lambda: day(10))
        assert names(register, query) == ["letters-2", "letters-0", "letters-1"]
        assert count_due(register.connection, query).copies == 3
        everything = due_query(day(10), None, INTERVAL, is_quick=False, now=lambda: day(10))
        assert names(register, everything) == ["letters-2", "letters-0", "letters-1", "letters-3"]


def test_copies_that_are_registered_meanwhile_take_no_place_of_older_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(iterate_due.__kwdefaults__, "page_copies", 1)
    with make_register(tmp_path, holdings=4) as register:
        register.append(check(0, day(1)), check(1, day(1)))
        query = Selection(SelectionKind.ALL).query(register, day(2), [], lambda: day(2))
        copies = Selected(register, Selection(SelectionKind.ALL), query).copies()
        first = next(copies).holding
        register.append(ingestion(7), ingestion(8))
        assert [first, *(copy.holding for copy in copies)] == [
            "letters-2", "letters-3", "letters-0", "letters-1",
        ]  # fmt: skip
