"""Reads the parts of a YAML text that has syntax faults: each faulty part is cut out, and the rest is parsed.

A part is the value of a key at the top level, or one item of a list there. A cut value keeps its place and is
marked as unread, so nothing is concluded from it. Nothing after a fault is read unless it is certain that it
is outside of the faulty part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from archtool.description import finding_kinds
from archtool.description.document.nodes import FindingCollector, Node, TextPosition, TextRefused
from archtool.description.document.yaml_reader import LINE_END, find_forbidden, read_yaml, syntax_error
from archtool.description.limits import MAX_CUT_PARTS, MAX_RECOVERED_CHARS
from archtool.findings import Finding

_KEY = re.compile(r"""(?:"[\w .-]+"|'[\w .-]+'|\w[\w .-]*?)[ \t]*:(?=\s|\Z)""")
_UNREAD = "unread"  # stands for the value of a cut part; it is recognised by its position
_CLOSING = ("]", "}", '"', "'")
_CONTINUING = (",", "[", "{", ":")
_TAB_WIDTH = 8


@dataclass(frozen=True, slots=True)
class _Part:
    """A key at the top level, an item of a list there, or a line that is neither."""

    first: int
    """Its first line, from 0."""
    end: int
    """The line after its last line."""
    value_column: int | None
    """Where its value begins in the first line; `None` for a line without a key."""


@dataclass(frozen=True, slots=True)
class _Fault:
    """The first syntax fault of a text."""

    finding: Finding
    line: int
    """The line of the part that has to be corrected, from 0."""
    is_open: bool = False
    """Whether a bracket or a quotation mark is not closed."""
    takes_rest: bool = False
    """Whether the rest of the text is not part of the description."""


def recover_yaml(text: str, complaints: FindingCollector) -> Node:
    """Build the tree of what can be read, and report every syntax fault.

    Raises:
        TextRefused: nothing can be read; its finding is the last of the faults.
    """
    recovery = _Recovery(LINE_END.split(text), complaints)
    fault = recovery.fault() if len(text) <= MAX_RECOVERED_CHARS else None
    if fault is None:
        return read_yaml(text, complaints)
    last = fault.finding
    while fault is not None:
        last = fault.finding
        if recovery.cut_count >= MAX_CUT_PARTS:
            raise TextRefused(last)
        fault = recovery.cut(fault)
    try:
        return read_yaml(recovery.text, complaints)
    except TextRefused as refused:
        if refused.finding.code != finding_kinds.SYNTAX.code:
            raise
        if last in complaints.findings:
            complaints.findings.remove(last)
        raise TextRefused(last) from refused


class _Recovery:
    """Cuts faulty parts out of a text, line by line, so that all others keep their places."""

    def __init__(self, lines: Sequence[str], complaints: FindingCollector) -> None:
        self.lines = list(lines)
        self.original = tuple(lines)
        self.complaints = complaints
        self.faulty_keys: set[int] = set()
        """The first lines of keys at the top level in which a fault is reported."""
        self.cut_count = 0

    @property
    def text(self) -> str:
        """The text without the parts that were cut out."""
        return "\n".join(self.lines)

    def cut(self, fault: _Fault) -> _Fault | None:
        """Report a fault, cut out the smallest part that contains it, and return the next fault."""
        self.cut_count += 1
        number = min(fault.line, len(self.lines) - 1)  # a fault can be at the end of the text
        key, item = self._key_at(number), self._item_at(number)
        is_known = key is not None and key.first in self.faulty_keys and item is None
        if not is_known:
            self.complaints.findings.append(fault.finding)
        if key is not None:
            self.faulty_keys.add(key.first)
        kept = list(self.lines)
        parts = [part for part in (item, key) if part is not None] or [self._line(number)]
        if fault.takes_rest:
            parts = []
        for part in map(self._extended, parts) if fault.is_open else parts:
            self._remove(part)
            following = self.fault()
            if following is None or not part.first <= min(following.line, len(self.lines) - 1) < part.end:
                self._mark(part)
                return following
            self.lines = list(kept)
        first = key.first if key is not None else number
        rest = _Part(first, len(self.lines), None)
        self._remove(rest)
        self._mark(rest)
        return self.fault()

    def fault(self) -> _Fault | None:
        """Return the first fault of the remaining text."""
        text = self.text
        forbidden = find_forbidden(text, self.complaints)
        if forbidden is not None:
            finding, line = forbidden
            return _Fault(finding, line)
        import yaml  # lazy: 25 ms, JSON does not need it

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        documents = 0
        try:
            for event in yaml.parse(text, Loader=loader):
                documents += isinstance(event, yaml.DocumentStartEvent)
                if documents > 1:
                    return self._second_document(event)
        except yaml.MarkedYAMLError as error:
            return self._explain(error, [*_tokens(text, loader, error.problem_mark or error.context_mark)])
        return None

    def _second_document(self, event: Any) -> _Fault:
        place = TextPosition(event.start_mark.line + 1, event.start_mark.column + 1)
        message = "a second document begins here"
        refused = self.complaints.stop(finding_kinds.SYNTAX, message, place, "write one description per file")
        return _Fault(refused.finding, event.start_mark.line, takes_rest=True)

    def _explain(self, error: Any, tokens: Sequence[Any]) -> _Fault:
        """Return the fault at the place that the author has to correct."""
        end = len(self.lines) - 1
        stray = self._stray_beginning()
        if stray is not None:
            place = TextPosition(stray + 1, 1)
            message = "not YAML: the description does not begin with a key"
            hint = "write `key: value` at the beginning of the line, such as: `archtool: 1`"
            return _Fault(self.complaints.stop(finding_kinds.SYNTAX, message, place, hint).finding, stray)
        runaway = next((token for token in reversed(tokens[-8:]) if self._is_runaway(token)), None)
        if runaway is not None:
            place = TextPosition(runaway.start_mark.line + 1, runaway.start_mark.column + 1)
            message = "not YAML: a quotation mark is opened here and never closed"
            refused = self.complaints.stop(finding_kinds.SYNTAX, message, place, "close it")
            return _Fault(refused.finding, runaway.start_mark.line, is_open=True)
        context = str(error.context or "")
        finding = syntax_error(error, self.text, self.complaints).finding
        problem, start = error.problem_mark or error.context_mark, error.context_mark
        if start is None or not ("quoted scalar" in context or "flow" in context or "simple key" in context):
            return _Fault(finding, problem.line)
        part = self._item_at(min(start.line, end)) or self._key_at(min(start.line, end))
        if "flow" in context and part is not None and problem.line >= part.end:
            sign = self.lines[min(start.line, end)][start.column : start.column + 1]
            if sign in ("[", "{"):
                message = f"not YAML: `{sign}` is opened here and never closed"
                place = TextPosition(start.line + 1, start.column + 1)
                hint = f"close it with `{']' if sign == '[' else '}'}`"
                finding = self.complaints.stop(finding_kinds.SYNTAX, message, place, hint).finding
        return _Fault(finding, start.line, is_open="simple key" not in context)

    def _stray_beginning(self) -> int | None:
        """Return the first line with content if it is no key although keys follow."""
        content = (i for i, line in enumerate(self.lines) if line.strip() and line[0] not in "#%")
        first = next((i for i in content if not self.lines[i].startswith("---")), None)
        if first is None or self._starts_key(first) or self.lines[first].strip() in ("[", "{"):
            return None
        return first if any(self._starts_key(i) for i in range(first + 1, len(self.lines))) else None

    def _is_runaway(self, token: Any) -> bool:
        """Whether a text in quotes goes on over lines that are keys or items of their own."""
        if getattr(token, "style", None) not in ("'", '"'):
            return False
        first, last = token.start_mark.line, token.end_mark.line
        part = (self._item_at(first) or self._key_at(first)) if last > first else None
        return part is not None and last >= part.end

    def _remove(self, part: _Part) -> None:
        first = self.lines[part.first]
        kept = "" if part.value_column is None else f"{first[: part.value_column]} {_UNREAD}"
        self.lines[part.first : part.end] = [kept, *([""] * (part.end - part.first - 1))]

    def _mark(self, part: _Part) -> None:
        """Record a part that was cut out, and the texts in it."""
        self.complaints.unread_texts += [*filter(None, self.original[part.first : part.end])]
        if part.value_column is None:
            self.complaints.is_cut_short = True
        else:
            self.complaints.unread.add(TextPosition(part.first + 1, part.value_column + 2))

    def _extended(self, part: _Part) -> _Part:
        """Return a part with the lines that can belong to a bracket that is not closed."""
        end = part.end
        while end < len(self.lines) and self._last_sign(part.first, end) in _CONTINUING:
            end += 1
            while end < len(self.lines) and not self._starts_key(end):
                end += 1
        return _Part(part.first, end, part.value_column)

    def _last_sign(self, first: int, end: int) -> str:
        for line in reversed(self.lines[first:end]):
            text = line.partition(" #")[0].rstrip()
            if text and not text.lstrip().startswith("#"):
                return text[-1]
        return ""

    def _starts_key(self, number: int) -> bool:
        return _KEY.match(self.lines[number]) is not None

    def _line(self, number: int) -> _Part:
        """Return a line that is no part of a key, with what is indented below it."""
        return _Part(number, self._end_of(number), None)

    def _end_of(self, first: int) -> int:
        return next((i for i in range(first + 1, len(self.lines)) if self._begins_part(i)), len(self.lines))

    def _key_at(self, number: int) -> _Part | None:
        """Return the key at the top level to which a line belongs."""
        first = next((i for i in range(number, -1, -1) if self._begins_part(i)), None)
        if first is None:
            return None
        match = _KEY.match(self.lines[first])
        if match is None:
            return None
        return _Part(first, self._end_of(first), match.end())

    def _begins_part(self, number: int) -> bool:
        """Whether a line begins a key at the top level, or is no part of one."""
        line = self.lines[number]
        if not line.strip() or line == "-":
            return False
        return line[0] not in " \t#" and not line.startswith(("- ", *_CLOSING))

    def _item_at(self, number: int) -> _Part | None:
        """Return the item of a list under a key at the top level to which a line belongs."""
        key = self._key_at(number)
        if key is None:
            return None
        firsts = [*self._items_of(key)]
        first = next((i for i in reversed(firsts) if i <= number), None)
        if first is None:
            return None
        end = next((i for i in firsts if i > first), key.end)
        return _Part(first, end, self.lines[first].index("-") + 1)

    def _items_of(self, key: _Part) -> Iterator[int]:
        """Yield the first lines of the items of a list in block style."""
        width: int | None = None
        for number in range(key.first + 1, key.end):
            line = self.lines[number].expandtabs(_TAB_WIDTH)
            bare = line.lstrip(" ")
            if not bare or bare.startswith("#"):
                continue
            if width is None:
                if not (bare.startswith("- ") or bare == "-") or self._has_value(key):
                    return
                width = len(line) - len(bare)
            if len(line) - len(bare) == width and (bare.startswith("- ") or bare == "-"):
                yield number

    def _has_value(self, key: _Part) -> bool:
        rest = self.lines[key.first][key.value_column or 0 :].strip()
        return bool(rest) and not rest.startswith("#")


def _tokens(text: str, loader: Any, fault: Any) -> Iterator[Any]:
    """Yield the tokens before a fault."""
    import yaml  # lazy: 25 ms, JSON does not need it

    try:
        for token in yaml.scan(text, Loader=loader):
            if (token.start_mark.line, token.start_mark.column) > (fault.line, fault.column):
                return
            yield token
    except yaml.MarkedYAMLError:
        return
