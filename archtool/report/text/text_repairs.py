"""Formats what a package records about its repaired texts, and whether the repairs were replayed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archtool.files.paths import shown
from archtool.report.numbers import counted
from archtool.report.text.page import MIN_WIDTH, wrap
from archtool.results import Result

_REPLAYS = {
    "not-asked": "not replayed (use --replay)",
    "same": "replayed and undone, both byte for byte",
    "differs": "REPLAYED, AND IT DIFFERS",
    "not-done": "NOT replayed",
}


def format_repairs(result: Result, width: int = 80) -> Iterator[str]:
    """Yield for each repaired text its original, its changes, and whether the repair was replayed."""
    for repair in result.facts.get("content", {}).get("repairs", ()):
        text = f"{repair_words(repair)}: {_REPLAYS[repair['replay']]}"
        yield from wrap(text, max(width, MIN_WIDTH), " " * 8, hanging=10)


def repair_words(repair: Mapping[str, Any]) -> str:
    """Return what was repaired from what, with the number of changes."""
    changes = counted(repair["change_count"], "change")
    if repair["decided"]:
        changes += f", {repair['decided']:,} decided by a person"
    return f"{shown(repair['file'])} was repaired from {shown(repair['original'])} ({changes})"
