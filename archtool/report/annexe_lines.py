"""Defines `AnnexeLines`: what can be seen of an annexe that is a range of lines in a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

Place = tuple[int, ...]
"""The place of an annexe in the tree of annexes, as `Description.all_annexes` gives it."""


@dataclass(frozen=True, slots=True)
class AnnexeLines:
    """The range of one annexe, with its first and last words."""

    annexe: str | None
    """The id of the annexe, if it has one."""
    title: str
    file: str
    from_line: int
    to_line: int
    begins: str
    """The first words, on one line, with an ellipsis if there are more; empty if there are none."""
    ends: str
    """The last words."""
    empty_lines_at_start: int
    empty_lines_at_end: int

    def facts(self) -> dict[str, Any]:
        """Return the range as facts for JSON."""
        return asdict(self)

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> AnnexeLines:
        """Return the range that the facts are about."""
        return cls(**facts)
