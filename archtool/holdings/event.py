"""One event of the register, and its canonical form.

The record of an event is its JSON in canonical form (RFC 8785), which carries the digest of the record before
it. So the digest of one record vouches for all records up to it.

    {"agent":"Jane Doe","at":"2026-11-30T09:00:00Z","detail":{…},"event":"fixity-check",
     "holding":"letters-1847","outcome":"success","previous":"<64 digits>","run":"…",
     "software":"archtool 0.1.0","type":"http://id.loc.gov/…"}

By hand: the SHA-256 of a record is the value of `previous` in the next one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self

from archtool.canonical_json import canonical_json, parse_canonical_json, parse_exact_json
from archtool.errors import InputError
from archtool.holdings.event_types import event_uri, is_event_name

NO_PREVIOUS = "0" * 64
"""The value of `previous` in the first event."""
_TIME_CHARACTERS = len("2026-11-30T09:00:00Z")
_TEXTS = ("agent", "at", "event", "outcome", "previous", "software", "type")
_OPTIONAL_TEXTS = ("holding", "run")
_MEMBERS = frozenset((*_TEXTS, *_OPTIONAL_TEXTS, "detail"))
_RECENT_TIMES = 16  # an event's time is formatted several times, and many events share a second


class EventOutcome(StrEnum):
    """How an event ended (PREMIS eventOutcome)."""

    SUCCESS = "success"
    FAILURE = "failure"
    INDETERMINATE = "indeterminate"
    """It was not found out, for instance because a disk could not be read."""


_OUTCOMES = frozenset(EventOutcome)


@dataclass(frozen=True, slots=True)
class Event:
    """One event before it is appended to a register."""

    event: str
    """A value of `EventType`, or a name of the archive's own that begins with `x-`."""
    at: datetime
    """Aware, UTC, whole seconds."""
    agent: str
    """Who is responsible: a person, or the account that a scheduled run belongs to."""
    software: str
    """Name and version, `archtool 0.1.0`."""
    outcome: EventOutcome = EventOutcome.SUCCESS
    holding: str | None = None
    """The name of the holding; `None` for an event of the whole register."""
    run: str | None = None
    """The id of the run that the event belongs to."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """Plain JSON values: texts, whole numbers, booleans, lists and objects; no fractions."""

    def to_record(self, previous: str) -> str:
        """Return the canonical JSON of the event; `previous` is the digest of the event before it, in hex.

        Raises:
            ValueError: a value has no canonical form here: a large number, a lone surrogate.
            TypeError: a value is a fraction, or not JSON.
        """
        value = {
            "agent": self.agent,
            "at": format_time(self.at),
            "detail": self.detail,
            "event": self.event,
            "outcome": self.outcome.value,
            "previous": previous,
            "software": self.software,
            "type": event_uri(self.event),
        }
        if self.holding is not None:
            value["holding"] = self.holding
        if self.run is not None:
            value["run"] = self.run
        return canonical_json(value)

    @classmethod
    def parse(cls, record: str) -> tuple[Self, str]:
        """Return the event of a record, and its `previous`.

        Raises:
            InputError: the record is not an event in canonical form.
        """
        try:
            value = parse_canonical_json(record)
        except ValueError as error:
            raise InputError(f"an event is not canonical JSON: {error}") from None
        return cls._of_value(value), value["previous"]

    @classmethod
    def parse_loosely(cls, record: str) -> Self:
        """Return the event of a record whose canonical form is checked elsewhere, at the same time.

        Raises:
            InputError: the record is not an event.
        """
        try:
            value = parse_exact_json(record)
        except ValueError as error:
            raise InputError(f"an event is not JSON: {error}") from None
        return cls._of_value(value)

    @classmethod
    def _of_value(cls, value: Any) -> Self:
        _check(value)
        at, outcome = parse_time(value["at"]), EventOutcome(value["outcome"])
        return cls(
            value["event"], at, value["agent"], value["software"], outcome, value.get("holding"),
            value.get("run"), value["detail"],
        )  # fmt: skip


def _check(value: Any) -> None:
    if not isinstance(value, dict) or not isinstance(value.get("detail"), dict):
        raise InputError("an event is not an object with a detail")
    if {type(value.get(key)) for key in _TEXTS} != {str}:
        raise InputError(f"an event lacks one of {', '.join(_TEXTS)}")
    for key in _OPTIONAL_TEXTS:
        if not isinstance(value.get(key, ""), str):
            raise InputError("the holding or the run of an event is not a text")
    if not value.keys() <= _MEMBERS:
        raise InputError(f"an event has an unknown member: {min(value.keys() - _MEMBERS)!r}")
    if not is_event_name(value["event"]) or value["outcome"] not in _OUTCOMES:
        raise InputError(f"an event has an unknown type or outcome: {value['event']!r}, {value['outcome']!r}")
    if value["type"] != event_uri(value["event"]):
        raise InputError(f"the type of an event does not belong to {value['event']!r}: {value['type']!r}")


def record_digest(record: bytes) -> bytes:
    """Return the SHA-256 of a record, in 32 bytes."""
    return hashlib.sha256(record).digest()


@lru_cache(_RECENT_TIMES)
def format_time(moment: datetime) -> str:
    """Return a time as it stands in the register: `2026-11-30T09:00:00Z`; texts sort as the times do."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")[: _TIME_CHARACTERS - 1] + "Z"


@lru_cache(_RECENT_TIMES)
def parse_time(text: str) -> datetime:
    """Return the time that the register states.

    Raises:
        InputError: the text does not have that form.
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is UTC and format_time(moment) == text:
            return moment
    except ValueError:
        pass
    raise InputError(f"not a time of a register: {text[:40]!r}")
