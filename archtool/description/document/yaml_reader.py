"""Reads YAML strictly, from PyYAML's events, so that no value is typed, expanded or lost.

Anchors, aliases, tags, duplicate keys and second documents are reported with their positions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from archtool.description import finding_kinds
from archtool.description.document.nodes import (
    FindingCollector,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    TextPosition,
    TextRefused,
    mark_at,
)
from archtool.description.document.syntax_hints import explain_yaml
from archtool.description.limits import MAX_DEPTH
from archtool.findings import Finding

# characters that YAML forbids in its text; in double quotes an escape such as `\x07` is allowed
# (the class lists them: the negated class of all allowed characters takes twenty times as long to compile)
_NOT_YAML = re.compile("[\0-\x08\v\f\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
LINE_END = re.compile("\r\n|[\n\r\u0085\u2028\u2029]")  # the line ends of YAML 1.1
_COMMENT = re.compile(r"[ \t]+(#.*)")
_SHOWN_CHARACTERS = 60


def read_yaml(text: str, complaints: FindingCollector) -> Node:
    """Build the tree of one YAML document.

    Raises:
        TextRefused: not YAML, empty, nested too deeply.
    """
    forbidden = find_forbidden(text, complaints)
    if forbidden is not None:
        raise TextRefused(forbidden[0])
    return _Builder(_events(text, complaints), complaints, text).document()


def find_forbidden(text: str, complaints: FindingCollector) -> tuple[Finding, int] | None:
    """Return the finding about the first character that YAML forbids, and its line counted from 0."""
    forbidden = _NOT_YAML.search(text)
    if forbidden is None:
        return None
    message = f"not YAML: the control character U+{ord(forbidden[0]):04X} is not allowed"
    mark = mark_at(text, forbidden.start())
    return complaints.stop(finding_kinds.SYNTAX, message, mark, "remove it").finding, mark.line - 1


def _events(text: str, complaints: FindingCollector) -> Iterator[Any]:
    """Yield PyYAML's events; convert its errors to findings."""
    import yaml  # lazy: 25 ms, JSON does not need it

    try:
        yield from yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        raise syntax_error(error, text, complaints) from error


def syntax_error(error: Any, text: str, complaints: FindingCollector) -> TextRefused:
    """Return the exception for a syntax error, at the place that the author has to correct."""
    problem, context = str(error.problem or "").strip(), str(error.context or "").strip()
    if "end of stream" in problem and "quoted scalar" in context:
        message = "not YAML: a quotation mark is opened here and never closed"
        return complaints.stop(finding_kinds.SYNTAX, message, _mark_of(error.context_mark), "close it")
    place = _mark_of(error.problem_mark or error.context_mark)
    if "maximum nesting depth" in problem:  # libyaml has its own limit, and reads ahead
        return complaints.stop(finding_kinds.TOO_DEEP, f"nested more than {MAX_DEPTH} levels deep", place)
    if "expected ':'" in problem or "scanning an a" in context:  # the parser stops after a key or sign
        place = _mark_of(error.context_mark)
    line = LINE_END.split(text)[place.line - 1 : place.line]
    explained = explain_yaml(problem, context, line[0] if line else "", place.column)
    return complaints.stop(finding_kinds.SYNTAX, f"not YAML: {explained.message}", place, explained.hint)


_BLOCK_STYLES = ("|", ">")
_EMPTY_HINT = "archtool new FOLDER writes a description to fill in"


class _Builder:
    """Builds nodes from events."""

    def __init__(self, events: Iterator[Any], complaints: FindingCollector, text: str) -> None:
        self.events = events
        self.complaints = complaints
        self.lines = LINE_END.split(text) if "#" in text else []

    def document(self) -> Node:
        """Return the root node of the only document."""
        root: Node | None = None
        for event in self.events:
            name = type(event).__name__
            if name == "DocumentStartEvent" and root is not None:
                message = "a second document begins here"
                raise self.complaints.stop(
                    finding_kinds.SYNTAX, message, _mark(event), "write one description per file"
                )
            if name in ("StreamStartEvent", "StreamEndEvent", "DocumentStartEvent", "DocumentEndEvent"):
                continue
            root = self._node(event, 0)
            if isinstance(root, ScalarNode) and root.text is None:
                raise self.complaints.stop(
                    finding_kinds.SYNTAX, "the file contains no description", root.mark, _EMPTY_HINT
                )
        if root is None:
            raise self.complaints.stop(
                finding_kinds.SYNTAX, "the file contains no description", TextPosition(1, 1), _EMPTY_HINT
            )
        return root

    def _node(self, event: Any, depth: int) -> Node:
        mark = _mark(event)
        self.complaints.count(mark)
        if depth > MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} levels deep"
            raise self.complaints.stop(finding_kinds.TOO_DEEP, message, mark)
        name = type(event).__name__
        if name == "AliasEvent":
            self.complaints.add(finding_kinds.ANCHOR, f"the alias *{event.anchor} is not allowed", mark)
            self.complaints.unread.add(mark)
            return ScalarNode("", is_plain=False, mark=mark)
        self._refuse_decoration(event, mark)
        if name == "ScalarEvent":
            is_plain = not event.style  # None from PyYAML, an empty text from libyaml
            if event.style not in _BLOCK_STYLES:
                self._note_comment(event, event.value)
            return ScalarNode(None if is_plain and event.value == "" else event.value, is_plain, mark)
        if name == "SequenceStartEvent":
            return SequenceNode(tuple(self._items(depth, is_flow=event.flow_style)), mark)
        return self._fields(mark, depth, is_flow=event.flow_style)

    def _note_comment(self, event: Any, value: str) -> None:
        """Report a comment after a value on its line: `F. 17 #3` is read as `F. 17`."""
        end = event.end_mark
        if not self.lines or end is None or end.line >= len(self.lines):
            return
        comment = _COMMENT.match(self.lines[end.line], end.column)
        if comment is None:
            return
        dropped, kept = comment[1][:_SHOWN_CHARACTERS], value[:_SHOWN_CHARACTERS]
        value_read = f", the value is `{kept}`" if kept else ""
        message = f"`{dropped}` is read as a comment{value_read}"
        self.complaints.add(
            finding_kinds.COMMENT_DROPPED, message, TextPosition(end.line + 1, comment.start(1) + 1)
        )

    def _refuse_decoration(self, event: Any, mark: TextPosition) -> None:
        if event.anchor is not None:
            self.complaints.add(finding_kinds.ANCHOR, f"the anchor &{event.anchor} is not allowed", mark)
        if event.tag is not None:
            self.complaints.add(finding_kinds.ANCHOR, f"the tag {event.tag} is not allowed", mark)

    def _items(self, depth: int, *, is_flow: bool) -> Iterator[Node]:
        for event in self.events:
            if type(event).__name__ == "SequenceEndEvent":
                if is_flow:
                    self._note_comment(event, "")
                return
            yield self._node(event, depth + 1)

    def _fields(self, mark: TextPosition, depth: int, *, is_flow: bool) -> MappingNode:
        pairs: dict[str, tuple[ScalarNode, Node]] = {}
        while type(event := next(self.events)).__name__ != "MappingEndEvent":
            key = self._node(event, depth + 1)
            value = self._node(next(self.events), depth + 1)
            if key.mark in self.complaints.unread:  # an alias or an anchor
                self.complaints.drop(value)
                self.complaints.is_cut_short = True
            elif not isinstance(key, ScalarNode) or key.text is None:
                self.complaints.add(finding_kinds.SYNTAX, "a key must be a single word", key.mark)
                self.complaints.drop(value)
                self.complaints.is_cut_short = True
            elif key.text in pairs:
                first = pairs[key.text][0].mark.line
                message = f"`{key.text}` is already given on line {first}"
                self.complaints.add(finding_kinds.DUPLICATE_KEY, message, key.mark)
                self.complaints.drop(value)
            else:
                pairs[key.text] = key, value
        if is_flow:
            self._note_comment(event, "")
        return MappingNode(tuple(pairs.values()), mark)


def _mark(event: Any) -> TextPosition:
    return _mark_of(event.start_mark)


def _mark_of(place: Any) -> TextPosition:
    return TextPosition(place.line + 1, place.column + 1) if place is not None else TextPosition(1, 1)
