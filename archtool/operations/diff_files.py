"""Puts the files of two bags into classes: same, changed, missing, added, moved, not compared.

Pure: what was seen of each file comes in, classes come out. ONE is the left side, OTHER the right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archtool.fixity.filekinds import FileKind
from archtool.operations.diff_pairing import (
    Pair,
    Seen,
    first_of_each_bytes,
    have_same_bytes,
    match_names,
    pair_moved,
)

ONE, OTHER = "ONE", "OTHER"


@dataclass(frozen=True, slots=True)
class Changed:
    """The same name with other bytes."""

    pair: Pair
    equals: str | None = None
    """The file of ONE that has the bytes which OTHER has under this name."""


@dataclass(frozen=True, slots=True)
class Alone:
    """A file that only one side has."""

    seen: Seen
    equals: str | None = None
    """A file of the other side that has the same bytes: this one is a copy more, or a copy less."""


@dataclass(frozen=True, slots=True)
class NotCompared:
    """Something of which nobody can say whether it is the same."""

    path: str
    reason: str
    is_trouble: bool = False
    """Whether the system failed while it was read."""


@dataclass(frozen=True, slots=True)
class FilesComparison:
    """Every file of both sides, each in one class, in the order of paths."""

    same: tuple[Pair, ...] = ()
    changed: tuple[Changed, ...] = ()
    missing: tuple[Alone, ...] = ()
    added: tuple[Alone, ...] = ()
    moved: tuple[Pair, ...] = ()
    kinds: tuple[Pair, ...] = ()
    """A file on one side, and on the other something that is none."""
    not_compared: tuple[NotCompared, ...] = ()
    empty_folders: tuple[tuple[str, str], ...] = ()
    """Side and path of folders that are empty there, and not there on the other side."""

    @property
    def differs(self) -> bool:
        """Whether anything is known to differ."""
        return bool(self.changed or self.missing or self.added or self.moved or self.kinds)

    @property
    def renamed(self) -> tuple[Pair, ...]:
        """What is named in another Unicode form, whether or not its bytes changed."""
        pairs = (*self.same, *(changed.pair for changed in self.changed))
        return tuple(pair for pair in pairs if pair.is_renamed)


def compare_files(one: Sequence[Seen], other: Sequence[Seen]) -> FilesComparison:
    """Put every file of both sides into one class; the order of what comes in makes no difference."""
    pairs, left, right = match_names({s.path: s for s in one}, {s.path: s for s in other})
    gone, unknown = _sure(left, right, ONE, OTHER)
    come, more_unknown = _sure(right, left, OTHER, ONE)
    moved, gone, come = pair_moved(gone, come)
    in_one, in_other = first_of_each_bytes(one), first_of_each_bytes(other)
    differing = [p for p in pairs if have_same_bytes(p.one, p.other) is False]
    unknown += [*more_unknown, *_unknown(pairs)]
    folders = [(ONE, s.path) for s in gone if s.kind is FileKind.FOLDER]
    folders += [(OTHER, s.path) for s in come if s.kind is FileKind.FOLDER]
    return FilesComparison(
        same=tuple(p for p in pairs if have_same_bytes(p.one, p.other)),
        changed=tuple(Changed(p, in_one.get(p.other.digests)) for p in differing),
        missing=tuple(Alone(s, in_other.get(s.digests)) for s in gone if s.kind is not FileKind.FOLDER),
        added=tuple(Alone(s, in_one.get(s.digests)) for s in come if s.kind is not FileKind.FOLDER),
        moved=tuple(moved),
        kinds=tuple(p for p in pairs if _differ_in_kind(p)),
        not_compared=tuple(sorted(unknown, key=lambda n: (n.path, n.reason))),
        empty_folders=tuple(folders),
    )


def _differ_in_kind(pair: Pair) -> bool:
    kinds = {pair.one.kind, pair.other.kind}
    return len(kinds) == 2 and FileKind.UNREADABLE not in kinds


def _unknown(pairs: Iterable[Pair]) -> Iterator[NotCompared]:
    for pair in pairs:
        are_empty_folders = pair.one.kind is pair.other.kind is FileKind.FOLDER
        is_settled = are_empty_folders or _differ_in_kind(pair)
        if have_same_bytes(pair.one, pair.other) is None and not is_settled:
            is_trouble = pair.one.is_trouble or pair.other.is_trouble
            yield NotCompared(pair.one.path, _why(pair), is_trouble)


def _why(pair: Pair) -> str:
    problems = [f"{side}: {s.problem}" for side, s in ((ONE, pair.one), (OTHER, pair.other)) if s.problem]
    if not problems and pair.one.kind is not FileKind.FILE:
        return f"{pair.one.kind.value} on both sides"
    return "; ".join(problems) or "the manifests list it in no algorithm that both have"


def _sure(
    mine: Sequence[Seen], theirs: Sequence[Seen], here: str, there: str
) -> tuple[list[Seen], list[NotCompared]]:
    """What is surely missing on the other side; all but what lies in a folder that cannot be listed."""
    closed = {seen.path for seen in theirs if seen.kind is FileKind.UNREADABLE}
    sure: list[Seen] = []
    unsure: list[NotCompared] = []
    for seen in mine:
        if closed and any(folder in closed for folder in _folders_above(seen.path)):
            unsure.append(NotCompared(seen.path, f"its folder cannot be listed in {there}"))
            continue
        if seen.problem is not None:
            unsure.append(NotCompared(seen.path, f"{here}: {seen.problem}", seen.is_trouble))
        if seen.kind is not FileKind.UNREADABLE:
            sure.append(seen)
    return sure, unsure


def _folders_above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
