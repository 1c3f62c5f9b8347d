"""What a repair of a text did, as JSON values and as the page that people read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archtool.files.paths import shown
from archtool.operations.text_repair.model import RESULT_SCHEMA, TextRepair
from archtool.operations.text_repair.questions import LocatedPlace, open_places_of
from archtool.report.numbers import counted
from archtool.report.text.changes.changed_words import Edit
from archtool.report.text.changes.text_repair import OpenView, RepairView, RuleView
from archtool.results import Result
from archtool.text.repairing.line_map import LineMap
from archtool.text.repairing.repair import AppliedRule

_MAX_MOVES = 5  # parts of the text with other line numbers, in one sentence


def repair_result(repair: TextRepair, *, is_applied: bool) -> Result:
    """Return the result: counts and changes by rule set, open places, moved lines."""
    request, log = repair.request, repair.log
    facts: dict[str, Any] = {
        "copy": str(request.copy),
        "applied": is_applied,
        "encoding": log.encoding,
        "language": log.language,
        "word_lists": [{"name": words.name, "sha512": words.sha512} for words in log.word_lists],
        "counts": {
            "changes": log.change_count,
            "open": log.open_places,
            "answers": repair.answered,
            "by_rule": log.counts,
        },
        "changes": [
            {
                "rule": one.name,
                "offset": change.offset_bytes,
                "line": change.line,
                "before": change.before,
                "after": change.after,
                "evidence": change.evidence,
            }
            for one in log.passes
            for change in one.changes
        ],
        "open": [_open_object(place) for place in open_places_of(repair.repaired)],
        "moved_lines": [{"from_line": line, "by": by} for line, by in moved_lines(repair)],
    }
    return Result(RESULT_SCHEMA, str(request.source), repair.findings, facts=facts, strict=request.strict)


def _open_object(located: LocatedPlace) -> dict[str, Any]:
    asked = located.asked
    return {
        "rule": asked.rule,
        "key": asked.key,
        "line": located.line,
        "column": located.column,
        "before": asked.place.before,
        "readings": [{"after": one.after, "evidence": one.evidence} for one in asked.place.readings],
    }


def moved_lines(repair: TextRepair) -> list[tuple[int, int]]:
    """Return from which lines of the original on the numbers in the copy differ, and by how much."""
    lines = LineMap(repair.log.passes)
    if not lines.moves_lines:
        return []
    moves: list[tuple[int, int]] = []
    by = 0
    for line in range(1, repair.original.count(b"\n") + 2):
        moved = lines.to_copy(line) - line
        is_removed = lines.to_copy(line, is_end=True) < lines.to_copy(line)
        if moved != by and not is_removed:
            moves.append((line, moved))
            by = moved
    return moves


def repair_view(repair: TextRepair, title: str, notes: list[str]) -> RepairView:
    """Return what the terminal shows; `notes` come after the sentences about moved lines."""
    rules = tuple(
        RuleView(one.name, one.text, _edits(one), one.lines.to_original)
        for one in repair.repaired.applied
        if one.changes
    )
    views = tuple(_open_view(place) for place in open_places_of(repair.repaired))
    return RepairView(title, rules, views, (*_totals(repair), *_moves(repair), *notes))


def _edits(applied: AppliedRule) -> tuple[Edit, ...]:
    return tuple(Edit(change.start, change.before, change.after) for change in applied.changes)


def _open_view(located: LocatedPlace) -> OpenView:
    place = located.asked.place
    edit = Edit(located.start, place.before, "")
    return OpenView(
        located.asked.rule, f"{located.line}:{located.column}", edit, located.text, located.readings
    )


def _totals(repair: TextRepair) -> Iterator[str]:
    by_rule = ", ".join(f"{name} {count:,}" for name, count in repair.log.counts.items() if count)
    open_places = counted(repair.log.open_places, "open place") if repair.log.open_places else "no open place"
    if repair.has_changes:
        yield f"{counted(repair.log.change_count, 'change')} ({by_rule}), {open_places}"
    elif repair.log.open_places:
        yield f"no change, {open_places}"


def _moves(repair: TextRepair) -> Iterator[str]:
    moves = moved_lines(repair)
    if moves:
        parts = [f"from line {line} on {_moved(by)}" for line, by in moves]
        more = f", and {len(moves) - _MAX_MOVES} more" if len(moves) > _MAX_MOVES else ""
        name, places = shown(repair.request.source.name), ", ".join(parts[:_MAX_MOVES])
        yield f"line numbers in the copy, compared with {name}: {places}{more}"


def _moved(by: int) -> str:
    return f"{'higher' if by > 0 else 'lower'} by {abs(by)}" if by else "the same"
