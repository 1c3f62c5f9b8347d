"""The tables of a register against its events: what was changed without an event is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.errors import InputError
from archtool.findings import Finding
from archtool.holdings.checking.chain_check import ChainCheck
from archtool.holdings.checking.database_check import check_database, check_schema
from archtool.holdings.checking.state_check import StateCheck
from archtool.holdings.event import Event
from archtool.holdings.event_types import EventType
from archtool.holdings.register import open_register
from unit.holdings.registers import SOURCE, check, day, ingestion, make_register
from unit.holdings.tampering import chain_again, unprotected

FORMS = {"register.event-invalid", "register.first-event"}
HEAD = "0001-packaging sha512:" + "a" * 64


def busy_register(tmp_path: Path) -> Path:
    """Return a register with an event of nearly every type."""
    with make_register(tmp_path, holdings=3) as register:
        register.append(*busy_events())
        return register.path


def busy_events() -> list[Event]:
    def event(kind: EventType, number: float, holding: str | None = None, **detail: object) -> Event:
        return SOURCE.event(kind, day(number), holding, detail)

    return [
        event(EventType.SHELF, 1, place="/shelf"),
        event(EventType.POLICY, 1, **{"check-every-days": 30}),
        event(EventType.REPLICATION, 1, "letters-0", place="TAPE7:letters-0", place_kind="medium"),
        check(0, day(2)),
        check(1, day(2), "changed"),
        check(2, day(2), "unreadable"),
        event(
            EventType.RELOCATION,
            3,
            "letters-2",
            **{"from": "/shelf/letters-2", "to": "/a/2", "place_kind": "folder"},
        ),
        event(EventType.CUSTODY_TRANSFER, 4, "letters-0", to="Prague"),
        event(EventType.ATTESTATION, 4, "letters-0", place="/shelf/letters-0", head=HEAD),
        event(EventType.COPY_REMOVED, 5, "letters-0", place="TAPE7:letters-0"),
        event(EventType.WITHDRAWAL, 6, "letters-1"),
        ingestion(7, title="Lettres à 🎼"),
        event(EventType.SHELF_MOVED, 7, **{"from": "/shelf", "to": "/new"}),
        event("x-exhibition", 8, "letters-0", room="2"),  # type: ignore[arg-type]
    ]


def faults(path: Path) -> list[Finding]:
    with open_register(path, read_only=True) as register, register.reading() as connection:
        chain, state = ChainCheck(connection, with_forms=True), StateCheck(connection)
        forms = [fault for fault in chain.findings() if fault.code in FORMS]
        return [*forms, *state.findings()]


def test_tables_that_only_events_have_changed_agree_with_them(tmp_path: Path) -> None:
    path = busy_register(tmp_path)
    with open_register(path, read_only=True) as register, register.reading() as connection:
        state = StateCheck(connection)
        assert list(state.findings()) == []
    assert state.rows == {"holding": 4, "copy": 5, "setting": 2, "shelf": 1, "run": 0, "month": 15}


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE holding SET title = 'X' WHERE name = 'letters-2'",
         "table holding: holding letters-2: title is 'X', by the events 'Letters 2'"),
        ("UPDATE copy SET state = 'ok', rank = 2 WHERE place = '/shelf/letters-1'",
         "table copy: the copy of letters-1 at /shelf/letters-1: rank is 2, by the events 0; state is 'ok'"),
        ("DELETE FROM copy WHERE place = '/a/2'", "table copy: the copy of letters-2 at /a/2 is missing"),
        ("INSERT INTO shelf VALUES ('/hidden', '2026-01-01T00:00:00Z')",
         "table shelf: /hidden is not in the events"),
        ("UPDATE setting SET value = '3650' WHERE name = 'check-every-days'",
         "table setting: check-every-days: value is '3650', by the events '30'"),
        ("UPDATE month SET events = 9 WHERE event = 'withdrawal'",
         "table month: 2026-01 withdrawal success: events is 9, by the events 1"),
        ("UPDATE total SET size_bytes = 1 WHERE name = 'rank-0'", "total of rank-0: by the events"),
        ("UPDATE holding SET withdrawn_at = NULL", "table holding: holding letters-1: withdrawn_at is None"),
    ],
)  # fmt: skip
def test_a_row_that_was_changed_without_an_event_is_named(tmp_path: Path, statement: str, words: str) -> None:
    path = busy_register(tmp_path)
    with unprotected(path) as connection:
        connection.execute(statement)
    (fault,) = faults(path)
    assert fault.code == "register.state-differs"
    assert fault.message.startswith(words)


def test_more_differences_than_are_listed_are_counted(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=130) as register:
        path = register.path
    with unprotected(path) as connection:
        connection.execute("UPDATE holding SET title = 'X'")
    found = faults(path)
    assert len(found) == 101
    assert found[-1].message == "table holding: and 30 more rows differ from the events"


def test_an_event_that_contradicts_those_before_it_is_named_even_if_the_chain_is_whole(
    tmp_path: Path,
) -> None:
    path = busy_register(tmp_path)
    with unprotected(path) as connection:
        connection.execute(
            "UPDATE event SET record = replace(record, 'letters-0', 'letters-9') WHERE number = 8"
        )
        chain_again(connection)
    (fault,) = [fault for fault in faults(path) if fault.code == "register.event-contradicts"]
    assert fault.message.startswith("event 8 (fixity-check of letters-9, 2026-01-03T02:00:00Z)")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('{"agent":', '{ "agent":', "not in canonical form"),
        ('"outcome":"success"', '"outcome":"perfect"', "unknown type or outcome"),
        ('"software":', '"extra":1,"software":', "not in canonical form"),
        ('"bytes":1000', '"bytes":1e3', "not a whole number"),
        ("2026-01-03T02:00:00Z", "2026-1-3T02:00:00Z", "not a time of a register"),
        ("2026-01-03T02:00:00Z", "2026-02-30T02:00:00Z", "not a time of a register"),
        ("2026-01-03T02:00:00Z", "2026-01-03T02:00:00+01:00", "not a time of a register"),
    ],
)
def test_a_record_that_is_not_an_event_in_canonical_form_is_named(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    path = busy_register(tmp_path)
    with unprotected(path) as connection:
        (record,) = connection.execute("SELECT record FROM event WHERE number = 8").fetchone()
        assert old in record
        connection.execute("UPDATE event SET record = ? WHERE number = 8", (record.replace(old, new, 1),))
    (fault,) = faults(path)
    assert (fault.code, words in fault.message) == ("register.event-invalid", True), fault.message


@pytest.mark.parametrize(
    "record",
    ["", "{", "[]", "5", "[" * 100_000, '{"a":' * 100_000, '{"agent":"' + "\\u0000" * 9 + '"}', "NaN"],
)
def test_a_record_that_is_no_event_at_all_is_refused_without_a_crash(record: str) -> None:
    with pytest.raises(InputError, match="an event "):
        Event.parse(record)
    with pytest.raises(InputError, match="an event "):
        Event.parse_loosely(record)


def test_a_detail_of_another_type_is_a_contradiction_and_no_crash(tmp_path: Path) -> None:
    for wrong in ("5", "null", "[]", '{"a":1}', "true"):
        folder = tmp_path / wrong.strip("[]{}:")[:4].strip('"') / "x"
        folder.mkdir(parents=True)
        path = busy_register(folder)
        with unprotected(path) as connection:
            place = '"place":"/shelf/letters-0"'
            connection.execute(
                "UPDATE event SET record = replace(record, ?, ?) WHERE number = 8",
                (place, f'"place":{wrong}'),
            )
        assert [fault.code for fault in faults(path)] == ["register.event-contradicts"], wrong


def test_a_second_creation_of_the_register_is_named(tmp_path: Path) -> None:
    path = busy_register(tmp_path)
    with open_register(path) as register:
        register.append(
            SOURCE.event(EventType.REGISTER, day(9), detail={"id": "another", "check-every-days": 90})
        )
    assert [fault.code for fault in faults(path)] == ["register.first-event"]


def test_the_temporary_tables_do_not_hide_those_of_the_register(tmp_path: Path) -> None:
    path = busy_register(tmp_path)
    with open_register(path, read_only=True) as register, register.reading() as connection:
        assert list(StateCheck(connection).findings()) == []
        assert list(StateCheck(connection).findings()) == []  # a second time, with the same connection


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DROP TRIGGER event_is_never_deleted", "the trigger event_is_never_deleted is missing"),
        ("CREATE TRIGGER extra AFTER INSERT ON event BEGIN DELETE FROM shelf; END", "the trigger 'extra'"),
        ("DROP INDEX copy_by_state", "the index copy_by_state is missing"),
        ("CREATE TABLE notes (text)", "the table 'notes'"),
    ],
)
def test_tables_and_triggers_that_archtool_does_not_make_are_named(
    tmp_path: Path, statement: str, words: str
) -> None:
    with make_register(tmp_path) as register:
        assert list(check_schema(register.connection)) == []
        register.connection.execute(statement)
        (fault,) = check_schema(register.connection)
    assert (fault.code, fault.message[: len(words)]) == ("register.schema-differs", words)


def test_an_index_that_lacks_a_row_is_found(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=3) as register:
        connection = register.connection
        (sql,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'copy_of_holding'").fetchone()
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_schema WHERE name = 'copy_of_holding'")
        path = register.path
    with open_register(path) as register:  # the index is unknown here, and gets no row
        register.append(ingestion(9))
        register.connection.execute("PRAGMA writable_schema = ON")
        (page,) = register.connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'copy_at_place'"
        ).fetchone()
        register.connection.execute(
            "UPDATE sqlite_schema SET sql = ? WHERE name = 'copy_at_place'",
            (sql.replace("copy_of_holding", "copy_at_place").replace("(holding)", "(holding, key)"),),
        )
        assert page
    with open_register(path, read_only=True) as register:
        assert [fault.code for fault in check_database(register.connection)][:1] == [
            "register.database-damaged"
        ]
