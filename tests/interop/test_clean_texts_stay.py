"""Texts without damage stay as they are: prose of Debian packages in seven languages.

The rule set of the accents has such a test of its own.
"""

from __future__ import annotations

import pytest

from archtool.text.repairing.changes import RepairContext
from archtool.text.repairing.rule_sets import RULE_SETS
from debian_texts import prose

_CONTROLS = frozenset(map(chr, [*range(9), *range(14, 32), *range(127, 160), 0xAD]))


@pytest.mark.parametrize("language", ["cs", "de", "es", "fr", "pl", "pt", "ru"])
def test_no_rule_set_changes_clean_prose(language: str) -> None:
    paragraphs = [text for text in prose(language) if _CONTROLS.isdisjoint(text)]
    if not paragraphs:
        pytest.skip(f"no prose in {language} is installed (docs/testing.md)")
    text = "\n\n".join(paragraphs)
    context = RepairContext(language)
    changes = {
        name: rule.propose(text, context).changes
        for name, rule in RULE_SETS.items()
        if name
        not in ("accents/1", "scripts/1" if language == "ru" else "")  # jokes with letters of two scripts
    }
    assert {name: found for name, found in changes.items() if found} == {}
