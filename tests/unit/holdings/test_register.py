"""The register: one file, whose events are never changed and whose state follows from them."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from archtool.errors import InputError, StorageError
from archtool.holdings import register as register_module
from archtool.holdings.event import Event, EventOutcome, format_time, record_digest
from archtool.holdings.event_types import EventType
from archtool.holdings.queries import copies_of, find_copy_at, find_holding, read_settings, records_of
from archtool.holdings.register import DamagedRegisterError, create_register, open_register
from unit.holdings.registers import SOURCE, check, day, ingestion, make_register


def test_each_event_carries_the_digest_of_the_one_before(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=3) as register:
        records = [record for _, record in records_of(register.connection)]
    previous = "0" * 64
    for record in records:
        assert Event.parse(record)[1] == previous
        previous = record_digest(record.encode()).hex()
    assert len(records) == 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET record = record || ' ' WHERE number = 2",
        "DELETE FROM event WHERE number = 2",
        "INSERT OR REPLACE INTO event (number, record, digest) SELECT number, record, digest FROM event",
        "INSERT INTO event (number, record, digest) SELECT 9, record, digest FROM event WHERE number = 1",
        "INSERT INTO event (number, record, digest) SELECT 4, record, digest FROM event WHERE number = 3",
    ],
)
def test_the_database_itself_refuses_to_change_an_event(tmp_path: Path, statement: str) -> None:
    with make_register(tmp_path, holdings=2) as register, pytest.raises(sqlite3.IntegrityError):
        register.connection.execute(statement)


def test_a_check_changes_the_state_of_its_copy_only(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=2) as register:
        register.append(check(0, day(1)), check(0, day(2), "changed"))
        damaged, untouched = (
            copies_of(register.connection, find_holding(register.connection, f"letters-{number}"))[0]
            for number in (0, 1)
        )
    assert (damaged.state, damaged.rank, damaged.checked_at) == ("changed", 0, "2026-01-03T02:00:00Z")
    assert (untouched.state, untouched.rank, untouched.checked_at) == ("never-checked", 1, None)


def test_a_copy_that_could_not_be_read_was_not_checked(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1) as register:
        register.append(check(0, day(1)), check(0, day(2), "unreadable"))
        found = find_copy_at(register.connection, "/shelf/letters-0")
    assert found is not None
    assert (found[1].checked_at, found[1].tried_at) == ("2026-01-02T02:00:00Z", "2026-01-03T02:00:00Z")


def test_a_state_lasts_since_it_was_first_seen(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1) as register:
        for at, state in [(1, "ok"), (2, "changed"), (3, "changed"), (4, "ok"), (5, "ok")]:
            register.append(check(0, day(at), state))
            copy = find_copy_at(register.connection, "/shelf/letters-0")[1]
            assert copy.state == state
            assert copy.state_since == format_time(day(2 if at == 3 else min(at, 4)))
            assert copy.checked_at == copy.waiting_since == copy.tried_at == format_time(day(at))


def test_a_quick_check_finds_faults_but_proves_nothing(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1) as register:
        for outcome, state, expected in [
            ("success", "ok", "never-checked"),
            ("failure", "missing", "missing"),
        ]:
            full = check(0, day(1), state)
            quick = replace(full, event=EventType.VALIDATION, outcome=EventOutcome(outcome))
            register.append(quick)
            copy = find_copy_at(register.connection, "/shelf/letters-0")[1]
            assert (copy.state, copy.checked_at) == (expected, None)
            assert copy.quick_checked_at == format_time(day(1))
            assert copy.waiting_since == format_time(day(0))


def test_a_moved_shelf_takes_its_copies_along_and_no_others(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1) as register:
        register.append(
            ingestion(1, place="/shelf-2/letters-1"),
            SOURCE.event(EventType.SHELF, day(0), detail={"place": "/shelf"}),
            SOURCE.event(EventType.SHELF_MOVED, day(1), detail={"from": "/shelf", "to": "/new"}),
        )
        assert find_copy_at(register.connection, "/new/letters-0") is not None
        assert find_copy_at(register.connection, "/shelf-2/letters-1") is not None


def test_an_event_that_contradicts_the_state_leaves_nothing_behind(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1) as register:
        with pytest.raises(InputError, match="already a holding named letters-0"):
            register.append(ingestion(1), ingestion(0))
        assert len(list(records_of(register.connection))) == 2


def test_a_register_of_a_newer_archtool_is_not_touched(tmp_path: Path) -> None:
    with make_register(tmp_path) as register:
        register.connection.execute("PRAGMA user_version = 99")
        path = register.path
    before = path.read_bytes()
    with pytest.raises(StorageError, match="newer archtool"):
        open_register(path)
    assert path.read_bytes() == before


def test_settings_are_those_of_the_last_policy(tmp_path: Path) -> None:
    with make_register(tmp_path) as register:
        register.append(SOURCE.event(EventType.POLICY, day(1), detail={"check-every-days": 30}))
        assert read_settings(register.connection)["check-every-days"] == "30"


def test_a_register_that_cannot_be_completed_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    with pytest.raises(InputError, match="no copy at"):
        create_register(folder / "a.register", check(0, day(1)))
    assert list(folder.iterdir()) == []


def test_a_new_register_is_one_file_and_has_no_log_beside_it(tmp_path: Path) -> None:
    make_register(tmp_path).connection.close()
    assert [path.name for path in tmp_path.iterdir()] == ["archive.register"]


def files_beside(path: Path) -> list[str]:
    return sorted(found.name for found in path.parent.iterdir() if found.name.startswith(f"{path.name}-"))


def test_a_reader_leaves_no_file_beside_the_register(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1) as register:
        path = register.path
    with open_register(path, read_only=True) as reader:
        assert read_settings(reader.connection)
    assert files_beside(path) == []


def test_a_reader_by_a_link_leaves_no_file_beside_the_register(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1) as register:
        path = register.path
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.register"
    link.symlink_to(path)
    with open_register(link, read_only=True) as reader:
        assert read_settings(reader.connection)
    assert (files_beside(path), files_beside(link)) == ([], [])


def test_a_reader_leaves_the_log_of_a_writer_that_is_still_open(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1) as register:
        with open_register(register.path, read_only=True) as reader:
            assert read_settings(reader.connection)
        assert len(files_beside(register.path)) == 2
        register.append(ingestion(1))
        with open_register(register.path, read_only=True) as reader:
            assert len(list(records_of(reader.connection))) == 3


def test_a_reader_leaves_events_in_a_log_where_they_are(tmp_path: Path) -> None:
    copy = tmp_path / "copy" / "archive.register"
    copy.parent.mkdir()
    with make_register(tmp_path) as register:
        register.append(ingestion(0))
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{register.path}{suffix}", f"{copy}{suffix}")
    before = copy.read_bytes(), copy.with_name(f"{copy.name}-wal").read_bytes()
    with open_register(copy, read_only=True) as reader:
        assert len(list(records_of(reader.connection))) == 2
    assert (copy.read_bytes(), copy.with_name(f"{copy.name}-wal").read_bytes()) == before


@pytest.mark.parametrize("there", ["a file", "a folder", "a dangling link"])
def test_a_new_register_never_replaces_anything(tmp_path: Path, there: str) -> None:
    path = tmp_path / "archive.register"
    {"a file": path.touch, "a folder": path.mkdir, "a dangling link": lambda: path.symlink_to("x")}[there]()
    with pytest.raises(InputError, match="exists already"):
        make_register(tmp_path)
    assert os.path.lexists(path)


def test_a_new_register_in_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no folder"):
        make_register(tmp_path / "missing")


@pytest.mark.parametrize(
    "name",
    [
        b"a?mode=memory",
        b"100% & more",
        b"a%41b",
        b"with space",
        b"#1",
        "é".encode(),
        b"\xff\xfe",
        b"a\nb",
        b";",
    ],
)
def test_a_path_with_any_name_is_opened_as_it_is(tmp_path: Path, name: bytes) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    folder.mkdir()
    with make_register(folder, holdings=1) as register:
        path = register.path
    moved = folder / os.fsdecode(name)
    path.rename(moved)
    with open_register(moved) as register:
        register.append(ingestion(5))
    with open_register(moved, read_only=True) as register:
        assert len(list(records_of(register.connection))) == 3
    names = {entry.name.removesuffix("-wal").removesuffix("-shm") for entry in folder.iterdir()}
    assert (names, [entry.name for entry in tmp_path.iterdir()]) == ({moved.name}, [folder.name])


def test_a_path_that_begins_with_two_slashes_is_opened(tmp_path: Path) -> None:
    with make_register(tmp_path) as register:
        path = register.path
    with open_register(Path(f"/{path}")) as register:
        assert len(list(records_of(register.connection))) == 1


@pytest.mark.parametrize(
    "content", [b"", b"SQLite format 3\0", b"SQLite format 3\0" + bytes(200), b"x" * 5000]
)
def test_another_file_is_not_taken_for_a_register(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.register"
    path.write_bytes(content)
    with pytest.raises(InputError, match="is not a register of archtool"):
        open_register(path)
    assert path.read_bytes() == content


def test_a_device_is_not_taken_for_a_register() -> None:
    with pytest.raises(InputError, match="is not a register of archtool"):
        open_register(Path("/dev/null"))


def test_a_damaged_header_is_named_as_damaged(tmp_path: Path) -> None:
    with make_register(tmp_path) as register:
        path = register.path
    with path.open("r+b") as file:
        file.seek(16)
        file.write(b"\0\1")  # size of a page
    with pytest.raises(DamagedRegisterError, match="is damaged"):
        open_register(path)


def test_opening_a_register_again_leaves_the_locks_of_this_process(tmp_path: Path) -> None:
    """Closing a file ends all POSIX locks of the process on it; another process could then write."""
    with make_register(tmp_path) as register:
        register.connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        register.append(ingestion(0))
        other = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('SELECT * FROM event')"
        for _ in range(2):
            done = subprocess.run(
                [sys.executable, "-c", other, register.path], capture_output=True, text=True, check=False
            )
            assert "database is locked" in done.stderr
            with pytest.raises(StorageError, match="is locked"):
                open_register(register.path, wait_seconds=0)


def test_a_register_that_was_cut_short_is_named_as_damaged(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=30) as register:
        path = register.path
    data = path.read_bytes()
    path.write_bytes(data[:5000])
    with pytest.raises(DamagedRegisterError, match="is damaged") as caught, open_register(path) as register:
        register.append(ingestion(99))
    assert "archtool holdings import" in str(caught.value.hint)


def test_the_log_behind_a_long_reader_is_cut_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pragmas = ("synchronous = FULL", "journal_size_limit = 100000", "wal_autocheckpoint = 20")
    monkeypatch.setattr(register_module, "_WRITING_PRAGMAS", pragmas)
    with make_register(tmp_path) as register:
        log = register.path.with_name(f"{register.path.name}-wal")
        with open_register(register.path, read_only=True) as reader, reader.reading() as connection:
            connection.execute("SELECT count(*) FROM event").fetchone()
            for number in range(0, 3000, 100):
                register.append(*(ingestion(n) for n in range(number, number + 100)))
            grown = log.stat().st_size
        for number in range(3000, 3010):
            register.append(ingestion(number))
        assert log.stat().st_size <= 100_000 < grown


def test_an_event_that_is_too_large_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1) as register:
        with pytest.raises(StorageError, match="an event is too large for the register"):
            register.append(check(0, day(1)), check(0, day(2), note="x" * 2_000_000))
        assert len(list(records_of(register.connection))) == 2
