"""Lines of a repaired copy found by those of the original, and the other way round."""

from __future__ import annotations

from archtool.text.repairing.change_log import log_pass
from archtool.text.repairing.changes import Change, apply_changes
from archtool.text.repairing.line_map import LineMap


def line_map(text: str, *steps: list[Change]) -> LineMap:
    passes = []
    for number, changes in enumerate(steps, 1):
        passes.append(log_pass(f"rule/{number}", text, changes))
        text = apply_changes(text, changes)
    return LineMap(passes)


def test_changes_inside_lines_move_none() -> None:
    lines = line_map("a  b\nc\n", [Change(1, "  ", " ", "")])
    assert not lines.moves_lines
    assert lines.to_copy(2) == lines.to_original(2) == 2


def test_lines_after_a_removed_one_move_up() -> None:
    lines = line_map("a\n3\nb\nc\n", [Change(1, "\n3", "", "")])
    assert lines.moves_lines
    assert [lines.to_copy(line) for line in (1, 2, 3, 4)] == [1, 2, 2, 3]
    assert lines.to_copy(2, is_end=True) == 1
    assert [lines.to_original(line) for line in (1, 2, 3)] == [1, 3, 4]
    assert lines.range_to_copy(1, 2) == (1, 1)
    assert lines.range_to_copy(2, 3) == (2, 2)
    assert lines.range_to_copy(2, 2) is None
    assert lines.range_to_original(2, 3) == (3, 4)


def test_removed_lines_at_the_beginning_count_as_whole_lines() -> None:
    lines = line_map("3\n\na\nb\n", [Change(0, "3\n\n", "", "")])
    assert lines.range_to_copy(1, 3) == (1, 1)
    assert lines.range_to_copy(4, 4) == (2, 2)
    assert lines.to_original(1) == 3


def test_some_of_several_empty_lines_stay() -> None:
    lines = line_map("a\r\n\r\n3\r\n\r\nb\r\n", [Change(1, "\r\n\r\n3\r\n", "\r\n", "")])
    assert [lines.to_copy(line) for line in (1, 2, 5)] == [1, 2, 3]
    assert lines.to_copy(4, is_end=True) == 2
    assert [lines.to_original(line) for line in (1, 2, 3)] == [1, 2, 5]


def test_a_joined_line_is_found_where_its_text_is() -> None:
    lines = line_map("bro-\nken\nc\n", [Change(3, "-\nken", "ken", "")])
    assert [lines.to_copy(line) for line in (1, 2, 3)] == [1, 1, 2]


def test_a_broken_line_begins_and_ends_at_other_lines() -> None:
    lines = line_map("a\rb\rc\nd\n", [Change(1, "\r", "\n", ""), Change(3, "\r", "\n", "")])
    assert lines.range_to_copy(1, 1) == (1, 3)
    assert lines.range_to_copy(2, 2) == (4, 4)
    assert lines.range_to_original(2, 3) == (1, 1)


def test_several_rule_sets_are_followed_one_after_another() -> None:
    lines = line_map("1\na\n2\nb\n", [Change(0, "1\n", "", "")], [Change(1, "\n2", "", "")])
    assert lines.to_copy(4) == 2
    assert lines.to_original(2) == 4
