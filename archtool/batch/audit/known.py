"""Reads faults of earlier checks that this run did not check again; each is reported until it is mended."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from archtool.batch.audit.limits import MAX_KNOWN_NAMES
from archtool.batch.audit.tally import AuditTally
from archtool.holdings.audit_report import KnownBad
from archtool.holdings.lookup.totals import Totals

_NAMES = (
    "SELECT name, place FROM copy JOIN holding ON holding.key = copy.holding WHERE removed_at IS NULL AND "
)
_UNREAD = "state = 'unreadable'"
_BAD = "rank = 0 AND state <> 'unreadable'"
_NOT_ACCEPTED = "trust = 'not-accepted'"


def read_known_bad(connection: sqlite3.Connection, totals: Totals, tally: AuditTally) -> KnownBad:
    """Return the copies that an earlier check saw to be bad."""
    copies = totals.known_bad - _count(connection, _UNREAD) - (tally.bad - tally.unread)
    return _known(connection, _BAD, copies, tally.places)


def read_known_unread(connection: sqlite3.Connection, tally: AuditTally) -> KnownBad:
    """Return the copies that an earlier check could not read, so that nothing is known about them."""
    return _known(connection, _UNREAD, _count(connection, _UNREAD) - tally.unread, tally.places)


def read_not_accepted(connection: sqlite3.Connection, tally: AuditTally) -> KnownBad:
    """Return the copies in order whose signers an earlier check did not accept."""
    copies = _count(connection, _NOT_ACCEPTED) - tally.not_accepted
    return _known(connection, _NOT_ACCEPTED, copies, {copy.place for copy in tally.untrusted})


def _count(connection: sqlite3.Connection, condition: str) -> int:
    (count,) = connection.execute(
        f"SELECT count(*) FROM copy WHERE removed_at IS NULL AND {condition}"  # noqa: S608 - a constant
    ).fetchone()
    return int(count)


def _known(connection: sqlite3.Connection, condition: str, copies: int, found: Collection[str]) -> KnownBad:
    """Return the copies with the names of some of them; `found` are the places that this run found."""
    if copies <= 0:
        return KnownBad(0, ())
    rows = connection.execute(f"{_NAMES}{condition} LIMIT ?", (len(found) + MAX_KNOWN_NAMES,))
    names = dict.fromkeys(name for name, place in rows if place not in found)
    return KnownBad(copies, list(names)[:MAX_KNOWN_NAMES])
