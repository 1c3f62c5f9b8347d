"""Formats a draft: what is offered, where each value stands in the file, and what could not be placed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archtool.description import placeholders
from archtool.description.document.writer import format_yaml
from archtool.files.paths import shown
from archtool.operations.importing.limits import MAX_COMMENTS

_WIDTH = 108
_ORDER = (
    "title", "date", "language", "abstract", "creators", "original", "source", "translation", "transcription",
    "files", "custody", "rights",
)  # fmt: skip
_INTRODUCTION = (
    f"# A draft of {{what}}. {placeholders.UNCONFIRMED} marks what others wrote. Compare each value with the",
    "# file: delete the word if it is right; otherwise replace or delete the value. While a mark is left,",
    "# the draft cannot be packed.",
    "# Then check it with:  archtool check {name}",
)
_OPEN = {
    "id": "# A short identifier: letters, digits, . _ : -\n# id: bureau-1932-05",
    "date": "# EDTF: 1932-05-14, 1932-05, 1932, 1932~ (about), 193X, ../1932-11-03 (not after)\n"
    "# date: 1932-05",
    "language": "# The language of the text: fr, ru, ru-Latn … (BCP 47)\n# language: fr",
    "creators": "# Who made it.\n# creators:\n#   - { name: NAME, type: person, role: author }",
    "rights": "# What may be done with it, by layer: RightsStatements.org codes (InC, UND …), SPDX\n"
    "# identifiers (CC0-1.0 …) or words.\n# rights: { original: UND, translation: InC, package: CC0-1.0 }",
}
_ADVICE = {
    "creators": "# Add `type: person` to each person: citations then begin with the family name.",
}
"""What a person should add to values that were found."""


@dataclass(slots=True)
class DraftValues:
    """The values of a draft, and what is said about them."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, list[str]] = field(default_factory=dict)
    """For each key, comments: where its values stand."""
    not_placed: list[str] = field(default_factory=list)
    """Comments: what fits no key."""
    not_in_text: list[str] = field(default_factory=list)
    """Comments: lines of a page that are not in its text file."""
    about_file: list[str] = field(default_factory=list)
    """Comments: what the file says about itself."""

    def add(self, key: str, value: Any, origin: str = "") -> None:
        """Set the value of a key."""
        self.values[key] = value
        if origin:
            self.note(key, origin)

    def note(self, key: str, origin: str) -> None:
        """Add a comment above a key."""
        self.origins.setdefault(key, []).append(origin)


def format_draft(draft: DraftValues, what: str, name: str) -> str:
    """Return the YAML of a draft; `what` names the imported file, `name` the draft."""
    lines = [line.format(what=shown(what), name=shown(name)) for line in _INTRODUCTION]
    lines += ["archtool: 1", ""]
    lines += _block("What could not be placed:", draft.not_placed)
    lines += _block("What the file says about itself. None of it is used as a value:", draft.about_file)
    lines += [_OPEN["id"], ""]
    for key in _ORDER:
        comments = list(_comments(draft.origins.get(key, [])))
        if key in draft.values:
            advice = [_ADVICE[key]] if key in _ADVICE else []
            lines += [*comments, *advice, format_yaml({key: draft.values[key]}).rstrip("\n"), ""]
        elif key in _OPEN or comments:
            lines += [*comments, *([_OPEN[key]] if key in _OPEN else []), ""]
    lines += _block("Lines of the page that are not in the text file:", draft.not_in_text)
    return "\n".join(lines).rstrip("\n") + "\n"


def _block(heading: str, comments: Sequence[str]) -> list[str]:
    if not comments:
        return []
    kept = comments[:MAX_COMMENTS]
    more = (
        [f"#   … and {len(comments) - len(kept):,} more; see the file"] if len(comments) > len(kept) else []
    )
    return [f"# {heading}", *_comments(kept, "  "), *more, ""]


def _comments(texts: Sequence[str], indent: str = "") -> Iterator[str]:
    for text in texts:
        lines = textwrap.wrap(
            shown(" ".join(text.split())), _WIDTH, break_long_words=False, break_on_hyphens=False
        )
        for number, line in enumerate(lines):
            yield f"# {indent}{'  ' if number else ''}{line}"


def marked_count(values: Any) -> int:
    """Return how many values a person must confirm."""
    if isinstance(values, Mapping):
        return sum(map(marked_count, values.values()))
    if isinstance(values, list):
        return sum(map(marked_count, values))
    return int(isinstance(values, str) and values.startswith(placeholders.UNCONFIRMED))
