"""The rows of one table of a batch, stored in a temporary database until the jobs need them.

A table is read once. Its rows are found again by their position in the order in which they were added, and by
the key of their package. The database is a file without a name, which disappears with the connection: memory
does not grow with the length of the texts. It is never read after a crash, so it needs no journal.

Source: sqlite.org/inmemorydb.html (temporary databases).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from archtool.batch.sources.rows.row_columns import RowColumns
from archtool.batch.sources.table_columns import PACKAGE
from archtool.canonical_json import format_json_line
from archtool.errors import StorageError
from archtool.files.paths import shown
from archtool.findings import Place
from archtool.tables.model import Fault, Row, Table

_SCHEMA = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE rows (position INTEGER PRIMARY KEY, number INTEGER, package BLOB, cells TEXT);
    BEGIN;
"""


class TableIndex:
    """A table, the meaning of its columns, and its stored rows; positions count from 0."""

    def __init__(self, table: Table, columns: RowColumns) -> None:
        self.table = table
        self.columns = columns
        self._count = 0
        self._faults: dict[int, tuple[Fault, ...]] = {}
        # garbage collection closes the index, which can happen in another thread
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.executescript(_SCHEMA)

    def __del__(self) -> None:
        self._database.close()

    def add(self, row: Row) -> None:
        """Store a row after those that were added before."""
        if row.faults:
            self._faults[self._count] = row.faults
        values = (
            self._count,
            row.number,
            _as_key(self.columns.text(row, PACKAGE)),
            format_json_line(row.cells),
        )
        try:
            self._database.execute("INSERT INTO rows VALUES (?, ?, ?, ?)", values)
        except sqlite3.Error as error:
            raise self._storage_error(error) from error
        self._count += 1

    def index_packages(self) -> None:
        """Make rows findable by package, after all were added: one sort is faster than one for each row."""
        list(self._select("CREATE INDEX by_package ON rows (package)"))

    def row_at(self, position: int) -> Row:
        """Return a stored row."""
        return next(self._rows("position = ?", position))

    def rows_of(self, key: str) -> Iterator[Row]:
        """Return the rows of a package, in the order of the table."""
        return self._rows("package = ? ORDER BY position", _as_key(key))

    def packages(self) -> Iterator[tuple[str, int, int]]:
        """Yield each package that has rows, the position of its first row, and its number of rows."""
        query = "SELECT package, min(position) AS first, count(*) FROM rows GROUP BY package ORDER BY first"
        for key, first, count in self._select(query):
            yield key.decode("utf-8", "surrogatepass"), first, count

    def place(self, position: int, name: str) -> Place:
        """Return the cell of a stored row in a column, also if the table has no such column."""
        ((number,),) = self._select("SELECT number FROM rows WHERE position = ?", position)
        return self.columns.place(number, name)

    def _rows(self, condition: str, value: int | bytes) -> Iterator[Row]:
        query = f"SELECT position, number, cells FROM rows WHERE {condition}"  # noqa: S608 - conditions of this module
        for position, number, cells in self._select(query, value):
            yield Row(number, tuple(json.loads(cells)), self._faults.get(position, ()))

    def _select(self, query: str, *values: int | bytes) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._database.execute(query, values)
        except sqlite3.Error as error:
            raise self._storage_error(error) from error

    def _storage_error(self, error: sqlite3.Error) -> StorageError:
        return StorageError(
            f"the rows of {shown(self.table.file)} cannot be stored in a temporary file: {error}",
            hint="check the free space in the folder of temporary files, or set TMPDIR to another folder",
        )


def _as_key(key: str) -> bytes:
    # half of a surrogate pair is refused later, with the place of its cell; SQLite's texts cannot contain it
    return key.encode("utf-8", "surrogatepass")
