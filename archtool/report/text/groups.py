"""Counts the parts of groups among the results of `verify`, and formats what is there and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archtool.files.paths import shown
from archtool.results import Result

_BAD = frozenset(("invalid", "incomplete", "unreadable"))
_NAMED = 12  # part numbers that a line names


class GroupTotals:
    """The parts of each group; parts of two packings of one document are two groups."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, int], dict[int, list[str]]] = {}

    def add(self, result: Result) -> None:
        """Count a result, if it is that of a part."""
        content: Any = result.facts.get("content") or {}
        group = content.get("group")
        if group is not None and 1 <= group["part"] <= group["count"]:
            key = (group["identifier"], group["manifest"], group["count"])
            self._found.setdefault(key, {}).setdefault(group["part"], []).append(result.verdict["bag"])

    def lines(self) -> Iterator[str]:
        """Yield a line for each group: whether all of its parts were there, and which of them are bad."""
        for (identifier, _, count), parts in sorted(self._found.items()):
            missing = [number for number in range(1, count + 1) if number not in parts]
            bad = [number for number in sorted(parts) if not _BAD.isdisjoint(parts[number])]
            verdicts = sorted({verdict for found in parts.values() for verdict in found})
            here = f"all {count} parts are here" if not missing else f"{len(parts)} of {count} parts are here"
            faults = [f"{_parts(missing)} not among these bags"] if missing else []
            faults += [f"{_parts(bad)} not valid"] if bad else []
            verdict = "; ".join(faults) or f"each of them {' or '.join(verdicts)}"
            state = "incomplete" if missing else "not valid" if bad else "complete"
            yield f"group {shown(identifier)} {state}: {here}, {verdict}"


def _parts(numbers: list[int]) -> str:
    named = ", ".join(map(str, numbers[:_NAMED])) + (" …" if len(numbers) > _NAMED else "")
    return f"part {named} is" if len(numbers) == 1 else f"parts {named} are"
