"""Orders the events of a history by their dates, and events without a date by what they depend on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from archtool.provenance.model import History, ProvEvent

_OPEN = frozenset({"", ".."})
_NUMBER = re.compile(r"[0-9]{1,18}")
Dates = dict[str, tuple[Any, ...]]
"""What events and entities are sorted by: year, month and day, then the time."""
_LAST = ((10**18, 0, 0),)
"""Sorts behind every date that a history can state."""


def in_order_of_time(history: History) -> tuple[ProvEvent, ...]:
    """Return the events, oldest first.

    An event without a date follows the events that made what it used, else it stands before the first event
    that uses what it made, else at the end. Events with the same date keep the order of the history.
    """
    order = _dependency_order(history.events)
    dates = {event.id: date for event in order if (date := _sort_key(event.date)) is not None}
    _date_after_makers(order, dates)
    _date_before_users(order, dates)
    numbers = {event.id: number for number, event in enumerate(order)}
    return tuple(sorted(history.events, key=lambda event: (dates[event.id], numbers[event.id])))


def _dependency_order(events: tuple[ProvEvent, ...]) -> list[ProvEvent]:
    """Return the events so that each follows those that made what it used; circles are broken somewhere."""
    made_by: dict[str, list[ProvEvent]] = defaultdict(list)
    for event in events:
        for entity in event.generated:
            made_by[entity].append(event)
    order: dict[str, ProvEvent] = {}
    begun: set[str] = set()
    for event in events:
        waiting = [(event, _makers(event, made_by))]
        begun.add(event.id)
        while waiting:
            current, makers = waiting[-1]
            following = next((maker for maker in makers if maker.id not in begun), None)
            if following is not None:
                begun.add(following.id)
                waiting.append((following, _makers(following, made_by)))
                continue
            waiting.pop()
            order.setdefault(current.id, current)
    return list(order.values())


def _makers(event: ProvEvent, made_by: dict[str, list[ProvEvent]]) -> Iterator[ProvEvent]:
    """Yield the events that made what an event used; those of an entity are yielded to its first user only.

    An entity can be made by many events and used by many: the pairs of them would take quadratic time.
    """
    for entity, _ in event.used:
        yield from made_by.pop(entity, ())


def _date_after_makers(order: Sequence[ProvEvent], dates: Dates) -> None:
    """Date the events without a date by the newest event that made what they used."""
    made: Dates = {}
    for event in order:
        if event.id not in dates:
            known = [made[entity] for entity, _ in event.used if entity in made]
            dates |= {event.id: max(known)} if known else {}
        if event.id in dates:
            for entity in event.generated:
                made[entity] = max(made.get(entity, dates[event.id]), dates[event.id])


def _date_before_users(order: Sequence[ProvEvent], dates: Dates) -> None:
    """Date the events that still have no date by the oldest event that used what they made."""
    used: Dates = {}
    for event in order:
        _note_uses(event, dates, used)
    for event in reversed(order):
        if event.id not in dates:
            dates[event.id] = min(
                (used[entity] for entity in event.generated if entity in used), default=_LAST
            )
            _note_uses(event, dates, used)


def _note_uses(event: ProvEvent, dates: Dates, used: Dates) -> None:
    if event.id in dates:
        for entity, _ in event.used:
            used[entity] = min(used.get(entity, dates[event.id]), dates[event.id])


def _sort_key(date: str | None) -> tuple[Any, ...] | None:
    """Return what a date is sorted by: its first day; of `../1932`, which only has an end, the end."""
    if not date:
        return None
    first, slash, last = date.partition("/")
    stated = _in_utc(last if slash and first in _OPEN else first)
    day, _, time = stated.rstrip("~?%").replace("X", "0").partition("T")
    numbers = [int(number) for number in _NUMBER.findall(day)][:3]
    if not numbers:
        return None
    year, *rest = numbers
    before_christ = day.lstrip("Y").startswith("-")
    return ((-year if before_christ else year, *rest, 0, 0)[:3], time)


def _in_utc(stated: str) -> str:
    """Return an instant in UTC, and any other date as it is."""
    if "T" not in stated:
        return stated
    try:
        return datetime.fromisoformat(stated).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):  # no time, or one beyond the calendar
        return stated
