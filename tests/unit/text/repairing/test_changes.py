"""Changes of a text: applied, refused where they do not fit, and undone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.text.repairing.changes import Change, apply_changes, invert_changes


def test_changes_are_applied_at_their_offsets() -> None:
    changes = (Change(3, "eé", "é", "pair"), Change(5, " ", "", "gap"), Change(8, "", ".", "end"))
    assert apply_changes("l’ eé té", changes) == "l’ été."


@pytest.mark.parametrize(
    "changes", [(Change(1, "x", "y", ""),), (Change(0, "ab", "c", ""), Change(1, "b", "c", ""))]
)
def test_a_change_that_does_not_fit_the_text_is_refused(changes: tuple[Change, ...]) -> None:
    with pytest.raises(ValueError, match="offset 1 is not"):
        apply_changes("abc", changes)


@given(st.text(), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.text(max_size=3)), max_size=8))
def test_inverted_changes_restore_the_text(text: str, steps: list[tuple[int, int, str]]) -> None:
    changes, position = [], 0
    for skip, length, after in steps:
        start = min(len(text), position + skip)
        changes.append(Change(start, text[start : start + length], after, "random"))
        position = changes[-1].end
    assert apply_changes(apply_changes(text, changes), invert_changes(changes)) == text
