"""The text of a description as a tree that still knows its lines and columns, and types nothing.

`no` stays `no`, `16:30` stays `16:30`, `007` stays `007`: what a value means is decided by the schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from archtool.description.kinds import TOO_LARGE
from archtool.findings import Finding, Kind

MAX_DESCRIPTION_BYTES = 64 * 1024 * 1024  # some hundred thousand files with a note to each
MAX_VALUES = 2_000_000  # each takes some hundred bytes once it is read: a hostile text must not fill memory
MAX_DEPTH = 64  # an annexe in an annexe in an annexe … takes two levels each


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the text; both count from 1."""

    line: int
    column: int


def is_deeper(value: Any, levels: int) -> bool:
    """Whether lists and objects lie inside each other on more levels than these."""
    layer = [value]
    for _ in range(levels + 1):
        inner = [list(v.values()) if isinstance(v, dict) else v for v in layer if isinstance(v, (dict, list))]
        layer = [part for parts in inner for part in parts]
    return bool(layer)


def mark_at(text: str, position: int) -> Mark:
    """The place of a character; a line ends at LF."""
    return Mark(text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position))


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value, as written; `None` where nothing is written."""

    text: str | None
    is_plain: bool
    """Written without quotes: only such a one may be read as a number or as true or false."""
    mark: Mark


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    nodes: tuple[Node, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping; each key once."""

    pairs: tuple[tuple[Scalar, Node], ...]
    mark: Mark


Node = Scalar | Items | Fields


class TextRefused(Exception):  # noqa: N818 - it carries findings, it is not an error of ours
    """The text cannot be read on from here."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


@dataclass(slots=True)
class Complaints:
    """Findings about one text, collected while it is read."""

    file: str
    findings: list[Finding]
    unread: set[Mark] = field(default_factory=set)
    """Where something stands that was refused unread: there is nothing more to say of its value."""
    values: int = 0
    """How many were read."""

    def add(self, kind: Kind, message: str, mark: Mark, hint: str | None = None) -> None:
        """Remember one more."""
        if mark in self.unread:
            return
        self.findings.append(kind.at(message, self.file, mark.line, mark.column, hint=hint))

    def count(self, mark: Mark) -> None:
        """Remember that one more value, list or mapping was read.

        Raises:
            TextRefused: there are more of them than memory is for.
        """
        self.values += 1
        if self.values > MAX_VALUES:
            raise self.stop(TOO_LARGE, f"more than {MAX_VALUES:,} values: not read any further", mark)

    def stop(self, kind: Kind, message: str, mark: Mark, hint: str | None = None) -> TextRefused:
        """What to raise where reading cannot go on."""
        return TextRefused(kind.at(message, self.file, mark.line, mark.column, hint=hint))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)
