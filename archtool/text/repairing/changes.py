"""The model of a repair: rule sets propose changes of a text, and leave open what they cannot decide.

Rule sets are applied one after another, in the order of the change log. Each one works on the text that the
one before it made, so its offsets count in that text, and its changes never overlap. Offsets are characters
here; the change log on disk counts bytes of UTF-8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Change:
    """One replacement in a text."""

    start: int
    """The offset of the first replaced character; with an empty `before`, where `after` is inserted."""
    before: str
    """What stands there."""
    after: str
    """What replaces it; empty if it is deleted."""
    evidence: str
    """Why the rule set is sure, in a few words for a person."""

    @property
    def end(self) -> int:
        """The offset after the last replaced character."""
        return self.start + len(self.before)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way in which an open place can be read."""

    after: str
    """What would stand there; equal to the text itself if nothing would change."""
    evidence: str
    """What speaks for it, in a few words for a person."""


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A place that a rule set cannot decide: a person is asked, and nothing is changed until the answer."""

    start: int
    before: str
    """What stands there."""
    readings: tuple[Reading, ...]
    """At least two; the likeliest is the first."""

    @property
    def end(self) -> int:
        """The offset after the last character in question."""
        return self.start + len(self.before)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one rule set says of a text; changes and open places are sorted and never overlap."""

    changes: tuple[Change, ...] = ()
    open_places: tuple[OpenPlace, ...] = ()


class Words(Protocol):
    """A list of words of a language."""

    def __contains__(self, word: object, /) -> bool:
        """Return whether a word is known, also at the beginning of a sentence or in capitals."""


@dataclass(frozen=True, slots=True)
class RepairContext:
    """What rule sets know besides the text."""

    language: str | None = None
    """The language of the text (BCP 47), if it is known."""
    words: Words | None = None
    """The word list that the user gave, if any."""


class RuleSet(Protocol):
    """One kind of repair. What a version of it does never changes: a better rule set has a new version."""

    @property
    def name(self) -> str:
        """The name with its version: `accents/1`."""

    @property
    def summary(self) -> str:
        """What the rule set does, as one line of help."""

    def propose(self, text: str, context: RepairContext) -> Proposal:
        """Return the changes that the evidence allows, and the places that a person must decide."""

    def may_make(self, before: str, after: str) -> bool:
        """Return whether a change is of the kind that this rule set makes, whatever the text around it."""


def apply_changes(text: str, changes: Sequence[Change]) -> str:
    """Return the text after sorted changes that do not overlap.

    Raises:
        ValueError: a change does not fit the text, or overlaps the one before it.
    """
    parts: list[str] = []
    position = 0
    for change in changes:
        if change.start < position or not text.startswith(change.before, change.start):
            raise ValueError(f"the text at offset {change.start} is not {change.before!r}")
        parts += (text[position : change.start], change.after)
        position = change.end
    return "".join([*parts, text[position:]])


def invert_changes(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes that lead from the changed text back to the original one."""
    inverse = []
    shift = 0
    for change in changes:
        inverse.append(Change(change.start + shift, change.after, change.before, change.evidence))
        shift += len(change.after) - len(change.before)
    return tuple(inverse)
