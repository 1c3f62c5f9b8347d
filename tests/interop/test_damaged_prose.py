"""Prose that is damaged on purpose is repaired as it was, or left to a person."""

from __future__ import annotations

import pytest

from debian_texts import prose
from rule_table import DAMAGES, Score, score

_PARAGRAPHS = 300  # `python tests/rule_table.py` takes all
_LEAST_RECALL = {"hyphens/1": 0.5, "drop-capitals/1": 0.6, "scripts/1": 0.85, "pages/1": 0.85}


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_prose_is_repaired(name: str) -> None:
    languages = [language for language in DAMAGES[name][1] if prose(language)]
    if not languages:
        pytest.skip("no prose of Debian packages is installed (docs/testing.md)")
    total = Score()
    for language in languages:
        total.add(score(name, language, _PARAGRAPHS))
    assert total.damaged > 100
    assert total.precision >= 0.998, total
    assert total.recall >= _LEAST_RECALL.get(name, 0.98), total
