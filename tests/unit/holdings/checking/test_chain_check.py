"""The proof of the chain: each way in which events can be tampered with has its finding."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from archtool.findings import Finding
from archtool.holdings.checking import chain_check
from archtool.holdings.checking.chain_check import MAX_NUMBER, ChainCheck, Span, explain_links
from archtool.holdings.event import record_digest
from archtool.holdings.register import open_register
from unit.holdings.registers import check, day, make_register
from unit.holdings.tampering import plain_events, swap, unprotected

EVENTS = 13


def ten_checks(tmp_path: Path) -> Path:
    """Return a register of 13 events: created, two holdings, ten checks."""
    with make_register(tmp_path, holdings=2) as register:
        register.append(*(check(number % 2, day(number + 1)) for number in range(10)))
        return register.path


def faults(path: Path) -> list[Finding]:
    with open_register(path, read_only=True) as register, register.reading() as connection:
        chain = ChainCheck(connection)
        found = list(chain.findings())
        return [*found, *explain_links(connection, chain.broken)]


def codes(path: Path) -> list[str]:
    return [fault.code for fault in faults(path)]


def test_a_chain_that_nobody_changed_has_no_faults_and_ends_with_its_head(tmp_path: Path) -> None:
    path = ten_checks(tmp_path)
    with open_register(path, read_only=True) as register, register.reading() as connection:
        chain = ChainCheck(connection)
        assert list(chain.findings()) == []
        stored = connection.execute("SELECT digest FROM event WHERE number = ?", (EVENTS,)).fetchone()[0]
    assert (chain.events, chain.head.number, chain.head.hex) == (EVENTS, EVENTS, stored.hex())


def test_an_altered_record_is_named_with_its_number_time_and_holding(tmp_path: Path) -> None:
    path = ten_checks(tmp_path)
    with unprotected(path) as connection:
        connection.execute("UPDATE event SET record = replace(record, 'Jane', 'Joan') WHERE number = 5")
    (fault,) = faults(path)
    assert fault.code == "register.record-altered"
    assert fault.message.startswith("event 5 (fixity-check of letters-1, 2026-01-03T02:00:00Z)")


def test_an_altered_record_with_a_new_digest_breaks_the_link_of_the_next_event(tmp_path: Path) -> None:
    path = ten_checks(tmp_path)
    with unprotected(path) as connection:
        (record,) = connection.execute("SELECT record FROM event WHERE number = 5").fetchone()
        record = record.replace("Jane", "Joan")
        connection.execute(
            "UPDATE event SET record = ?, digest = ? WHERE number = 5",
            (record, record_digest(record.encode())),
        )
    (fault,) = faults(path)
    assert fault.code == "register.link-broken"
    assert fault.message.startswith("event 6 ")


@pytest.mark.parametrize("number", range(1, EVENTS))
def test_a_deleted_event_is_named_by_its_number(tmp_path: Path, number: int) -> None:
    path = ten_checks(tmp_path)
    with unprotected(path) as connection:
        connection.execute("DELETE FROM event WHERE number = ?", (number,))
    (fault,) = faults(path)
    assert fault.code == "register.event-missing"
    assert fault.message.startswith(f"event {number} is missing")


def test_several_deleted_events_are_named_as_a_range(tmp_path: Path) -> None:
    path = ten_checks(tmp_path)
    with unprotected(path) as connection:
        connection.execute("DELETE FROM event WHERE number BETWEEN 4 AND 7")
    assert [fault.message[:29] for fault in faults(path)] == ["events 4 to 7 are missing: th"]


def test_a_deleted_event_whose_number_was_given_to_the_next_breaks_a_link(tmp_path: Path) -> None:
    path = ten_checks(tmp_path)
    with unprotected(path) as connection:
        connection.execute("DELETE FROM event WHERE number = 5")
        for number in range(6, EVENTS + 1):
            connection.execute("UPDATE event SET number = number - 1 WHERE number = ?", (number,))
    (fault,) = faults(path)
    assert fault.code == "register.link-broken"
    assert fault.message.startswith("event 5 ")


@pytest.mark.parametrize(("first", "second"), [(5, 6), (5, 7), (5, 12), (1, 2), (1, EVENTS), (12, EVENTS)])
def test_two_swapped_events_are_named_both(tmp_path: Path, first: int, second: int) -> None:
    path = ten_checks(tmp_path)
    with unprotected(path) as connection:
        swap(connection, first, second)
    (fault,) = faults(path)
    assert fault.code == "register.events-swapped"
    assert f"event {first} (" in fault.message
    assert f"event {second} (" in fault.message


def test_a_fault_at_the_border_of_two_batches_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ten_checks(tmp_path)
    with unprotected(path) as connection:
        swap(connection, 4, 5)
    for size in range(1, EVENTS + 1):
        monkeypatch.setattr(chain_check, "_BATCH", size)
        assert codes(path) == ["register.events-swapped"], size


def test_the_text_previous_in_a_detail_is_not_taken_for_the_link(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1) as register:
        register.append(check(0, day(1), previous="0" * 64, note='"previous":"1"'))
        register.append(check(0, day(2), detail={"previous": "f" * 64}))
        path = register.path
    assert codes(path) == []


def test_every_bit_flip_in_a_record_or_a_digest_is_found(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1) as register:
        register.append(check(0, day(1)))
        path = register.path
    found = 0
    with closing(plain_events(path)) as connection:
        for number in (1, 2, 3):
            row = connection.execute(
                "SELECT CAST(record AS BLOB), digest FROM event WHERE number = ?", (number,)
            ).fetchone()
            for column, data in zip(("record", "digest"), row, strict=True):
                for position in range(len(data)):
                    flipped = bytearray(data)
                    flipped[position] ^= 1 << position % 8
                    cast = "CAST(? AS TEXT)" if column == "record" else "?"
                    update = f"UPDATE event SET {column} = {cast} WHERE number = ?"  # noqa: S608
                    connection.execute(update, (bytes(flipped), number))
                    chain = ChainCheck(connection)
                    assert any(chain.findings()) or chain.broken, (number, column, position)
                    connection.execute(update, (data, number))
                    found += 1
        chain = ChainCheck(connection)
        assert (list(chain.findings()), chain.broken) == ([], {})
    assert found > 1000


def spans_of(connection: sqlite3.Connection, *ends: int) -> tuple[list[Finding], dict[int, bytes]]:
    """Check the chain in spans that end there."""
    faults: list[Finding] = []
    broken: dict[int, bytes] = {}
    for first, last in pairwise((0, *ends)):
        chain = ChainCheck(connection, Span(first + 1, last))
        faults += chain.findings()
        broken |= chain.broken
    return faults, broken


@pytest.mark.parametrize(
    "change",
    [
        lambda _: None,
        lambda connection: swap(connection, 4, 9),
        lambda connection: connection.execute("DELETE FROM event WHERE number = 6"),
        lambda connection: connection.execute("UPDATE event SET digest = zeroblob(32) WHERE number = 7"),
        lambda connection: connection.execute("UPDATE event SET record = '{}' WHERE number IN (7, 8)"),
    ],
    ids=["sound", "swapped", "deleted", "another digest", "another record"],
)
def test_a_chain_checked_in_spans_has_the_faults_of_the_whole_wherever_they_are_parted(
    tmp_path: Path, request: pytest.FixtureRequest, change: Callable[[sqlite3.Connection], object]
) -> None:
    path = ten_checks(tmp_path)
    with unprotected(path) as connection:
        change(connection)
    with open_register(path, read_only=True) as register, register.reading() as connection:
        whole = spans_of(connection, MAX_NUMBER)
        assert bool(whole[0] or whole[1]) == ("sound" not in request.node.name)
        for end in range(1, EVENTS + 2):
            assert spans_of(connection, end, MAX_NUMBER) == whole
            assert spans_of(connection, end, end + 1, MAX_NUMBER) == whole
