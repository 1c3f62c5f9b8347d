"""Changes registers past their triggers, as somebody does who can write the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from archtool.holdings.event import NO_PREVIOUS, record_digest


@contextmanager
def unprotected(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the database without what protects its events, which is put back afterwards."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        found = connection.execute(
            "SELECT type, name, sql FROM sqlite_schema WHERE type = 'trigger' OR name = 'event_of_holding'"
        ).fetchall()
        for what, name, _ in found:
            connection.execute(f"DROP {what} {name}")
        yield connection
        for _, _, statement in found:
            connection.execute(statement)


def plain_events(path: Path) -> sqlite3.Connection:
    """Return a database in memory with the same events in a table that accepts anything."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE event (number INTEGER PRIMARY KEY, record, digest)")
    with closing(sqlite3.connect(path)) as source:
        rows = source.execute("SELECT number, record, digest FROM event").fetchall()
    connection.executemany("INSERT INTO event VALUES (?, ?, ?)", rows)
    return connection


def swap(connection: sqlite3.Connection, first: int, second: int) -> None:
    """Exchange two events with their digests."""
    for old, new in ((first, -1), (second, first), (-1, second)):
        connection.execute("UPDATE event SET number = ? WHERE number = ?", (new, old))


def chain_again(connection: sqlite3.Connection) -> None:
    """Compute all links and digests again, as somebody does who rewrites the whole register."""
    previous = NO_PREVIOUS
    for number, record in connection.execute("SELECT number, record FROM event ORDER BY number").fetchall():
        begin, _, rest = record.rpartition('"previous":"')
        changed = f'{begin}"previous":"{previous}{rest[64:]}'
        digest = record_digest(changed.encode())
        connection.execute(
            "UPDATE event SET record = ?, digest = ? WHERE number = ?", (changed, digest, number)
        )
        previous = digest.hex()
