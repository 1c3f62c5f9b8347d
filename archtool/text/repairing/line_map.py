"""Which line of the repaired copy has the text of a line of the original, and the other way round.

Only the change log is read, neither of the two texts. A change that begins with a line end covers whole
lines: those after the line that it begins in. At the beginning of a text, where no line end is before it, a
change that ends in one does. Rule sets that remove lines write their changes so.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from archtool.text.repairing.change_log import LoggedChange, RulePass, inverse_pass

_LINE_ENDS = ("\n", "\r\n")


@dataclass(frozen=True, slots=True)
class _Step:
    """One change that adds or removes line ends."""

    line: int
    """The line that it begins in; 0 if it covers whole lines from the first one on."""
    removed: int
    added: int
    is_whole: bool
    """Whether the lines after `line` are covered as wholes."""

    @classmethod
    def of(cls, change: LoggedChange) -> _Step:
        shorter, longer = sorted((change.before, change.after), key=lambda text: text.count("\n"))
        begins_in_line_end = longer.startswith(_LINE_ENDS) and (not shorter or shorter.startswith(_LINE_ENDS))
        is_first = change.offset_bytes == 0 and not shorter and longer.endswith("\n")
        is_whole = is_first or begins_in_line_end
        line = 0 if is_first and not begins_in_line_end else change.line
        return cls(line, change.before.count("\n"), change.after.count("\n"), is_whole)


class _PassMap:
    """The numbers of lines before and after one rule set."""

    def __init__(self, one: RulePass) -> None:
        self._steps = [
            _Step.of(change)
            for change in one.changes
            if change.before.count("\n") != change.after.count("\n")
        ]
        self._lines = [step.line for step in self._steps]
        self._shifts = [0, *accumulate(step.added - step.removed for step in self._steps)]

    def __bool__(self) -> bool:
        return bool(self._steps)

    def map(self, line: int, *, is_end: bool) -> int:
        at = bisect_left(self._lines, line)
        if at and line <= self._steps[at - 1].line + self._steps[at - 1].removed:
            return self._map_covered(self._steps[at - 1], line, self._shifts[at - 1], is_end=is_end)
        mapped = line + self._shifts[at]
        while is_end and at < len(self._steps) and self._steps[at].line == line:
            if not self._steps[at].is_whole and not self._steps[at].removed:  # the line was broken
                mapped += self._steps[at].added
            at += 1
        return mapped

    def _map_covered(self, step: _Step, line: int, shift: int, *, is_end: bool) -> int:
        within = line - step.line
        if within <= step.added:
            return line + shift
        last = step.line + step.added + shift
        return last + 1 if step.is_whole and not is_end else last


class LineMap:
    """Numbers of lines of the original and of the copy, counted from 1."""

    def __init__(self, passes: Sequence[RulePass]) -> None:
        """Read which lines the rule sets removed, added or broke."""
        self._forth = [one for one in map(_PassMap, passes) if one]
        self._back = [one for one in map(_PassMap, map(inverse_pass, reversed(passes))) if one]

    @property
    def moves_lines(self) -> bool:
        """Whether any line has another number in the copy."""
        return bool(self._forth)

    def to_copy(self, line: int, *, is_end: bool = False) -> int:
        """Return the line of the copy that has the text of a line of the original.

        A removed line is mapped to the next line that was kept; with `is_end`, to the last one before it.
        """
        return _map(self._forth, line, is_end=is_end)

    def to_original(self, line: int, *, is_end: bool = False) -> int:
        """Return the line of the original that the text of a line of the copy comes from."""
        return _map(self._back, line, is_end=is_end)

    def range_to_copy(self, first: int, last: int) -> tuple[int, int] | None:
        """Return the first and last line of a range in the copy; `None` if nothing is left of it."""
        return _range(self.to_copy(first), self.to_copy(last, is_end=True))

    def range_to_original(self, first: int, last: int) -> tuple[int, int] | None:
        """Return the first and last line of a range in the original; `None` if it was added as a whole."""
        return _range(self.to_original(first), self.to_original(last, is_end=True))


def _map(passes: Sequence[_PassMap], line: int, *, is_end: bool) -> int:
    for one in passes:
        line = one.map(line, is_end=is_end)
    return line


def _range(first: int, last: int) -> tuple[int, int] | None:
    return (first, last) if first <= last else None
