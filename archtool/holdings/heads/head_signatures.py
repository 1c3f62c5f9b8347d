"""The signatures on heads that a register keeps; they are no part of the chain."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

_COLUMNS = "number, key, signer, statement, signature, timestamp"


@dataclass(frozen=True, slots=True)
class HeadSignature:
    """One signature on one head."""

    number: int
    """The event that is the head."""
    key: str
    """The fingerprint of the key, `SHA256:…`."""
    signer: str
    """The name that the signer gave; trust rests on the key."""
    statement: str
    """The text that is signed."""
    signature: str
    """SSHSIG, armoured."""
    timestamp: bytes | None
    """An RFC 3161 token over the signature."""


def read_head_signatures(
    connection: sqlite3.Connection, number: int | None = None
) -> Iterator[HeadSignature]:
    """Yield the signatures of one head, or of all, in the order of the events."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM head_signature WHERE number = :number OR :number IS NULL"  # noqa: S608
        " ORDER BY number, key",
        {"number": number},
    )
    for row in rows:
        yield HeadSignature(*row)


def store_head_signature(connection: sqlite3.Connection, signature: HeadSignature) -> None:
    """Store a signature; one by the same key on the same head gets the timestamp that it lacks."""
    connection.execute(
        f"INSERT INTO head_signature ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608 - a constant
        " ON CONFLICT DO UPDATE SET timestamp = coalesce(timestamp, excluded.timestamp)"
        " WHERE signature = excluded.signature",
        (
            signature.number, signature.key, signature.signer, signature.statement, signature.signature,
            signature.timestamp,
        ),
    )  # fmt: skip
