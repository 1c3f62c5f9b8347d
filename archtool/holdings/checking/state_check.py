"""Compares the tables of the register with what its events give; their form is checked in `form_check`.

All events are applied again, by the same code that applied them when they were written, to tables of the same
names in SQLite's temporary database: a file that SQLite deletes, so that memory does not grow. Then SQLite
compares the two row by row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from archtool.errors import InputError, StorageError
from archtool.findings import Finding
from archtool.holdings import finding_kinds as kinds
from archtool.holdings.checking.database_check import expected_schema
from archtool.holdings.checking.event_words import event_words
from archtool.holdings.checking.form_check import record_text
from archtool.holdings.checking.time_check import TimeCheck
from archtool.holdings.event import Event
from archtool.holdings.limits import MAX_DIFFERENCES
from archtool.holdings.lookup.totals import count_totals, read_kept_totals
from archtool.holdings.migrations import STATE_TABLES
from archtool.holdings.projection import apply_event

_KEYS = {
    "copy": ("key",), "holding": ("key",), "setting": ("name",), "shelf": ("place",), "run": ("id",),
    "month": ("month", "event", "outcome"),
}  # fmt: skip
_INDEXES = ("copy_at_place", "copy_of_holding")  # those that applying events relies on; others cost time only
_CACHE_KIB = 64 * 1024
_BATCH = 256  # events between two calls of `count`
_SELECT = "SELECT number, CAST(record AS BLOB) FROM main.event ORDER BY number"


@dataclass(slots=True)
class StateCheck:
    """A check of one state; the result is complete when `findings` has been read to the end."""

    connection: sqlite3.Connection
    """Within a transaction that reads; its temporary database is used."""
    number: int = 0
    """The number of the last event that was read."""
    times: TimeCheck | None = None
    """Compares the times of the events; `None`: they are not compared."""
    unfit: int = 0
    """How many events could not be applied: then the state is not compared."""
    count: Callable[[int], None] = lambda _: None
    """Called with the number of further events that were applied."""
    rows: dict[str, int] = field(default_factory=dict)
    """The number of rows that were compared, by table."""

    def findings(self) -> Iterator[Finding]:
        """Apply all events, compare all tables, and yield what differs.

        Raises:
            StorageError: the folder for temporary files is full.
        """
        try:
            _make_tables(self.connection)
            for number, record in self.connection.execute(_SELECT):
                yield from self._apply(number, record)
                if number % _BATCH == 0:
                    self.count(_BATCH)
            yield from self.times.findings() if self.times is not None else ()
            if not self.unfit:
                for table in reversed(STATE_TABLES):
                    yield from self._compare(table)
                yield from _compare_totals(self.connection)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
                raise
            raise StorageError(
                "the state was not compared with the events: the folder for temporary files is full",
                hint="free some space there, or name a larger folder in the variable SQLITE_TMPDIR",
            ) from error

    def _apply(self, number: int, record: bytes | None) -> Iterator[Finding]:
        self.number = number
        try:
            event = Event.parse_loosely(record_text(record))
        except InputError:  # `check_form` says what is wrong with it
            self.unfit += 1
            return
        if self.times is not None:
            self.times.note(number, event)
        try:
            apply_event(self.connection, event)
        except InputError as error:
            self.unfit += 1
            yield kinds.EVENT_CONTRADICTS.at(f"{event_words(number, record)}: {error.message}")

    def _compare(self, table: str) -> Iterator[Finding]:
        columns = [row[1] for row in self.connection.execute(f"PRAGMA temp.table_info({table})")]
        (self.rows[table],) = self.connection.execute(f"SELECT count(*) FROM main.{table}").fetchone()  # noqa: S608
        differences = _differences(self.connection, table, columns)
        for row in islice(differences, MAX_DIFFERENCES):
            by_events, stored = row[: len(columns)], row[len(columns) :]
            yield kinds.STATE_DIFFERS.at(_words(self.connection, table, columns, by_events, stored))
        more = sum(1 for _ in differences)
        if more:
            yield kinds.STATE_DIFFERS.at(f"table {table}: and {more:,} more rows differ from the events")


def _compare_totals(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Yield the totals that the database keeps and that are not those of the tables made from the events."""
    kept, counted = read_kept_totals(connection), count_totals(connection)
    for name in sorted(kept.keys() | counted.keys()):
        if kept.get(name) != counted.get(name):
            words = f"total of {name}: by the events {counted.get(name)}, stored {kept.get(name)}"
            yield kinds.STATE_DIFFERS.at(words)


def _make_tables(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA temp.cache_size = -{_CACHE_KIB}")
    for table in STATE_TABLES:
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
    for (what, name), statement in expected_schema().items():
        if (what == "table" and name in STATE_TABLES) or name in _INDEXES:
            connection.execute(statement.replace(f" {name}", f" temp.{name}", 1))


def _differences(
    connection: sqlite3.Connection, table: str, columns: list[str]
) -> Iterator[tuple[object, ...]]:
    """Yield the columns by the events, then those that are stored, of each row in which they differ."""
    same_key = " AND ".join(f"e.{key} = s.{key}" for key in _KEYS[table])
    e, s = (", ".join(f"{side}.{column}" for column in columns) for side in "es")
    nulls = ", ".join(["NULL"] * len(columns))
    first_key = _KEYS[table][0]
    yield from connection.execute(
        f"SELECT {e}, {s} FROM temp.{table} AS e LEFT JOIN main.{table} AS s ON {same_key}"  # noqa: S608
        f" WHERE ({e}) IS NOT ({s})"
    )
    yield from connection.execute(
        f"SELECT {nulls}, {s} FROM main.{table} AS s LEFT JOIN temp.{table} AS e ON {same_key}"  # noqa: S608
        f" WHERE e.{first_key} IS NULL"
    )


def _words(
    connection: sqlite3.Connection, table: str, columns: list[str], by_events: tuple[object, ...],
    stored: tuple[object, ...],
) -> str:  # fmt: skip
    known = stored if all(value is None for value in by_events) else by_events
    row = _row_words(connection, table, dict(zip(columns, known, strict=True)))
    if known is stored:
        return f"table {table}: {row} is not in the events"
    if all(value is None for value in stored):
        return f"table {table}: {row} is missing; it is in the events"
    pairs = zip(columns, by_events, stored, strict=True)
    wrong = [
        f"{name} is {there!r}, by the events {right!r}" for name, right, there in pairs if right != there
    ]
    return f"table {table}: {row}: {'; '.join(wrong)}"


def _row_words(connection: sqlite3.Connection, table: str, row: dict[str, object]) -> str:
    if table == "holding":
        return f"holding {row['name']}"
    if table == "copy":
        found = connection.execute(
            "SELECT name FROM temp.holding WHERE key = ?", (row["holding"],)
        ).fetchone()
        return f"the copy of {found[0] if found else 'an unknown holding'} at {row['place']}"
    return " ".join(str(row[key]) for key in _KEYS[table])
