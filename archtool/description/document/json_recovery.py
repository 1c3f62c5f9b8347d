"""Reads the parts of a JSON text that has syntax faults: the value of each faulty key is left out.

Reading goes on at the next key of the top level, if it is certain where that is: brackets and quotation marks
before it are balanced. Otherwise the rest of the text is not read.
"""

from __future__ import annotations

import re

from archtool.description import finding_kinds
from archtool.description.document.json_reader import JsonReader, read_json
from archtool.description.document.nodes import FindingCollector, MappingNode, Node, ScalarNode, TextRefused
from archtool.description.limits import MAX_CUT_PARTS, MAX_RECOVERED_CHARS
from archtool.schemas import load_schema

_KEY = re.compile(r'"([^"\\\x00-\x1f]*)"[ \t\r\n]*:')
_TOKEN = re.compile(
    r'"(?:[^"\\\n]|\\.)*(?:"|(?=\n)|\Z)|[{}\[\],]'
)  # a text without its end ends with its line
_OPENING, _CLOSING = frozenset("{["), frozenset("}]")


def recover_json(text: str, complaints: FindingCollector) -> Node:
    """Build the tree of what can be read, and report each syntax fault.

    Raises:
        TextRefused: nothing can be read.
    """
    reader = _RecoveringReader(text, complaints)
    reader.skip_blanks()
    if text[reader.position : reader.position + 1] != "{" or len(text) > MAX_RECOVERED_CHARS:
        return read_json(text, complaints)
    return reader.top_level()


class _RecoveringReader(JsonReader):
    """Parses the object at the top level key by key."""

    indentation: str | None = None
    """The blanks before the first key; `None` if it does not begin a line."""

    def _indentation(self, position: int) -> str | None:
        """Return the blanks before a position; `None` if something else is before it on its line."""
        line_end = self.text.rfind("\n", 0, position)
        before = self.text[line_end + 1 : position]
        return before if line_end >= 0 and not before.strip() else None

    def top_level(self) -> Node:
        """Read the description."""
        pairs: dict[str, tuple[ScalarNode, Node]] = {}
        mark = self.mark()
        self.complaints.count(mark)
        self.position += 1
        self.skip_blanks()
        self.indentation = self._indentation(self.position)
        faults = 0
        while self._is_at_key():
            key: ScalarNode | None = None
            first = self.position
            try:
                key = self.key()
                value: Node = self.node(1)
                self._separator()
            except TextRefused as refused:
                faults += 1
                if refused.finding.code != finding_kinds.SYNTAX.code or faults > MAX_CUT_PARTS:
                    raise
                self.complaints.findings.append(refused.finding)
                value = self._unread(key)
                self._go_on(first)
            self.add_pair(pairs, key, value)
        self.skip_blanks()
        if self.position < len(self.text):
            if not faults:  # otherwise it follows from a bracket that is reported already
                self.complaints.findings.append(self.stop("there is text after the end of the value").finding)
            self._leave_out(self.position, len(self.text))
        return MappingNode(tuple(pairs.values()), mark)

    def _is_at_key(self) -> bool:
        """Skip blanks; return `False` at the end of the object, which is skipped as well."""
        self.skip_blanks()
        if self.text[self.position : self.position + 1] == "}":
            self.position += 1
            return False
        return self.position < len(self.text)

    def _separator(self) -> None:
        """Skip the comma after a value, or stay before the closing brace."""
        self.skip_blanks()
        char = self.text[self.position : self.position + 1]
        if char == ",":
            self.position += 1
            self.skip_blanks()
            if self.text[self.position : self.position + 1] == "}":
                raise self.stop("a key in double quotes is expected")
        elif char != "}":
            raise self.stop("a comma or `}` is expected")

    def _unread(self, key: ScalarNode | None) -> Node:
        if key is None:
            self.complaints.is_cut_short = True
            return ScalarNode("", is_plain=False, mark=self.mark())
        self.complaints.unread.add(key.mark)
        return ScalarNode("", is_plain=False, mark=key.mark)

    def _go_on(self, first: int) -> None:
        """Go to the next key at the top level, or to the end of the text."""
        key = _KEY.match(self.text, first)
        end = self._next_key(key.end() if key is not None else first)
        if end is None:
            end = len(self.text)
            self.complaints.is_cut_short = True
        self._leave_out(first, end)
        self.go_to(end)

    def _leave_out(self, first: int, end: int) -> None:
        self.complaints.unread_texts += filter(None, self.text[first:end].splitlines())
        self.complaints.is_cut_short |= end == len(self.text)

    def _next_key(self, start: int) -> int | None:
        """Return where the next key, or the brace at the end, begins; `None` if that is not certain."""
        depth = 0
        for token in _TOKEN.finditer(self.text, start):
            sign = token[0]
            if depth == 0 and sign[0] == '"' and token.start() > start and self._is_known_key(token.start()):
                return token.start()
            if sign in _OPENING:
                depth += 1
            elif sign in _CLOSING:
                depth -= 1
                if depth < 0:
                    is_end = sign == "}" and not self.text[token.end() :].strip()
                    return token.start() if is_end else None
        return None

    def _is_known_key(self, position: int) -> bool:
        key = _KEY.match(self.text, position)
        if key is None or self._indentation(position) not in (None, self.indentation):
            return False
        return key[1].startswith("x-") or key[1] in load_schema("description.schema.json")["properties"]
