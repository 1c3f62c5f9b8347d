"""Draws a nested list as a tree with lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Branch:
    """One entry: its lines of text, and its child entries."""

    lines: tuple[str, ...]
    branches: tuple[Branch, ...] = ()


def draw_tree(branches: Sequence[Branch], indent: str = "") -> Iterator[str]:
    """Yield the lines of the tree; further lines of an entry are aligned with its first line."""
    for i, branch in enumerate(branches):
        is_last = i == len(branches) - 1
        first, below = ("└─ ", "   ") if is_last else ("├─ ", "│  ")
        rail = "│  " if branch.branches else "   "
        for j, line in enumerate(branch.lines):
            yield (indent + (first if j == 0 else below + rail) + line).rstrip()
        yield from draw_tree(branch.branches, indent + below)
