"""Appends events to the chain, and reads its head."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from typing import Self

from archtool.canonical_json import canonical_json
from archtool.errors import InputError, StorageError
from archtool.holdings.event import NO_PREVIOUS, Event, record_digest
from archtool.holdings.limits import MAX_NUMBER_DIGITS, MAX_RECORD_BYTES
from archtool.holdings.projection import apply_event

MIN_DIGITS = 32  # of the digest of a head: 128 bits resist a second preimage, and can be copied by hand
_HEAD = re.compile(
    rf"([0-9]{{1,{MAX_NUMBER_DIGITS}}})\s+sha256:([0-9a-f]{{{MIN_DIGITS},64}})", re.ASCII | re.IGNORECASE
)
_INSERT = "INSERT INTO event (number, record, digest) VALUES (?, ?, ?)"


class EventTooLargeError(StorageError):
    """An event is larger than the register keeps; nothing of it was written."""


@dataclass(frozen=True, slots=True)
class RegisterHead:
    """The last event of a register: its number, and the digest that vouches for all events up to it."""

    number: int
    hex: str
    """The SHA-256 of the record, 64 digits; zeros for a register without events.

    Of a head that was copied by hand, at least the first 32.
    """

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `1204 sha256:9f86…`.

        Raises:
            InputError: the text does not have that form.
        """
        found = _HEAD.fullmatch(text.strip())
        if found is None:
            raise InputError(
                f"not the head of a register: {text[:200]!r}",
                hint="write it as `archtool holdings head` prints it, in quotes: "
                f'"1204 sha256:…", with at least {MIN_DIGITS} digits; or name the file of a head',
            )
        return cls(int(found[1]), found[2].lower())

    def __str__(self) -> str:
        return f"{self.number} sha256:{self.hex}"


def read_head(connection: sqlite3.Connection) -> RegisterHead:
    """Return the head of the chain."""
    row = connection.execute("SELECT number, digest FROM event ORDER BY number DESC LIMIT 1").fetchone()
    return RegisterHead(row[0], row[1].hex()) if row is not None else RegisterHead(0, NO_PREVIOUS)


def contains_head(connection: sqlite3.Connection, head: RegisterHead) -> bool:
    """Whether the event of a head is in the register, with the same digest."""
    row = connection.execute("SELECT digest FROM event WHERE number = ?", (head.number,)).fetchone()
    return row is not None and row[0].hex() == head.hex


class ChainWriter:
    """Appends events within one write transaction, and updates the state that follows from them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.head = read_head(connection)

    def append(self, event: Event) -> RegisterHead:
        """Append one event; returns the new head.

        Raises:
            InputError: the event contradicts the state, for instance a copy of an unknown holding.
            EventTooLargeError: the event has more than `MAX_RECORD_BYTES`.
            ValueError, TypeError: the event has no canonical form.
        """
        record = event.to_record(self.head.hex)
        data = record.encode("utf-8")
        if len(data) > MAX_RECORD_BYTES:
            raise EventTooLargeError(
                f"an event is too large for the register: {len(data):,} bytes, at most {MAX_RECORD_BYTES:,}",
                hint=_hint(event),
            )
        digest = record_digest(data)
        self.head = RegisterHead(self.head.number + 1, digest.hex())
        self.connection.execute(_INSERT, (self.head.number, record, digest))
        apply_event(self.connection, event)
        return self.head


def _hint(event: Event) -> str:
    """Return what makes an event shorter: the largest text or list of its detail."""
    sizes = {name: len(canonical_json(value)) for name, value in event.detail.items()}
    longest = max(sizes, key=lambda name: sizes[name], default="note")
    return f"shorten what it says as {longest}; nothing was changed"
