"""What is shown of a comparison: the two texts with their names, and how they relate."""

from __future__ import annotations

from dataclasses import dataclass

from archtool.text.comparing.model import CompareRules, TextComparison


@dataclass(frozen=True, slots=True)
class TextSide:
    """One of the two texts."""

    name: str
    """Its path, as it was named."""
    encoding: str


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """A comparison, and the names of its texts."""

    one: TextSide
    other: TextSide
    comparison: TextComparison
    rules: CompareRules

    @property
    def ignored(self) -> tuple[str, ...]:
        """What is no difference in this comparison besides line ends."""
        names = (
            (self.rules.ignores_case, "capitals"),
            (self.rules.ignores_punctuation, "punctuation"),
        )
        return ("line ends", *(name for is_ignored, name in names if is_ignored))
