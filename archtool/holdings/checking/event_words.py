"""Names an event in a message: its number, and what its record says it is, however damaged it is."""

from __future__ import annotations

import json

from archtool.printable import show_steering

_MAX_CHARACTERS = 80  # of each value that is quoted


def event_words(number: int, record: bytes | None) -> str:
    """Return `event 17 (fixity-check of letters-1847, 2026-11-30T09:00:00Z)`."""
    try:
        value = json.loads((record or b"").decode("utf-8"))
        name, at, holding = (value.get(key) for key in ("event", "at", "holding"))
    except (ValueError, RecursionError, AttributeError):
        return f"event {number:,} (its record cannot be read)"
    of = f" of {_short(holding)}" if holding is not None else ""
    return f"event {number:,} ({_short(name)}{of}, {_short(at)})"


def _short(value: object) -> str:
    text = show_steering(str(value).encode("utf-8", "backslashreplace").decode())
    return text if len(text) <= _MAX_CHARACTERS else f"{text[:_MAX_CHARACTERS]}…"
