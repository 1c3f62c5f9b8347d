"""The text of a description as a tree that still knows its lines and columns, and types nothing.

`no` stays `no`, `16:30` stays `16:30`, `007` stays `007`: what a value means is decided by the schema.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

from archtool.description.finding_kinds import TOO_LARGE
from archtool.findings import MAX_CLAIMED, Finding, Kind, Place
from archtool.schemas import SchemaPath

MAX_DESCRIPTION_BYTES = 64 * 1024 * 1024  # some hundred thousand files with a note to each
MAX_VALUES = 2_000_000  # each takes some hundred bytes once it is read: a hostile text must not fill memory
MAX_DEPTH = 64  # an annexe in an annexe in an annexe … takes two levels each


class TextPosition(NamedTuple):
    """A place in the text; both count from 1."""

    # a tuple, as a scalar is: a table's descriptions have millions of them

    line: int
    column: int


def mark_at(text: str, position: int) -> TextPosition:
    """The place of a character; a line ends at LF."""
    return TextPosition(text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position))


class ScalarNode(NamedTuple):
    """A single value, as written; `None` where nothing is written."""

    text: str | None
    is_plain: bool
    """Written without quotes: only such a one may be read as a number or as true or false."""
    mark: TextPosition


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list."""

    nodes: tuple[Node, ...]
    mark: TextPosition


@dataclass(frozen=True, slots=True)
class MappingNode:
    """A mapping; each key once."""

    pairs: tuple[tuple[ScalarNode, Node], ...]
    mark: TextPosition


Node = ScalarNode | SequenceNode | MappingNode


class TextRefused(Exception):  # noqa: N818 - it carries findings, it is not an error of ours
    """The text cannot be read on from here."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class Places(Protocol):
    """Tells where something of a description was said, to whoever wrote it there."""

    def at(self, path: SchemaPath | None, mark: TextPosition | None) -> Place:
        """The place of a value: by its path in the description, or by its place in the text.

        There is no path where the text itself cannot be read, and no mark where nothing was written.
        """


@dataclass(frozen=True, slots=True)
class TextPlaces:
    """A description that is a file of its own."""

    file: str
    line: int | None = None
    """Of a file with a description in each line, the line."""

    def at(self, path: SchemaPath | None, mark: TextPosition | None) -> Place:
        """See `Places`: what is about the whole description has no line of its own."""
        if mark is None or path == ():
            return Place(self.file, self.line)
        return Place(self.file, self.line or mark.line, mark.column)


@dataclass(slots=True)
class FindingCollector:
    """Findings about one text, collected while it is read."""

    file: str
    findings: list[Finding]
    unread: set[TextPosition] = field(default_factory=set)
    """Where something stands that was refused unread: there is nothing more to say of its value."""
    values: int = 0
    """How many were read."""
    places: Places | None = None
    """Where it was said, if not in a file that has the text as it is."""
    _counts: Counter[str] = field(default_factory=Counter)
    _last: dict[str, int] = field(default_factory=dict)
    """Of each code that there are too many of, where the finding stands that counts the others."""

    def add(
        self,
        kind: Kind,
        message: str,
        mark: TextPosition,
        hint: str | None = None,
        path: SchemaPath | None = None,
    ) -> None:
        """Remember one more; `path` is what it is about, or what is missing.

        Of each code `MAX_CLAIMED` are kept; one more counts the others.
        """
        if mark in self.unread:
            return
        self._counts[kind.code] += 1
        others = self._counts[kind.code] - MAX_CLAIMED
        if others <= 0:
            self.findings.append(self._finding(kind, message, mark, hint, path))
            return
        last = kind.at(f"and {others:,} more of this kind", self.file)
        if kind.code in self._last:
            self.findings[self._last[kind.code]] = last
        else:
            self._last[kind.code] = len(self.findings)
            self.findings.append(last)

    def _finding(
        self, kind: Kind, message: str, mark: TextPosition, hint: str | None, path: SchemaPath | None = None
    ) -> Finding:
        finding = kind.at(message, self.file, mark.line, mark.column, hint=hint)
        return finding if self.places is None else replace(finding, place=self.places.at(path, mark))

    def count(self, mark: TextPosition) -> None:
        """Remember that one more value, list or mapping was read.

        Raises:
            TextRefused: there are more of them than memory is for.
        """
        self.values += 1
        if self.values > MAX_VALUES:
            raise self.stop(TOO_LARGE, f"more than {MAX_VALUES:,} values: not read any further", mark)

    def stop(self, kind: Kind, message: str, mark: TextPosition, hint: str | None = None) -> TextRefused:
        """What to raise where reading cannot go on."""
        return TextRefused(self._finding(kind, message, mark, hint))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)
