"""Reads JSON strictly, with the line and column of every value and key."""

from __future__ import annotations

import json
import re

from archtool.description import finding_kinds
from archtool.description.document.nodes import (
    FindingCollector,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    TextPosition,
    TextRefused,
)
from archtool.description.limits import MAX_DEPTH

_STRINGS = json.JSONDecoder(strict=True)
_SIMPLE_STRING = re.compile(r'"([^"\\\x00-\x1f]*)"')  # most strings contain no escape
_SIMPLE_KEY = re.compile(r'[ \t\r\n]*"([^"\\\x00-\x1f]*)"[ \t\r\n]*:')
_BLANK = re.compile(r"[ \t\r\n]*")
_BLANKS = frozenset(" \t\r\n")
_SURROGATE = re.compile("[\ud800-\udfff]")
# the library's messages about strings, reworded
_STRING_PROBLEMS = {
    "Unterminated string": "a quotation mark is opened here and never closed",
    "Invalid control character": "a line end or another control character is inside a text: write \\n",
    "Invalid \\": "a backslash begins an unknown escape: write \\\\ for the backslash itself",
}
_HINTS = {
    "a value is expected": "put a text in double quotes",
    "a key in double quotes is expected": 'write `"key": value`',
    "a colon is expected after the key": 'write `"key": value`',
    "a quotation mark is opened here and never closed": "close it on the same line",
    _STRING_PROBLEMS["Invalid control character"]: "close the text on its line, or write \\n for a line end",
    _STRING_PROBLEMS["Invalid \\"]: "write \\\\ for the backslash itself",
    "there is text after the end of the value": "delete it, or the `}` before it",
}
_LOOK_BACK = 200  # characters before a fault
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")


def read_json(text: str, complaints: FindingCollector) -> Node:
    """Build the tree of one JSON text.

    Raises:
        TextRefused: not JSON, empty, nested too deeply.
    """
    reader = JsonReader(text, complaints)
    node = reader.node(0)
    reader.skip_blanks()
    if reader.position < len(text):
        raise reader.stop("there is text after the end of the value")
    return node


class JsonReader:
    """Parses a text from its beginning to its end."""

    def __init__(self, text: str, complaints: FindingCollector) -> None:
        self.text = text
        self.complaints = complaints
        self.position = 0
        self._line, self._line_start, self._counted_to = 1, 0, 0

    def mark(self) -> TextPosition:
        """Return the line and column of the next character."""
        # the position only moves forward: lines are counted only once
        position = self.position
        lines = self.text.count("\n", self._counted_to, position)
        if lines:
            self._line += lines
            self._line_start = self.text.rindex("\n", self._counted_to, position) + 1
        self._counted_to = position
        return TextPosition(self._line, position - self._line_start + 1)

    def go_to(self, position: int) -> None:
        """Continue at another position, which can be before the current one."""
        self.position = position
        if position < self._counted_to:
            self._line, self._line_start, self._counted_to = 1, 0, 0

    def stop(self, problem: str) -> TextRefused:
        """Return the exception to raise for a problem at the current position."""
        hint = self._hint(problem)
        return self.complaints.stop(finding_kinds.SYNTAX, f"not JSON: {problem}", self.mark(), hint)

    def _hint(self, problem: str) -> str | None:
        """Return what to do about a problem at the current position."""
        char = self.text[self.position : self.position + 1]
        before = self.text[max(self.position - _LOOK_BACK, 0) : self.position].rstrip()
        if before.endswith(",") and char in ("}", "]"):
            return "delete the comma before it: there is none after the last value"
        if not char:
            return "close every bracket: `{` with `}`, and `[` with `]`"
        if problem.startswith("a comma"):
            return 'write a comma after the value before it; a text is in double quotes, with \\" inside it'
        return _HINTS.get(problem)

    def skip_blanks(self) -> None:
        """Skip whitespace."""
        if self.text[self.position : self.position + 1] in _BLANKS:
            match = _BLANK.match(self.text, self.position)
            self.position = match.end() if match else self.position

    def node(self, depth: int) -> Node:
        """Read one value."""
        self.skip_blanks()
        mark = self.mark()
        self.complaints.count(mark)
        if depth > MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} levels deep"
            raise self.complaints.stop(finding_kinds.TOO_DEEP, message, mark)
        char = self.text[self.position : self.position + 1]
        if char == "{":
            return self._fields(mark, depth)
        if char == "[":
            return self._items(mark, depth)
        if char == '"':
            return ScalarNode(self._string(mark), is_plain=False, mark=mark)
        match = _PLAIN.match(self.text, self.position)
        if match is None:
            raise self.stop("a value is expected" if char else "the text ends too early")
        self.position = match.end()
        return ScalarNode(None if match[0] == "null" else match[0], is_plain=True, mark=mark)

    def _string(self, mark: TextPosition) -> str:
        simple = _SIMPLE_STRING.match(self.text, self.position)
        if simple is not None:
            self.position = simple.end()
            return self._checked(simple[1], mark)
        value: str
        try:
            value, self.position = _STRINGS.raw_decode(self.text, self.position)
        except json.JSONDecodeError as error:
            self.position = error.pos
            known = (text for start, text in _STRING_PROBLEMS.items() if error.msg.startswith(start))
            raise self.stop(next(known, error.msg)) from error
        return self._checked(value, mark)

    def _checked(self, value: str, mark: TextPosition) -> str:
        half = None if value.isascii() else _SURROGATE.search(value)
        if half is not None:
            message = f"half of a surrogate pair (U+{ord(half[0]):04X}) is not a character"
            self.complaints.add(
                finding_kinds.SYNTAX, f"not JSON: {message}", mark, "write the character itself"
            )
        return value

    def _items(self, mark: TextPosition, depth: int) -> SequenceNode:
        nodes: list[Node] = []
        while self._more("]", is_first=not nodes):
            nodes.append(self.node(depth + 1))
        return SequenceNode(tuple(nodes), mark)

    def _fields(self, mark: TextPosition, depth: int) -> MappingNode:
        pairs: dict[str, tuple[ScalarNode, Node]] = {}
        is_first = True
        while self._more("}", is_first=is_first):
            is_first = False
            key = self.key()
            value = self.node(depth + 1)
            self.add_pair(pairs, key, value)
        return MappingNode(tuple(pairs.values()), mark)

    def add_pair(
        self, pairs: dict[str, tuple[ScalarNode, Node]], key: ScalarNode | None, value: Node
    ) -> None:
        """Add a key with its value, unless there is no key, or it is given already."""
        if key is None:
            return
        name = str(key.text)
        if name in pairs:
            message = f"`{name}` is already given on line {pairs[name][0].mark.line}"
            self.complaints.add(finding_kinds.DUPLICATE_KEY, message, key.mark)
            self.complaints.drop(value)
        else:
            pairs[name] = key, value

    def key(self) -> ScalarNode:
        """Read a key and the colon after it."""
        simple = _SIMPLE_KEY.match(self.text, self.position)
        if simple is not None:
            self.position = simple.start(1) - 1
            mark = self.mark()
            self.position = simple.end()
            return ScalarNode(self._checked(simple[1], mark), is_plain=False, mark=mark)
        self.skip_blanks()
        mark = self.mark()
        if self.text[self.position : self.position + 1] != '"':
            raise self.stop("a key in double quotes is expected")
        key = ScalarNode(self._string(mark), is_plain=False, mark=mark)
        self.skip_blanks()
        if self.text[self.position : self.position + 1] != ":":
            raise self.stop("a colon is expected after the key")
        self.position += 1
        return key

    def _more(self, end: str, *, is_first: bool) -> bool:
        """Skip the opening bracket or a comma; return `False` at the closing bracket."""
        if is_first:
            self.position += 1
            self.skip_blanks()
        else:
            self.skip_blanks()
        char = self.text[self.position : self.position + 1]
        if char == end:
            self.position += 1
            return False
        if not is_first:
            if char != ",":
                raise self.stop(f"a comma or `{end}` is expected")
            self.position += 1
        return True
