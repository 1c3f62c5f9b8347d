"""Proves the chain: every record has its digest, names the digest of the one before, and none is missing.

1. The numbers are 1, 2, 3 … without a gap.
2. The SHA-256 of each record, byte for byte as it is stored, is the digest stored beside it.
3. `previous` in each record is the digest of the record before.

Records are read as bytes, in batches. A batch without a fault is compared as a whole; one with a fault is
checked event by event. A long chain is checked in spans, side by side: each begins with the digest of the
event before it. Where an event that does not follow belongs is only known at the end: `explain_links`.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from archtool.findings import Finding
from archtool.holdings import finding_kinds as kinds
from archtool.holdings.chain import RegisterHead
from archtool.holdings.checking.event_words import event_words
from archtool.holdings.checking.form_check import check_form
from archtool.holdings.event import NO_PREVIOUS
from archtool.holdings.limits import MAX_SEARCHED_LINKS

MAX_NUMBER = 2**63 - 1
_BATCH = 512
_SELECT = """
SELECT number, CAST(record AS BLOB), digest FROM main.event WHERE number BETWEEN ? AND ? ORDER BY number
"""
_SELECT_BEFORE = """
SELECT number, CAST(record AS BLOB), digest FROM main.event WHERE number < ? ORDER BY number DESC LIMIT 1
"""
_MARK = b'"previous":"'
_DIGITS = len(NO_PREVIOUS)
_DIGEST = re.compile(rb"[0-9a-f]{%d}" % _DIGITS)
_Row = tuple[int, bytes, bytes]


@dataclass(frozen=True, slots=True)
class Span:
    """The events from one number to another."""

    first: int = 1
    last: int = MAX_NUMBER


@dataclass(slots=True)
class ChainCheck:
    """A check of one span of a chain; its results are complete when `findings` has been read to the end."""

    connection: sqlite3.Connection
    span: Span = field(default_factory=Span)
    with_forms: bool = False
    """Also check each event for itself (`form_check`)."""
    count: Callable[[int], None] = lambda _: None
    """Called with the number of further events that were read."""
    events: int = 0
    """How many events were read."""
    number: int = 0
    """The number of the last event that was read."""
    stored: bytes = bytes(32)
    """Its digest as it is stored, which the next record must name."""
    computed: bytes = bytes(32)
    broken: dict[int, bytes] = field(default_factory=dict)
    """Number of an event that does not follow the one before → the digest that it names."""

    @property
    def head(self) -> RegisterHead:
        """The last event that was read."""
        return RegisterHead(self.number, self.stored.hex())

    def findings(self) -> Iterator[Finding]:
        """Read the events, and yield what is wrong with them; `explain_links` says more about `broken`."""
        before = self.connection.execute(_SELECT_BEFORE, (self.span.first,)).fetchone()
        if before is not None:
            self._move_to(*before)
        cursor = self.connection.execute(_SELECT, (self.span.first, self.span.last))
        while rows := cursor.fetchmany(_BATCH):
            if not self._is_sound(rows):
                for row in rows:
                    yield from self._check(row)
            if self.with_forms:
                for number, record, _ in rows:
                    yield from check_form(number, record)
            self.events += len(rows)
            self.count(len(rows))

    def _move_to(self, number: int, record: bytes | None, digest: bytes) -> None:
        self.number, self.computed = number, sha256(_bytes(record)).digest()
        self.stored = digest if isinstance(digest, bytes) else self.computed

    def _is_sound(self, rows: Sequence[_Row]) -> bool:
        numbers, records, stored = zip(*rows, strict=True)
        if numbers != tuple(range(self.number + 1, self.number + 1 + len(rows))) or None in records:
            return False
        computed = [sha256(record).digest() for record in records]
        if tuple(computed) != stored:
            return False
        # the last one: `previous` is followed by texts only, in which a quotation mark is escaped
        named = b"".join([r[(i := r.rfind(_MARK) + len(_MARK)) : i + _DIGITS] for r in records])
        if named != b"".join([self.stored, *computed[:-1]]).hex().encode():
            return False
        self.number, self.stored, self.computed = numbers[-1], computed[-1], computed[-1]
        return True

    def _check(self, row: _Row) -> Iterator[Finding]:
        number, record, digest = row
        data = _bytes(record)
        if number != self.number + 1:
            yield _missing(self.number + 1, number, data)
        elif _named(data) not in (self.stored.hex().encode(), self.computed.hex().encode()):
            yield from self._note_broken(number, data)
        self._move_to(*row)
        if self.computed != digest:
            message = f"{event_words(number, data)}: its record does not have the digest stored beside it"
            yield kinds.RECORD_ALTERED.at(message)

    def _note_broken(self, number: int, record: bytes) -> Iterator[Finding]:
        if len(self.broken) < MAX_SEARCHED_LINKS:
            self.broken[number] = _named(record)
        else:
            yield _broken(number, record)


def _bytes(record: object) -> bytes:
    return record if isinstance(record, bytes) else b""


def _named(record: bytes) -> bytes:
    begin = record.rfind(_MARK) + len(_MARK)
    return record[begin : begin + _DIGITS]


def _missing(first: int, number: int, record: bytes) -> Finding:
    last = number - 1
    which = f"event {first:,} is" if first == last else f"events {first:,} to {last:,} are"
    return kinds.EVENT_MISSING.at(f"{which} missing: the next one is {event_words(number, record)}")


def explain_links(connection: sqlite3.Connection, broken: dict[int, bytes]) -> Iterator[Finding]:
    """Yield for each broken link where the event that it names is now, if it is anywhere."""
    if not broken:
        return
    places = _places_of(connection, set(broken.values()))
    explained: set[int] = set()
    for first, second in _swapped_pairs(broken, places):
        if first in explained:  # each swap breaks four links, or three of neighbours
            continue
        explained |= {first, first + 1, second, second + 1}
        one, other = (event_words(n, _record_of(connection, n)) for n in (first, second))
        yield kinds.EVENTS_SWAPPED.at(f"{one} and {other} have been swapped")
    for number in sorted(broken.keys() - explained):
        record, place = _record_of(connection, number), places.get(broken[number])
        if place is None:
            yield _broken(number, record)
        else:
            text = f"{event_words(number, record)} was written after what is now event {place:,}"
            yield kinds.EVENTS_SWAPPED.at(text)


def _swapped_pairs(broken: dict[int, bytes], places: dict[bytes, int]) -> Iterator[tuple[int, int]]:
    """Yield two numbers whose events belong each to the place of the other."""
    after = {number: places.get(named) for number, named in broken.items()}
    for first, place in after.items():
        if place is None or place < first:
            continue
        # of two neighbours, the first now stands behind the second; others stand behind those between them
        for second in (place, place + 1):
            if second > first and after.get(second) == first - 1:
                yield first, second


def _places_of(connection: sqlite3.Connection, digests: set[bytes]) -> dict[bytes, int]:
    wanted = {bytes.fromhex(text.decode()): text for text in digests if _DIGEST.fullmatch(text)}
    places = {NO_PREVIOUS.encode(): 0}
    for number, digest in connection.execute("SELECT number, digest FROM main.event ORDER BY number"):
        if digest in wanted:
            places.setdefault(wanted[digest], number)
    return places


def _record_of(connection: sqlite3.Connection, number: int) -> bytes:
    row = connection.execute(
        "SELECT CAST(record AS BLOB) FROM main.event WHERE number = ?", (number,)
    ).fetchone()
    return row[0] if row is not None and isinstance(row[0], bytes) else b""


def _broken(number: int, record: bytes) -> Finding:
    before = "it is not the first one" if number == 1 else f"event {number - 1:,} is not the one before it"
    return kinds.LINK_BROKEN.at(
        f"{event_words(number, record)}: {before}: an event was changed, or events in between were removed"
    )
