"""Repairs of any text: idempotent, invertible, and of the kind that the rule set states."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archtool.text.repairing.change_log import ChangeLog, RepairedFile, replay, undo
from archtool.text.repairing.change_log_file import format_change_log, parse_change_log
from archtool.text.repairing.changes import RepairContext, apply_changes, invert_changes
from archtool.text.repairing.line_map import LineMap
from archtool.text.repairing.repair import RepairedText, repair_text
from archtool.text.repairing.rule_sets import RULE_SETS

_PIECES = st.sampled_from(
    [
        "le", "Le", "roi", "bolche", "viks", "léninistes", "avant", "garde", "eé", "té", "aà", "Ã©tÃ©",
        "â€™", "ﬁ", "ﬂ", "e\u0301", "\u0301", "\u00ad", "\u200b", "\u200d", "\ufeff", "\u202e",
        "\x07", "\x92",
        "\x85",
        "L", "E", "В", "cлово", "слово", "её", "«", "»", "’", ".", ":", ",", "-", "–", "¬", " ", "  ", "   ",
        "     ", "\t", "\n", "\n\n", "\n\n\n", "\r\n", "\r", "\f", "\n12\n", "\n\n13\n\n", "14", "TITRE 15",
        "ب", "กา", "👨\u200d👩", "\u1100\u1161", "Å", "\u00a0", "\u202f", "œ", "ĳ",
    ]
)  # fmt: skip
TEXTS = st.lists(_PIECES, max_size=40).map("".join)
_CONTEXTS = st.sampled_from(
    [RepairContext(), RepairContext("fr"), RepairContext("ru", frozenset({"le", "roi"}))]
)


@pytest.mark.parametrize("name", RULE_SETS)
@settings(max_examples=150)
@given(text=TEXTS, context=_CONTEXTS)
@example(text="e\ufeff\u0301", context=RepairContext())
@example(text="bolche-\nviks\nle bolcheviks", context=RepairContext("fr"))
@example(text="leeéaàaà", context=RepairContext("fr"))
@example(text="aàiîê", context=RepairContext("fr"))
def test_a_rule_set_does_the_same_once_and_twice_and_states_what_it_does(
    name: str, text: str, context: RepairContext
) -> None:
    rule = RULE_SETS[name]
    proposal = rule.propose(text, context)
    repaired = apply_changes(text, proposal.changes)
    assert apply_changes(repaired, invert_changes(proposal.changes)) == text
    assert [change for change in proposal.changes if not rule.may_make(change.before, change.after)] == []
    assert rule.propose(repaired, context).changes == ()
    taken = sorted((place.start, place.end) for place in (*proposal.changes, *proposal.open_places))
    assert all(end <= start for (_, end), (start, _) in pairwise(taken))
    for place in proposal.open_places:
        assert text.startswith(place.before, place.start)
        assert len({reading.after for reading in place.readings}) > 1


def log_of(text: str, repaired: RepairedText) -> ChangeLog:
    return ChangeLog(
        original=RepairedFile.of("a.txt", text.encode()),
        copy=RepairedFile.of("b.txt", repaired.text.encode()),
        encoding="utf-8",
        software="archtool",
        date=datetime(2026, 11, 22, tzinfo=UTC),
        passes=repaired.passes,
    )


@settings(max_examples=300)
@given(text=TEXTS, context=_CONTEXTS)
def test_all_rule_sets_together_can_be_replayed_and_undone(text: str, context: RepairContext) -> None:
    repaired = repair_text(text, tuple(RULE_SETS.values()), context)
    log = parse_change_log(format_change_log(log_of(text, repaired)))
    assert log == log_of(text, repaired)
    assert replay(log, text.encode()) == repaired.text.encode()
    assert undo(log, repaired.text.encode()) == text.encode()


@settings(max_examples=300)
@given(text=TEXTS)
def test_each_line_is_found_again_in_the_copy(text: str) -> None:
    repaired = repair_text(text, tuple(RULE_SETS.values()), RepairContext("fr"))
    lines = LineMap(repaired.passes)
    last, last_of_copy = text.count("\n") + 1, repaired.text.count("\n") + 1
    starts = [lines.to_copy(line) for line in range(1, last + 1)]
    assert starts == sorted(starts)
    assert all(1 <= line <= last_of_copy + 1 for line in starts)
    ends = [lines.to_copy(line, is_end=True) for line in range(1, last + 1)]
    assert ends == sorted(ends)
    assert ends[-1] <= last_of_copy
