"""Draws a nested list with lines, so that an inventory can be read at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Branch:
    """One entry: its lines of text, and what hangs below it."""

    lines: tuple[str, ...]
    branches: tuple[Branch, ...] = ()


def draw_tree(branches: Sequence[Branch], indent: str = "") -> Iterator[str]:
    """Draw the branches, each line of an entry under its first."""
    for i, branch in enumerate(branches):
        is_last = i == len(branches) - 1
        first, below = ("└─ ", "   ") if is_last else ("├─ ", "│  ")
        rail = "│  " if branch.branches else "   "
        for j, line in enumerate(branch.lines):
            yield (indent + (first if j == 0 else below + rail) + line).rstrip()
        yield from draw_tree(branch.branches, indent + below)
