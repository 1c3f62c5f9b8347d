"""Applies rule sets to a text, one after another, with the answers of a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archtool.text.repairing.answers import Answer, AskedPlace, decide
from archtool.text.repairing.change_log import RulePass, log_pass
from archtool.text.repairing.changes import Change, RepairContext, RuleSet, apply_changes
from archtool.text.repairing.line_map import LineMap


@dataclass(frozen=True, slots=True)
class AppliedRule:
    """One rule set, as it was applied."""

    name: str
    text: str
    """The text that it was given."""
    changes: tuple[Change, ...]
    open_places: tuple[AskedPlace, ...]
    lines: LineMap
    """The lines of the original and those of the text that it was given."""

    @property
    def is_idle(self) -> bool:
        """Whether it changes nothing and asks nothing."""
        return not self.changes and not self.open_places


@dataclass(frozen=True, slots=True)
class RepairedText:
    """A text before and after its repair."""

    text: str
    """The repaired text."""
    applied: tuple[AppliedRule, ...]
    passes: tuple[RulePass, ...]
    """The record of the changes."""
    used_answers: frozenset[str]
    """The keys of the answers that were found again."""

    @property
    def change_count(self) -> int:
        """The number of changes of all rule sets."""
        return sum(len(one.changes) for one in self.applied)

    @property
    def open_places(self) -> tuple[AskedPlace, ...]:
        """The places that a person must decide, in the order of the rule sets."""
        return tuple(place for one in self.applied for place in one.open_places)


def repair_text(
    text: str, rules: Sequence[RuleSet], context: RepairContext, answers: Mapping[str, Answer] | None = None
) -> RepairedText:
    """Apply rule sets in the given order; each one works on the text that the one before made."""
    applied: list[AppliedRule] = []
    passes: list[RulePass] = []
    used: set[str] = set()
    for rule in rules:
        decided = decide(rule.name, text, rule.propose(text, context), answers or {})
        lines = LineMap(passes)
        applied.append(AppliedRule(rule.name, text, decided.changes, decided.open_places, lines))
        passes.append(log_pass(rule.name, text, decided.changes))
        used |= decided.used
        text = apply_changes(text, decided.changes)
    return RepairedText(text, tuple(applied), tuple(passes), frozenset(used))
