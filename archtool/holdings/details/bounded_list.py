"""Bounds a list in the detail of an event by number and by bytes: the names of files can be of any kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from archtool.canonical_json import canonical_json
from archtool.holdings.limits import MAX_LISTED_BYTES

_Entry = TypeVar("_Entry")


def fitting(entries: Iterable[_Entry], max_entries: int, max_bytes: int = MAX_LISTED_BYTES) -> list[_Entry]:
    """Return the first entries that an event can hold; the caller states how many there are in all.

    The bytes are those of the canonical JSON, in which a control character takes six.
    """
    kept: list[_Entry] = []
    size_bytes = 0
    for entry in entries:
        size_bytes += len(canonical_json(entry).encode()) + 1
        if len(kept) == max_entries or size_bytes > max_bytes:
            break
        kept.append(entry)
    return kept
