"""Keeps the jobs of a batch for its summaries in a temporary database, to write them in the source's order.

Jobs end in another order than that of the source. The database is a file without a name, which disappears
with the connection, so memory does not grow with the number of jobs.

Source: sqlite.org/inmemorydb.html (temporary databases).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from archtool.canonical_json import format_json_line
from archtool.errors import StorageError

_SCHEMA = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE jobs (position INTEGER PRIMARY KEY, status TEXT, job TEXT);
    BEGIN;
"""


class SummaryStore:
    """The jobs that have ended, by their position in the source."""

    def __init__(self) -> None:
        # garbage collection closes the database, which can happen in another thread
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.executescript(_SCHEMA)

    def __del__(self) -> None:
        self._database.close()

    def add(self, position: int, status: str, job: dict[str, Any]) -> None:
        """Store the JSON object of a job; `status` is what it is found by."""
        try:
            values = (position, status, format_json_line(job))
            self._database.execute("INSERT INTO jobs VALUES (?, ?, ?)", values)
        except sqlite3.Error as error:
            raise _storage_error(error) from error

    def jobs(self) -> Iterator[dict[str, Any]]:
        """Yield all jobs in the order of the source."""
        return self._select("SELECT job FROM jobs ORDER BY position")

    def jobs_with(self, status: str, limit: int) -> Iterator[dict[str, Any]]:
        """Yield the first jobs with a status, in the order of the source."""
        return self._select("SELECT job FROM jobs WHERE status = ? ORDER BY position LIMIT ?", status, limit)

    def _select(self, query: str, *values: str | int) -> Iterator[dict[str, Any]]:
        try:
            for (job,) in self._database.execute(query, values):
                yield json.loads(job)
        except sqlite3.Error as error:
            raise _storage_error(error) from error


def _storage_error(error: sqlite3.Error) -> StorageError:
    return StorageError(
        f"the jobs of the summary cannot be stored in a temporary file: {error}",
        hint="check the free space in the folder of temporary files, or set TMPDIR to another folder",
    )
