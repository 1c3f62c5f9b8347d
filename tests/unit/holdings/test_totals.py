"""The totals of a register: kept up to date by the database, and equal to what counting finds."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from archtool.holdings.event import Event, format_time
from archtool.holdings.event_types import EventType
from archtool.holdings.lookup.totals import Totals, count_totals, read_kept_totals, read_totals
from archtool.holdings.projection import apply_event, clear_state
from archtool.holdings.queries import records_of
from budgets import budget
from unit.holdings.registers import DAY_0, MANIFESTS, SOURCE, check, day, ingestion, make_register


def test_a_register_without_holdings_has_totals_of_zero(tmp_path: Path) -> None:
    with make_register(tmp_path) as register:
        assert read_totals(register.connection, day(1)) == Totals(0, 0, 0, 0, 0, 0, None)


def test_copies_are_counted_by_what_their_last_check_found(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=4) as register:
        register.append(check(0, day(1)), check(1, day(2), "changed"), check(2, day(95), "unreadable"))
        totals = read_totals(register.connection, day(91.5))
    assert totals == Totals(4, 4, 4000, 2, 1, 3, format_time(DAY_0))


def test_a_copy_is_overdue_when_its_time_is_past_and_not_before(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1, check_every_days=30) as register:
        register.append(check(0, day(5)))
        at = day(35)
        assert read_totals(register.connection, at).overdue == 0
        assert read_totals(register.connection, at + timedelta(seconds=1)).overdue == 1


def test_what_was_removed_or_withdrawn_is_not_counted(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=3) as register:
        register.append(
            SOURCE.event(EventType.COPY_REMOVED, day(1), "letters-0", {"place": "/shelf/letters-0"}),
            SOURCE.event(EventType.WITHDRAWAL, day(1), "letters-1"),
        )
        totals = read_totals(register.connection, day(2))
        assert read_kept_totals(register.connection) == count_totals(register.connection)
    assert (totals.holdings, totals.copies, totals.size_bytes) == (2, 1, 1000)


@pytest.mark.parametrize("seed", range(budget(3, 100)))
def test_the_kept_totals_are_those_that_counting_finds_whatever_happened(tmp_path: Path, seed: int) -> None:
    choices = random.Random(seed)  # noqa: S311 - repeatable, no secret
    with make_register(tmp_path, holdings=8) as register:
        for number in range(60):
            register.append(any_event(choices, number))
            assert read_kept_totals(register.connection) == count_totals(register.connection)
        kept = read_kept_totals(register.connection)
        with register.writing():
            clear_state(register.connection)
            assert set(read_kept_totals(register.connection).values()) == {(0, 0)}
            for _, record in records_of(register.connection):
                apply_event(register.connection, Event.parse(record)[0])
        assert read_kept_totals(register.connection) == kept


def any_event(choices: random.Random, number: int) -> Event:
    """Return an event about one of eight holdings that fits whatever happened before."""
    holding, at = choices.randrange(8), day(number)
    name = f"letters-{holding}"
    place = f"/shelf/{name}"
    match choices.randrange(5):
        case 0:
            detail = {"place": f"/copies/{number}", "place_kind": "folder"}
            return SOURCE.event(EventType.REPLICATION, at, name, detail)
        case 1:
            content = {
                "kind": "package",
                "manifests": MANIFESTS,
                "files": 1,
                "bytes": choices.randrange(10**6),
            }
            return SOURCE.event(EventType.MIGRATION, at, name, content)
        case 2:
            return ingestion(100 + number, bytes=choices.randrange(10**6))
        case 3:
            there = {"from": place, "to": place, "place_kind": "folder"}
            return SOURCE.event(EventType.RELOCATION, at, name, there)
        case _:
            return check(holding, at, choices.choice(["ok", "changed", "missing", "unreadable"]))
