"""Registers of every released version are opened by today's archtool, and keep all that is in them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archtool.errors import StorageError
from archtool.holdings import migrations, register
from archtool.holdings.checking.chain_check import ChainCheck
from archtool.holdings.checking.database_check import check_schema, expected_schema
from archtool.holdings.checking.state_check import StateCheck
from archtool.holdings.migrations import APPLICATION_ID, MIGRATIONS
from archtool.holdings.register import open_register
from golden_files import assert_golden
from unit.holdings.checking.test_state_check import busy_register
from unit.holdings.registers import check, day, make_register

SCHEMAS = Path(__file__).parent / "schemas"
RELEASED = [SCHEMAS / f"version-{number}.sql" for number in range(1, len(MIGRATIONS) + 1)]
NEXT = "ALTER TABLE shelf ADD COLUMN note TEXT;\nCREATE TABLE loan (place TEXT PRIMARY KEY) STRICT;\n"


def dump(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        lines = [*connection.iterdump(), f"PRAGMA application_id = {APPLICATION_ID};"]
        return "\n".join([*lines, f"PRAGMA user_version = {version};", ""])


def restored(text: str, path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(text)
        connection.execute("PRAGMA journal_mode = WAL")
    return path


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let archtool be one version ahead."""
    for module in (migrations, register):
        monkeypatch.setattr(module, "MIGRATIONS", (*MIGRATIONS, NEXT))


def test_the_current_version_has_a_fixture(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    # the fixture of a version that was released is never written again: its migration cannot change
    assert_golden(RELEASED[-1], dump(busy_register(tmp_path)), request)


@pytest.mark.parametrize("fixture", RELEASED, ids=lambda path: path.stem)
def test_a_register_of_a_released_version_opens_verifies_and_goes_on(tmp_path: Path, fixture: Path) -> None:
    path = restored(fixture.read_text(encoding="utf-8"), tmp_path / "old.register")
    with open_register(path) as opened:
        opened.append(check(0, day(20), place="/new/letters-0"))
    with open_register(path, read_only=True) as opened, opened.reading() as connection:
        assert list(check_schema(connection)) == []
        assert list(ChainCheck(connection).findings()) == []
        assert list(StateCheck(connection).findings()) == []
        assert connection.execute("SELECT count(*) FROM event").fetchone() == (19,)


@pytest.mark.usefixtures("next_version")
def test_opening_an_older_register_to_write_runs_the_migrations_that_it_lacks(tmp_path: Path) -> None:
    path = restored(RELEASED[-1].read_text(encoding="utf-8"), tmp_path / "old.register")
    with open_register(path) as opened:
        assert opened.connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
        assert opened.connection.execute("SELECT note FROM shelf").fetchall() == [(None,)]
        assert list(ChainCheck(opened.connection).findings()) == []
    with open_register(path) as opened:  # a second time: nothing is left to be done
        assert opened.connection.execute("SELECT count(*) FROM loan").fetchone() == (0,)


@pytest.mark.usefixtures("next_version")
def test_a_new_register_and_a_migrated_one_have_the_same_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archtool.holdings.checking.database_check.MIGRATIONS", (*MIGRATIONS, NEXT))
    expected_schema.cache_clear()
    path = restored(RELEASED[-1].read_text(encoding="utf-8"), tmp_path / "old.register")
    with make_register(tmp_path) as new, open_register(path) as old:
        faults = [*check_schema(new.connection), *check_schema(old.connection)]
    expected_schema.cache_clear()
    assert faults == []


@pytest.mark.usefixtures("next_version")
def test_reading_an_older_register_changes_nothing_and_says_what_to_do(tmp_path: Path) -> None:
    path = restored(RELEASED[-1].read_text(encoding="utf-8"), tmp_path / "old.register")
    before = path.read_bytes()
    with pytest.raises(
        StorageError, match="written by an older archtool: its tables have version 1"
    ) as caught:
        open_register(path, read_only=True)
    assert "run a command that writes into it" in str(caught.value.hint)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "broken", ["CREATE TABLE half (x);\nSELECT 1 / nothing;\n", "CREATE TABLE event (x);\n"]
)
def test_an_interrupted_migration_leaves_the_old_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    path = restored(RELEASED[-1].read_text(encoding="utf-8"), tmp_path / "old.register")
    before = dump(path)
    with monkeypatch.context() as patch:
        patch.setattr(register, "MIGRATIONS", (*MIGRATIONS, NEXT + broken))
        with pytest.raises(StorageError, match="cannot use the register"):
            open_register(path)
    assert dump(path) == before
    with open_register(path) as opened:
        opened.append(check(0, day(20), place="/new/letters-0"))


@pytest.mark.usefixtures("next_version")
def test_two_that_open_an_older_register_at_once_migrate_it_once(tmp_path: Path) -> None:
    path = restored(RELEASED[-1].read_text(encoding="utf-8"), tmp_path / "old.register")
    with open_register(path), open_register(path) as second:
        assert second.connection.execute("SELECT count(*) FROM loan").fetchone() == (0,)
