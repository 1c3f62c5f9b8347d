"""The rule sets that there are, in the order in which they are applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archtool.text.repairing.accents.rule import AccentsRule
from archtool.text.repairing.changes import RuleSet
from archtool.text.repairing.rules.characters import CharactersRule
from archtool.text.repairing.rules.drop_capitals import DropCapitalsRule
from archtool.text.repairing.rules.hyphens import HyphensRule
from archtool.text.repairing.rules.line_ends import LineEndsRule
from archtool.text.repairing.rules.mojibake import MojibakeRule
from archtool.text.repairing.rules.pages import PagesRule
from archtool.text.repairing.rules.scripts import ScriptsRule
from archtool.text.repairing.rules.spacing import SpacingRule

_IN_ORDER: tuple[RuleSet, ...] = (
    MojibakeRule(),
    CharactersRule(),
    LineEndsRule(),
    ScriptsRule(),
    AccentsRule(),
    PagesRule(),
    HyphensRule(),
    DropCapitalsRule(),
    SpacingRule(),
)
RULE_SETS: Mapping[str, RuleSet] = {rule.name: rule for rule in _IN_ORDER}
"""All rule sets by their names; each works on the text that the one before it made."""


def in_order(names: Sequence[str]) -> tuple[RuleSet, ...]:
    """Return the rule sets of these names in the order in which they are applied, each once.

    Raises:
        KeyError: there is no rule set of a name.
    """
    wanted = {RULE_SETS[name].name for name in names}
    return tuple(rule for rule in _IN_ORDER if rule.name in wanted)
