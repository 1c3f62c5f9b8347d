"""Lists holdings by name, a page at a time; each page takes milliseconds, however large the register is.

A filter that few copies pass is looked up in the index of the copies first; one that many pass is checked
while the names are read in order. Both give the same list.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from archtool.holdings.copy_state import CopyState
from archtool.holdings.lookup.totals import read_kept_totals
from archtool.holdings.model import Copy, Holding
from archtool.holdings.queries import HOLDING_COLUMNS, copies_of, holding_of_row

_FEW = 5_000  # copies: they are looked up and sorted in some milliseconds


@dataclass(frozen=True, slots=True)
class HoldingFilter:
    """Which holdings are listed; those that were withdrawn are not, unless they are asked for."""

    state: CopyState | None = None
    """Holdings with a copy in this state."""
    waiting_since_before: str | None = None
    """Holdings with a copy that has waited for its check since before this time."""
    text: str | None = None
    """Holdings with this text in their name or title, in upper or lower case."""
    is_withdrawn: bool = False
    """Whether the withdrawn holdings are listed instead of the kept ones."""
    or_waiting_since_after: str | None = None
    """Beside `waiting_since_before`: holdings with a copy that has waited since after this time."""


def list_holdings(
    connection: sqlite3.Connection, wanted: HoldingFilter, after: str = "", limit: int | None = None
) -> Iterator[tuple[Holding, list[Copy]]]:
    """Yield holdings with their copies, sorted by name; `after` is the last name of the page before."""
    conditions, values = _conditions(connection, wanted)
    name = "holding.name"
    if any(" IN (SELECT" in condition for condition in conditions):
        name = "+holding.name"  # the plus keeps SQLite from reading all names in order
    statement = (
        f"SELECT {HOLDING_COLUMNS} FROM holding WHERE {name} > ? AND {' AND '.join(conditions)}"  # noqa: S608
        f" ORDER BY {name} LIMIT ?"
    )
    rows = connection.execute(statement, (after, *values, -1 if limit is None else limit))
    for row in rows:
        holding = holding_of_row(row)
        yield holding, copies_of(connection, holding)


def count_kept(connection: sqlite3.Connection) -> int:
    """Return how many holdings there are that were not withdrawn."""
    return read_kept_totals(connection)["holdings"][0]


def _conditions(connection: sqlite3.Connection, wanted: HoldingFilter) -> tuple[list[str], list[str]]:
    conditions, values = [f"withdrawn_at IS {'NOT ' if wanted.is_withdrawn else ''}NULL"], []
    condition, of_copy = _copy_condition(wanted)
    if condition:
        if _are_few(connection, condition, of_copy):
            conditions.append(f"holding.key IN (SELECT copy.holding FROM copy WHERE {condition})")  # noqa: S608
        else:
            conditions.append(
                f"EXISTS (SELECT 1 FROM copy WHERE copy.holding = holding.key AND {condition})"  # noqa: S608
            )
        values += of_copy
    if wanted.text is not None:
        connection.create_function("folded", 1, lambda text: text and text.casefold(), deterministic=True)
        conditions.append("(instr(folded(name), ?) OR instr(folded(title), ?))")
        values += [wanted.text.casefold()] * 2
    return conditions, values


def _copy_condition(wanted: HoldingFilter) -> tuple[str, list[str]]:
    conditions, values = [], []
    if wanted.state is not None:
        conditions.append("state = ?")
        values.append(wanted.state.value)
    if wanted.waiting_since_before is not None:
        after = wanted.or_waiting_since_after
        late = "waiting_since < ?" if after is None else "(waiting_since < ? OR waiting_since > ?)"
        conditions.append(f"rank IN (0, 1, 2) AND {late}")
        values += [wanted.waiting_since_before, *([] if after is None else [after])]
    return " AND ".join(["removed_at IS NULL", *conditions]) if conditions else "", values


def _are_few(connection: sqlite3.Connection, condition: str, values: list[str]) -> bool:
    (count,) = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM copy WHERE {condition} LIMIT {_FEW + 1})",  # noqa: S608
        values,
    ).fetchone()
    return bool(count <= _FEW)
