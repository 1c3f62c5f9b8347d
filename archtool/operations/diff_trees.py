"""Compares two documents as trees, field by field, and says where they differ in their own words.

Pure: what was loaded comes in, differences come out. Items of a list are the same item where they have the
same id, file, number or name, wherever they stand; the others are held against each other in their order.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice, pairwise
from typing import Any

MAX_DIFFERENCES_PER_FILE = 200  # of one document: nobody reads more, and a hostile one may have millions
_NAMES_AN_ITEM = ("id", "path", "file", "number", "label", "name", "family", "literal", "title", "layer")
_PLAIN_KEY = re.compile(r"[^\W\d][\w-]*")
Identity = tuple[str, type, Any]


class Change(Enum):
    """How something differs between ONE and OTHER."""

    CHANGED = "changed"
    MISSING = "missing"
    """Only ONE has it."""
    ADDED = "added"
    """Only OTHER has it."""
    ORDER = "order"
    """Both have the same items, in another order."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two documents differ."""

    path: str
    """As the document names it, counted from 0: `annexes[2].status`; the place in ONE, if ONE has it."""
    change: Change
    one: Any = None
    other: Any = None
    """The values there, as they were loaded; `None` where there is none."""


@dataclass(frozen=True, slots=True)
class Differences:
    """The differences of two documents; never more than anybody reads."""

    kept: tuple[Difference, ...] = ()
    more: int = 0
    """How many there are besides."""

    def __bool__(self) -> bool:
        return bool(self.kept)


def gather(differences: Iterable[Difference]) -> Differences:
    """Keep the first, count the rest."""
    coming = iter(differences)
    kept = tuple(islice(coming, MAX_DIFFERENCES_PER_FILE))
    return Differences(kept, sum(1 for _ in coming))


def compare_trees(one: Any, other: Any, path: str = "") -> Iterator[Difference]:
    """Where two values differ: objects, lists, texts, numbers, nested at will."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        yield from _compare_mappings(one, other, path)
    elif isinstance(one, list) and isinstance(other, list):
        yield from _compare_lists(one, other, path)
    elif type(one) is not type(other) or one != other:  # in Python, True == 1
        yield Difference(path, Change.CHANGED, one, other)


def _compare_mappings(one: Mapping[str, Any], other: Mapping[str, Any], path: str) -> Iterator[Difference]:
    for key in dict.fromkeys((*one, *other)):
        inner = _joined(path, key)
        if key not in other:
            yield Difference(inner, Change.MISSING, one=one[key])
        elif key not in one:
            yield Difference(inner, Change.ADDED, other=other[key])
        else:
            yield from compare_trees(one[key], other[key], inner)


def _compare_lists(one: Sequence[Any], other: Sequence[Any], path: str) -> Iterator[Difference]:
    pairs = pair_items([_identity(item) for item in one], [_identity(item) for item in other])
    paired_other = {j for _, j in pairs}
    left_other = deque(j for j in range(len(other)) if j not in paired_other)
    partner = dict(pairs)
    for i, item in enumerate(one):
        if i not in partner and left_other:
            partner[i] = left_other.popleft()
        if i in partner:
            yield from compare_trees(item, other[partner[i]], f"{path}[{i}]")
        else:
            yield Difference(f"{path}[{i}]", Change.MISSING, one=item)
    for j in left_other:
        yield Difference(f"{path}[{j}]", Change.ADDED, other=other[j])
    if is_reordered(pairs):
        yield Difference(path, Change.ORDER)


def pair_items(one: Sequence[Identity | None], other: Sequence[Identity | None]) -> list[tuple[int, int]]:
    """The positions of what stands in both lists: the first of one with the first of the other, and so on."""
    waiting: dict[Identity, deque[int]] = defaultdict(deque)
    for j, identity in enumerate(other):
        if identity is not None:
            waiting[identity].append(j)
    pairs = []
    for i, identity in enumerate(one):
        if identity is not None and waiting.get(identity):
            pairs.append((i, waiting[identity].popleft()))
    return pairs


def is_reordered(pairs: Sequence[tuple[int, int]]) -> bool:
    """Whether what stands in both lists stands there in another order."""
    return any(after < before for (_, before), (_, after) in pairwise(pairs))


def _identity(item: Any) -> Identity | None:
    """What makes an item the same item when other things about it have changed."""
    if isinstance(item, list):
        return None
    if not isinstance(item, Mapping):
        return "", type(item), item
    for name in _NAMES_AN_ITEM:
        value = item.get(name)
        if value is not None and not isinstance(value, (list, Mapping)):
            return name, type(value), value
    return None


def _joined(path: str, key: str) -> str:
    if not _PLAIN_KEY.fullmatch(key):
        return f"{path}[{json.dumps(key, ensure_ascii=False)}]"
    return f"{path}.{key}" if path else key
