"""Defines `RepairedTexts`: the repairs of a description whose change logs were read, and their lines.

A range of lines can be given in the original or in the copy. The change log leads from the one to the other,
so both are known without reading the texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from archtool.description.model import Annexe, Description, Within
from archtool.operations.open_package.package_paths import REPAIRS_FOLDER

if TYPE_CHECKING:  # lazy: 10 ms, only repaired texts need them
    from archtool.text.repairing.change_log import ChangeLog
    from archtool.text.repairing.line_map import LineMap

Place = tuple[int, ...]
"""The place of an annexe in the tree of annexes, as `Description.all_annexes` gives it."""


def log_path(copy: str) -> str:
    """Return the path that the change log of a repaired copy has in a package."""
    from archtool.text.repairing.change_log_file import SUFFIX  # lazy: 10 ms, only repaired texts need it

    return f"{REPAIRS_FOLDER}{copy}{SUFFIX}"


@dataclass(frozen=True, slots=True)
class RepairedText:
    """A repaired text with its change log."""

    copy: str
    """The path of the copy below `data/`."""
    original: str
    """The path of the original below `data/`."""
    log: ChangeLog

    @property
    def log_path(self) -> str:
        """The path of the change log in a package."""
        return log_path(self.copy)

    @property
    def decided(self) -> int:
        """How many changes a person decided."""
        return sum(change.is_decided for one in self.log.passes for change in one.changes)

    def facts(self) -> dict[str, Any]:
        """Return what is recorded about the repair, as facts for JSON."""
        log = self.log
        return {
            "file": f"data/{self.copy}",
            "original": f"data/{self.original}",
            "changes": self.log_path,
            "rule_sets": log.counts,
            "change_count": log.change_count,
            "decided": self.decided,
            "open_places": log.open_places,
            "word_lists": [words.name for words in log.word_lists],
            "software": log.software,
            "reviewer": log.reviewer,
            "date": log.date.isoformat(timespec="seconds"),
        }


@dataclass(frozen=True, slots=True)
class LineRanges:
    """Where one annexe is in a repaired text; a range is `None` if nothing of it is there."""

    copy: Within | None
    original: Within | None


@dataclass(frozen=True, slots=True)
class RepairedTexts:
    """The repaired texts of one description, without those whose change log could not be read."""

    by_copy: Mapping[str, RepairedText] = field(default_factory=dict)
    _line_maps: dict[str, LineMap] = field(default_factory=dict, compare=False)
    """By copy: which line of it has the text of which line of the original, once a range needs it."""

    def __iter__(self) -> Iterator[RepairedText]:
        """Yield the texts in the order of the description."""
        return iter(self.by_copy.values())

    def of_original(self, file: str) -> RepairedText | None:
        """Return the first text that was repaired from a file."""
        return next((text for text in self if text.original == file), None)

    def ranges(self, within: Within) -> LineRanges | None:
        """Return a range of lines in both files; `None` if it is in neither file of a repaired text."""
        first, last = within.from_line, within.to_line
        if (text := self.by_copy.get(within.file)) is not None:
            lines = _mapped(self._lines(text).to_original, first, last)
            return LineRanges(within, _within(text.original, lines))
        if (text := self.of_original(within.file)) is not None:
            return LineRanges(_within(text.copy, _mapped(self._lines(text).to_copy, first, last)), within)
        return None

    def _lines(self, text: RepairedText) -> LineMap:
        if text.copy not in self._line_maps:
            from archtool.text.repairing.line_map import LineMap  # lazy: 10 ms, only ranges of lines need it

            self._line_maps[text.copy] = LineMap(text.log.passes)
        return self._line_maps[text.copy]

    def ranges_of(self, description: Description) -> dict[Place, LineRanges]:
        """Return the ranges of all annexes that are lines of a repaired text, by their places."""
        if not self.by_copy:
            return {}
        found = {
            place: self.ranges(annexe.within)
            for place, annexe in description.all_annexes()
            if annexe.within is not None and not annexe.within.is_backwards
        }
        return {place: ranges for place, ranges in found.items() if ranges is not None}

    def with_lines_of_copies(self, description: Description) -> Description:
        """Return the description with each range that is given in an original as lines of the copy."""
        if not self.by_copy:  # the usual case
            return description
        return replace(description, annexes=tuple(map(self._in_copy, description.annexes)))

    def _in_copy(self, annexe: Annexe) -> Annexe:
        ranges = None
        if annexe.within is not None and not annexe.within.is_backwards:
            ranges = self.ranges(annexe.within)
        within = ranges.copy if ranges is not None and ranges.copy is not None else annexe.within
        return replace(annexe, within=within, enclosures=tuple(map(self._in_copy, annexe.enclosures)))


NO_REPAIRS = RepairedTexts()


class _Map(Protocol):
    """Maps the number of a line; with `is_end`, that of the last line of a range."""

    def __call__(self, line: int, *, is_end: bool = False) -> int: ...


def _mapped(to_other: _Map, first: int, last: int | None) -> tuple[int, int | None] | None:
    """Return a range in the other file; `None` if nothing of it is there."""
    start = to_other(first)
    end = None if last is None else to_other(last, is_end=True)
    return None if end is not None and end < start else (start, end)


def _within(file: str, lines: tuple[int, int | None] | None) -> Within | None:
    return None if lines is None else Within(file, *lines)
