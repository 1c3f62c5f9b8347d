"""Orders the events of a history by their dates, and events without a date by what they depend on."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, datetime

from archtool.provenance.model import History, ProvEvent

_OPEN = frozenset({"", ".."})
_NUMBER = re.compile(r"[0-9]{1,18}")
_FIRST = (9999, 0, 0)


def in_order_of_time(history: History) -> tuple[ProvEvent, ...]:
    """Return the events, oldest first.

    An event without a date follows the events that made what it used, else it stands before the first event
    that uses what it made, else at the end. Events with the same date keep the order of the history.
    """
    before = _events_before(history)
    order = _dependency_order(history.events, before)
    dates: dict[str, tuple[object, ...]] = {}
    for event in order:
        stated = _sort_key(event.date)
        known = [dates[name] for name in before[event.id] if name in dates]
        inherited = stated or max(known, default=None)
        if inherited is not None:
            dates[event.id] = inherited
    for event in reversed(order):
        if event.id not in dates:
            after = [dates[name] for name, earlier in before.items() if event.id in earlier and name in dates]
            dates[event.id] = min(after, default=(_FIRST,))
    numbers = {event.id: number for number, event in enumerate(order)}
    return tuple(sorted(history.events, key=lambda event: (dates[event.id], numbers[event.id])))


def _events_before(history: History) -> dict[str, tuple[str, ...]]:
    """Return for each event the events that made what it used."""
    made_by: dict[str, list[str]] = defaultdict(list)
    for event in history.events:
        for entity in event.generated:
            made_by[entity].append(event.id)
    return {
        event.id: tuple(maker for entity, _ in event.used for maker in made_by[entity] if maker != event.id)
        for event in history.events
    }


def _dependency_order(events: tuple[ProvEvent, ...], before: dict[str, tuple[str, ...]]) -> list[ProvEvent]:
    """Return the events so that each follows those before it; a circle is broken at its first event."""
    by_id = {event.id: event for event in events}
    order: dict[str, ProvEvent] = {}
    for event in events:
        waiting = [(event.id, iter(before[event.id]))]
        open_events = {event.id}
        while waiting:
            name, earlier = waiting[-1]
            following = next((e for e in earlier if e not in order and e not in open_events), None)
            if following is not None:
                open_events.add(following)
                waiting.append((following, iter(before[following])))
                continue
            waiting.pop()
            order.setdefault(name, by_id[name])
    return list(order.values())


def _sort_key(date: str | None) -> tuple[object, ...] | None:
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
