"""Represents the text of a description as an untyped tree with lines and columns, and collects findings.

`no` stays `no`, `16:30` stays `16:30`, `007` stays `007`: the schema decides what a value means.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

from archtool.description.document.examples import Style
from archtool.description.finding_kinds import TOO_LARGE
from archtool.description.limits import MAX_VALUES
from archtool.findings import MAX_OF_ONE_CODE_IN_CONTENT, Finding, Kind, Place, Severity
from archtool.schemas import SchemaPath


class TextPosition(NamedTuple):
    """A place in the text; line and column count from 1."""

    # a tuple like `ScalarNode`: a table of descriptions has millions of them

    line: int
    column: int


UNDECODED = "\ufffd"
"""Stands for bytes that could not be decoded."""


def mark_at(text: str, position: int) -> TextPosition:
    """Return the line and column of a character; a line ends at LF."""
    return TextPosition(text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position))


def can_name_key(key: str, texts: Iterable[str]) -> bool:
    """Whether one of the texts, which were not parsed, can begin with a key."""
    pattern = re.compile(rf"[^\w#]*{re.escape(key)}\b")
    return any(map(pattern.match, texts))


class ScalarNode(NamedTuple):
    """A single value as written; `None` if nothing is written."""

    text: str | None
    is_plain: bool
    """Whether it is written without quotes: only then it can be a number, true or false."""
    mark: TextPosition


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list."""

    nodes: tuple[Node, ...]
    mark: TextPosition


@dataclass(frozen=True, slots=True)
class MappingNode:
    """A mapping; each key occurs once."""

    pairs: tuple[tuple[ScalarNode, Node], ...]
    mark: TextPosition


Node = ScalarNode | SequenceNode | MappingNode


def texts_of(node: Node) -> Iterator[str]:
    """Yield every text in a node."""
    if isinstance(node, ScalarNode):
        yield node.text or ""
    elif isinstance(node, SequenceNode):
        for item in node.nodes:
            yield from texts_of(item)
    else:
        for key, value in node.pairs:
            yield key.text or ""
            yield from texts_of(value)


class TextRefused(Exception):  # noqa: N818 - it carries a finding and is not an error of archtool
    """Parsing cannot continue; `finding` states why and where."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class Places(Protocol):
    """Maps values of a description to the places where they were written."""

    def at(self, path: SchemaPath | None, mark: TextPosition | None) -> Place:
        """Return the place of a value, from its path in the description or its position in the text.

        There is no path if the text cannot be parsed, and no mark if nothing was written.
        """


@dataclass(frozen=True, slots=True)
class TextPlaces:
    """The places of a description that is a separate file, or one line of a file."""

    file: str
    line: int | None = None
    """The line of the description, in a file with one description per line."""

    def at(self, path: SchemaPath | None, mark: TextPosition | None) -> Place:
        """See `Places`; a finding about the whole description has no line."""
        if mark is None or path == ():
            return Place(self.file, self.line)
        return Place(self.file, self.line or mark.line, mark.column)


@dataclass(slots=True)
class FindingCollector:
    """Collects findings about one text while it is parsed and checked."""

    file: str
    findings: list[Finding]
    unread: set[TextPosition] = field(default_factory=set)
    """Positions of values that were refused without reading them: further findings there are dropped."""
    is_json: bool = False
    """Whether the author writes JSON."""
    values: int = 0
    """The number of values that were read."""
    places: Places | None = None
    """Maps values to places, if the text is not a file of its own."""
    faulty: set[SchemaPath] = field(default_factory=set)
    """The paths of values that cannot be used, and of missing values."""
    unread_texts: list[str] = field(default_factory=list)
    """Texts of the input that were not parsed, and of values that were dropped."""
    is_cut_short: bool = False
    """Whether a part that was not parsed can contain keys of the top level."""
    _counts: Counter[str] = field(default_factory=Counter)
    _last: dict[str, int] = field(default_factory=dict)
    """For each code above the limit, the index of the finding that counts the others."""

    def add(
        self,
        kind: Kind,
        message: str,
        mark: TextPosition,
        hint: str | None = None,
        path: SchemaPath | None = None,
    ) -> None:
        """Add a finding; `path` is the value that it refers to, or the missing key.

        At most `MAX_OF_ONE_CODE_IN_CONTENT` of each code are kept; one more finding counts the others.
        """
        if path is not None and kind.severity is Severity.ERROR:
            self.faulty.add(path)
        if mark in self.unread:
            return
        self._counts[kind.code] += 1
        others = self._counts[kind.code] - MAX_OF_ONE_CODE_IN_CONTENT
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

    def style_at(self, path: SchemaPath) -> Style:
        """Return how the author writes the value at a path."""
        if self.column_at(path) is not None:
            return Style.COLUMNS
        return Style.JSON if self.is_json else Style.YAML

    def column_at(self, path: SchemaPath) -> str | None:
        """Return the column of a table that has the value at a path, or that a missing value needs."""
        return self.places.at(path, None).column_name if self.places is not None else None

    def is_unread(self, path: SchemaPath) -> bool:
        """Whether a value that seems to be missing can be in a part that was not parsed."""
        return len(path) == 1 and (self.is_cut_short or can_name_key(str(path[0]), self.unread_texts))

    def reset(self) -> None:
        """Forget everything about a first reading of the text."""
        self.findings.clear()
        self.unread.clear()
        self.faulty.clear()
        self.unread_texts.clear()
        self._counts.clear()
        self._last.clear()
        self.values, self.is_cut_short = 0, False

    def drop(self, node: Node) -> None:
        """Keep the texts of a value that is not used: another value has the same key."""
        self.unread_texts += texts_of(node)

    def leave_out_undecoded(self, node: Node) -> None:
        """Mark each value as unread that has bytes which could not be decoded."""
        if isinstance(node, ScalarNode):
            if UNDECODED in (node.text or ""):
                self.unread.add(node.mark)
        elif isinstance(node, SequenceNode):
            for item in node.nodes:
                self.leave_out_undecoded(item)
        else:
            for key, value in node.pairs:
                if UNDECODED in (key.text or ""):
                    self.unread.add(key.mark)
                    self.is_cut_short = True
                self.leave_out_undecoded(value)

    def count(self, mark: TextPosition) -> None:
        """Count a value, list or mapping that was read.

        Raises:
            TextRefused: there are more than `MAX_VALUES`.
        """
        self.values += 1
        if self.values > MAX_VALUES:
            raise self.stop(TOO_LARGE, f"more than {MAX_VALUES:,} values: the rest is not read", mark)

    def stop(self, kind: Kind, message: str, mark: TextPosition, hint: str | None = None) -> TextRefused:
        """Return the exception to raise if parsing cannot continue."""
        return TextRefused(self._finding(kind, message, mark, hint))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)
