"""Finds, for each file of one bag, the file of another bag that answers to it: by its name, or by its bytes.

Pure, and the same whatever order the files come in; the work grows with their number and no faster.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from archtool.fixity.digests import Digest
from archtool.fixity.filekinds import FileKind
from archtool.fixity.paths import normal_form


@dataclass(frozen=True, slots=True)
class Seen:
    """One name of one bag, and what is known of it."""

    path: str
    size_bytes: int | None = None
    """`None` where nothing was read."""
    digests: tuple[Digest, ...] = ()
    """In the algorithms that are compared; none where its bytes could not be had."""
    kind: FileKind = FileKind.FILE
    problem: str | None = None
    """Why its bytes could not be had."""
    is_trouble: bool = False
    """Whether the system failed, and neither the file nor its permissions are to blame."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A file of ONE and the file of OTHER that answers to it."""

    one: Seen
    other: Seen

    @property
    def is_renamed(self) -> bool:
        """Whether the two are written differently."""
        return self.one.path != self.other.path


Matched = tuple[list[Pair], list[Seen], list[Seen]]
"""The pairs, what is left of ONE and what is left of OTHER, each in the order of paths."""


def have_same_bytes(one: Seen, other: Seen) -> bool | None:
    """Whether two files are the same in every digest that both have; `None` where they share none."""
    verdicts = [d.matches(e) for d in one.digests for e in other.digests if d.algorithm is e.algorithm]
    return all(verdicts) if verdicts else None


def match_names(one: Mapping[str, Seen], other: Mapping[str, Seen]) -> Matched:
    """Pair the names of both sides; those that differ by their Unicode form only are one name.

    Where several names have one form, those with the same bytes are paired first.
    """
    pairs = [Pair(one[path], other[path]) for path in one if path in other]
    left = [one[path] for path in sorted(one.keys() - other.keys())]
    right = [other[path] for path in sorted(other.keys() - one.keys())]
    for key in (_form_and_bytes, _form):
        found, left, right = _pair_off(left, right, key)
        pairs += found
    return sorted(pairs, key=_place), left, right


def pair_moved(gone: Sequence[Seen], come: Sequence[Seen]) -> Matched:
    """Pair equal bytes under other names: first those whose last name is the same, then as they come."""
    pairs: list[Pair] = []
    left, right = sorted(gone, key=_path), sorted(come, key=_path)
    for key in (_last_name_and_bytes, _bytes):
        found, left, right = _pair_off(left, right, key)
        pairs += found
    return sorted(pairs, key=_place), left, right


def first_of_each_bytes(seen: Iterable[Seen]) -> dict[tuple[Digest, ...], str]:
    """For all bytes that are there, the first path under which they are."""
    first: dict[tuple[Digest, ...], str] = {}
    for item in sorted(seen, key=_path):
        if item.digests:
            first.setdefault(item.digests, item.path)
    return first


def _pair_off(left: Sequence[Seen], right: Sequence[Seen], key: Callable[[Seen], Hashable | None]) -> Matched:
    """Pair the first of one with the first of the other that has the same key, and so on."""
    waiting: dict[Hashable, deque[Seen]] = defaultdict(deque)
    for seen in right:
        if (wanted := key(seen)) is not None:
            waiting[wanted].append(seen)
    pairs, alone = [], []
    for seen in left:
        candidates = waiting.get(key(seen))
        if candidates:
            pairs.append(Pair(seen, candidates.popleft()))
        else:
            alone.append(seen)
    taken = {pair.other.path for pair in pairs}
    return pairs, alone, [seen for seen in right if seen.path not in taken]


def _form(seen: Seen) -> Hashable:
    return normal_form(seen.path)


def _form_and_bytes(seen: Seen) -> Hashable | None:
    return (normal_form(seen.path), seen.digests) if seen.digests else None


def _bytes(seen: Seen) -> Hashable | None:
    return seen.digests or None


def _last_name_and_bytes(seen: Seen) -> Hashable | None:
    return (normal_form(seen.path.rpartition("/")[2]), seen.digests) if seen.digests else None


def _path(seen: Seen) -> str:
    return seen.path


def _place(pair: Pair) -> str:
    return pair.one.path
