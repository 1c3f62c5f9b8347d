"""Yields the rows of the tables of a report, however many there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from archtool.holdings.limits import MAX_PROBLEMS
from archtool.holdings.reporting.faults import bad_copies, read_fault
from archtool.holdings.reporting.model import Fault

_ALL = -1  # no limit, in SQL
_COPIES = """
SELECT name, title, holding.kind, files, holding.size_bytes, accession, custodian, registered_at,
    withdrawn_at, copy.head, place, copy.kind, state, state_since, waiting_since, checked_at,
    quick_checked_at, added_at
FROM holding LEFT JOIN copy ON copy.holding = holding.key AND removed_at IS NULL
ORDER BY name, copy.key
"""


def copy_rows(connection: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each copy, and one for each holding without a copy, in the order of the names."""
    yield from connection.execute(_COPIES)


def all_faults(connection: sqlite3.Connection, new_since: str) -> Iterator[Fault]:
    """Yield every copy that is not in order, with all problems that its check recorded."""
    for copy in bad_copies(connection, new_since, _ALL):
        yield read_fault(connection, copy, new_since, MAX_PROBLEMS)
