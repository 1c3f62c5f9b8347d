"""Reads a CSL-JSON library of citations and finds its items by key.

Items that are not cited are not checked: only a cited item must have a unique key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from archtool.description import finding_kinds
from archtool.description.limits import MAX_LIBRARY_BYTES, MAX_NAMED
from archtool.errors import InputError
from archtool.findings import Finding
from archtool.nearest_names import did_you_mean, nearest_name
from archtool.strict_json import JsonRules, doubled_key_of, parse_json

# an item that is not cited may have a duplicate key
RULES = JsonRules(
    MAX_LIBRARY_BYTES,
    max_values=20_000_000,
    max_depth=500,
    allows_mark=True,
    allows_half_pairs=True,
    keeps_doubled=True,
)
_MAX_TITLE_CHARACTERS = 60
_BETWEEN = re.compile(r"[ \t\r\n]*,?[ \t\r\n]*")

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Library:
    """The items of one library."""

    items: Mapping[str, Item]
    """Items by key, without those that share a key with another item."""
    ambiguous: Mapping[str, str] = field(default_factory=dict)
    """Keys that several items share, each with a text that lists these items."""
    nameless: str | None = None
    """A text that lists the items without a key; `None` if there are none."""
    where: str = "library"
    """The name of the library's file, for messages."""

    def find(self, key: str) -> Item | Finding:
        """Return the item with this key, or a finding that states why there is none."""
        if key in self.items:
            item = self.items[key]
            twice = doubled_key_of(item)
            if twice is None:
                return item
            message = f"the item `{key}` of {self.where} has the key `{twice[:_MAX_TITLE_CHARACTERS]}` twice"
            return finding_kinds.CITE_KEY_TWICE.at(message)
        if key in self.ambiguous:
            message = f"several items of {self.where} have the key `{key}`: {self.ambiguous[key]}"
            return finding_kinds.CITE_AMBIGUOUS.at(message)
        nearest = nearest_name(key, self.items)
        hint = did_you_mean(nearest) if nearest is not None else f"the library has {len(self.items)} keys"
        more = f"; {self.where} has items without an `id`: {self.nameless}" if self.nameless else ""
        return finding_kinds.CITE_UNKNOWN.at(f"the library has no item `{key}`{more}", hint=hint)


def parse_library(data: bytes, where: str) -> Library:
    """Parse a CSL-JSON library, as exported by Zotero and other reference managers.

    An item is found by its `id` and by its `citation-key`.

    Raises:
        InputError: not UTF-8, not JSON, or not a list.
    """
    name, hint = f"the library {where}", finding_kinds.LIBRARY.advice
    items = parse_json(data, name, RULES, hint=hint)
    if not isinstance(items, list):
        raise InputError(
            f"the library {where} is not a list of CSL-JSON items", hint=finding_kinds.LIBRARY.advice
        )
    by_key: dict[str, Item] = {}
    numbers: dict[str, list[int]] = {}
    nameless: list[int] = []
    for number, item in enumerate(items):
        keys = _keys_of(item)
        if not keys:
            nameless.append(number)
        for key in keys:
            same = by_key.setdefault(key, item)
            if same is item or same != item:  # merged exports contain identical items twice
                numbers.setdefault(key, []).append(number)
    doubled = {key: found for key, found in numbers.items() if len(found) > 1}
    places = _Places(data.decode("utf-8-sig"), items) if doubled or nameless else None
    return Library(
        {key: item for key, item in by_key.items() if key not in doubled},
        {key: places.format(found) for key, found in doubled.items()} if places else {},
        places.format(nameless) if places and nameless else None,
        where,
    )


def _keys_of(item: Any) -> tuple[str, ...]:
    """Return the keys of an item: non-empty texts, or numbers as text."""
    if not isinstance(item, dict):
        return ()
    candidates = (item.get("id"), item.get("citation-key"))
    keys = (str(key) for key in candidates if isinstance(key, str | int) and not isinstance(key, bool))
    return tuple(dict.fromkeys(key for key in keys if key))


class _Places:
    """Describes items of a library by number, line and title, for messages."""

    def __init__(self, text: str, items: list[Any]) -> None:
        self._items = items
        self._lines = [*_lines_of(text)]

    def format(self, numbers: list[int]) -> str:
        """Return, for instance, `item 1, line 3 (“The first”) and item 7, line 40 (“The second”)`."""
        named = [self._named(number) for number in numbers[:MAX_NAMED]]
        if len(numbers) > MAX_NAMED:
            named.append(f"{len(numbers) - MAX_NAMED} more")
        return " and ".join(named)

    def _named(self, number: int) -> str:
        item = self._items[number]
        title = item.get("title") if isinstance(item, dict) else None
        shown = f" (“{str(title)[:_MAX_TITLE_CHARACTERS]}”)" if title else " (without a title)"
        return f"item {number + 1}, line {self._lines[number]}{shown}"


def _lines_of(text: str) -> Iterator[int]:
    """Yield the line in which each item of a list begins; the text must be valid JSON."""
    decoder = json.JSONDecoder()
    position, line = text.index("[") + 1, 1
    counted_to = 0
    while True:
        between = _BETWEEN.match(text, position)
        position = between.end() if between is not None else position
        if text[position] == "]":
            return
        line += text.count("\n", counted_to, position)
        counted_to = position
        yield line
        _, position = decoder.raw_decode(text, position)
