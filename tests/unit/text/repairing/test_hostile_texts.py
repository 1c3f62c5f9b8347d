"""Texts that are made to be slow: each rule set needs time that grows with the text, not with its square."""

from __future__ import annotations

import time

import pytest

from archtool.text.repairing.changes import RepairContext
from archtool.text.repairing.rule_sets import RULE_SETS

_CHARS = 60_000
_MAX_SECONDS = 10  # of a loaded machine; with a square, each of these takes minutes


@pytest.mark.parametrize("name", RULE_SETS)
@pytest.mark.parametrize(
    "piece",
    [
        "a", "é", " ", "\t", "-", "a-", "a-\n", "\n", "\f\n", "1\n", "\u200e", "\u0301",
        "a\u200e", "Ã©", "x ", "A\n\n", "aж", "(\n", "reé t", "leeéaàaà ", "eé ",
    ],
)  # fmt: skip
def test_a_rule_set_is_not_slowed_down(name: str, piece: str) -> None:
    text = f"révo-\nlution {piece * (_CHARS // len(piece))}é. L\n\n3\n\nmais"
    begun = time.process_time()
    RULE_SETS[name].propose(text, RepairContext("fr"))
    assert time.process_time() - begun < _MAX_SECONDS


def test_damaged_words_in_one_long_line_take_no_longer_than_in_many() -> None:
    text = "La reépublique a eé teé  preéparee et la libeérteé geéneérale. " * 8000
    begun = time.process_time()
    RULE_SETS["accents/1"].propose(text, RepairContext("fr"))
    assert time.process_time() - begun < _MAX_SECONDS
