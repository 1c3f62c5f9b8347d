"""The last lines of verify say which parts of a group were there, and which were bad."""

from __future__ import annotations

import pytest

from archtool.report.text.groups import GroupTotals
from archtool.results import Result


def lines_of(*parts: tuple[int, int, str], manifest: str = "sha512:00") -> list[str]:
    totals = GroupTotals()
    for part, count, verdict in parts:
        group = {"identifier": "letter", "part": part, "count": count, "manifest": manifest}
        totals.add(Result("archtool/verify/1", "x", (), {"bag": verdict}, {"content": {"group": group}}))
    return list(totals.lines())


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        ([(1, 2, "valid"), (2, 2, "valid")], "complete: all 2 parts are here, each of them valid"),
        ([(1, 2, "complete"), (2, 2, "complete")], "complete: all 2 parts are here, each of them complete"),
        ([(2, 3, "valid")], "incomplete: 1 of 3 parts are here, parts 1, 3 are not among these bags"),
        ([(1, 2, "valid"), (2, 2, "invalid")], "not valid: all 2 parts are here, part 2 is not valid"),
        ([(1, 2, "valid"), (1, 2, "invalid"), (2, 2, "valid")],
         "not valid: all 2 parts are here, part 1 is not valid"),
        ([(2, 3, "invalid")],
         "incomplete: 1 of 3 parts are here, parts 1, 3 are not among these bags; part 2 is not valid"),
    ],
)  # fmt: skip
def test_a_group_has_one_line(parts: list[tuple[int, int, str]], line: str) -> None:
    assert lines_of(*parts) == [f"group letter {line}"]


def test_a_bag_that_is_no_part_has_no_line() -> None:
    totals = GroupTotals()
    totals.add(Result("archtool/verify/1", "x", (), {"bag": "valid"}, {}))
    totals.add(Result("archtool/verify/1", "x", (), {"bag": "valid"}, {"content": {"id": "x"}}))
    assert list(totals.lines()) == []
    assert lines_of((0, 0, "invalid"), (5, 3, "valid")) == []
