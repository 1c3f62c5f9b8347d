"""Answers of a person to open places, and the keys by which a later run finds the places again.

A key depends on the rule set and on the letters around the place, without accents, case, blanks and signs:
it stays the same when other rule sets, or other answers, repair something nearby.
"""

from __future__ import annotations

import hashlib
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archtool.text.repairing.change_log import DECIDED
from archtool.text.repairing.changes import Change, OpenPlace, Proposal

_LETTERS = 24  # on each side of a place; enough to tell it from most others
_CHARS = 120  # read on each side to find so many letters
_KEY_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person decided about one place."""

    key: str
    before: str
    """What stood there when the question was written."""
    after: str
    """What must stand there; equal to `before` if it must stay."""
    shown: str
    """The answer as the person wrote it, for the evidence."""


@dataclass(frozen=True, slots=True)
class AskedPlace:
    """An open place with its key."""

    key: str
    rule: str
    place: OpenPlace


@dataclass(frozen=True, slots=True)
class Decided:
    """A proposal after the answers."""

    changes: tuple[Change, ...]
    open_places: tuple[AskedPlace, ...]
    used: frozenset[str]
    """The keys of the answers that were applied."""


def key_of(rule: str, text: str, start: int) -> str:
    """Return the key of the place that begins at an offset; places with the same surroundings share it."""
    before = _letters(text[max(0, start - _CHARS) : start])[-_LETTERS:]
    after = _letters(text[start : start + _CHARS])[:_LETTERS]
    return hashlib.sha256(f"{rule}\0{before}\0{after}".encode()).hexdigest()[:_KEY_DIGITS]


def decide(rule: str, text: str, proposal: Proposal, answers: Mapping[str, Answer]) -> Decided:
    """Apply answers to a proposal: they decide open places, and overrule what the rule set holds for certain.

    An answer is not applied if another text is at its place now.
    """
    asked = [AskedPlace(key_of(rule, text, one.start), rule, one) for one in proposal.open_places]
    if not answers:
        return Decided(proposal.changes, tuple(asked), frozenset())
    keys = {one.place.start: one.key for one in asked}
    keys |= {one.start: key_of(rule, text, one.start) for one in proposal.changes}
    applied = {start: answers[key] for start, key in sorted(keys.items()) if key in answers}
    applied = {start: one for start, one in applied.items() if text.startswith(one.before, start)}
    decided = _without_overlaps(
        Change(start, one.before, one.after, f"{DECIDED}: {one.shown}") for start, one in applied.items()
    )
    covered = _Ranges(decided)
    kept = [change for change in proposal.changes if not covered.meet(change.start, change.end)]
    made = [change for change in decided if change.before != change.after]
    return Decided(
        tuple(sorted([*kept, *made], key=lambda change: change.start)),
        tuple(one for one in asked if not covered.meet(one.place.start, one.place.end)),
        frozenset(one.key for one in applied.values()),
    )


def _without_overlaps(changes: Iterable[Change]) -> list[Change]:
    kept: list[Change] = []
    for change in changes:
        if not kept or change.start >= kept[-1].end:
            kept.append(change)
    return kept


class _Ranges:
    """The parts of a text that changes cover; one that inserts something covers the place."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._starts = [change.start for change in changes]
        self._ends = [max(change.end, change.start + 1) for change in changes]

    def meet(self, start: int, end: int) -> bool:
        at = bisect_left(self._starts, max(end, start + 1))
        return at > 0 and self._ends[at - 1] > start


def _letters(text: str) -> str:
    """Return the letters of a text without accents and case, each of a run of equal ones once."""
    letters: list[str] = []
    for char in unicodedata.normalize("NFKD", text.casefold()):
        if char.isalpha() and (not letters or letters[-1] != char):
            letters.append(char)
    return "".join(letters)
