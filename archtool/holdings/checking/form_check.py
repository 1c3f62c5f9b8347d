"""Checks one event for itself: its record is canonical, and only the first event creates the register."""

from __future__ import annotations

from collections.abc import Iterator

from archtool.errors import InputError
from archtool.findings import Finding
from archtool.holdings import finding_kinds as kinds
from archtool.holdings.checking.event_words import event_words
from archtool.holdings.event import Event
from archtool.holdings.event_types import EventType


def check_form(number: int, record: bytes | None) -> Iterator[Finding]:
    """Yield what is wrong with the record of an event, whatever stands before and after it."""
    try:
        event, _ = Event.parse(record_text(record))
    except InputError as error:
        yield kinds.EVENT_INVALID.at(f"{event_words(number, record)}: {error.message}")
        return
    if (event.event == EventType.REGISTER) != (number == 1):
        yield kinds.FIRST_EVENT.at(_wrong_place(number, record))


def record_text(record: bytes | None) -> str:
    """Return the text of a record.

    Raises:
        InputError: it is not UTF-8.
    """
    try:
        return (record or b"").decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("an event is not UTF-8") from None


def _wrong_place(number: int, record: bytes | None) -> str:
    words = event_words(number, record)
    return f"{words} creates a register again" if number > 1 else f"{words} does not create a register"
