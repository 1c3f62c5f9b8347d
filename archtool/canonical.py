"""One way to write JSON and YAML-safe text, so that the same facts are always the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from json.encoder import encode_basestring as _text
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")
_number = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_on_one_line = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def format_json(value: Any) -> str:
    """Format for people and for diff: two-space indent, keys in the order given, LF, a final newline.

    Names that are not UTF-8 reach us with surrogate escapes, which no encoder may write; they are
    written as JSON escapes so that nothing is lost and the text stays valid.
    """
    # as `json.dumps(value, indent=2)` has it, which writes each bracket and comma by itself, in Python
    return _escape_surrogates(_indented(value, "\n")) + "\n"


class Fixed(dict[str, Any]):
    """Facts that many documents have in common, never changed: put into words once for each depth."""

    __slots__ = ("_words",)

    def __init__(self, facts: Mapping[str, Any]) -> None:
        super().__init__(facts)
        self._words: dict[str, str] = {}

    def in_words(self, line: str) -> str:
        """Their text, as `_indented` has it."""
        words = self._words.get(line)
        if words is None:
            words = self._words[line] = _indented(dict(self), line)
        return words


def _indented(value: Any, line: str) -> str:
    """The text of a value; `line` is a line end with the indentation of the line that it begins on."""
    if type(value) is Fixed:
        return value.in_words(line)
    inner = line + "  "
    if isinstance(value, dict):
        parts = []
        for key, part in value.items():
            # most values are texts: for them a call more would be half of the work
            words = _text(part) if type(part) is str else _indented(part, inner)
            parts.append(f"{_text(key)}: {words}")
        return f"{{{inner}{f',{inner}'.join(parts)}{line}}}" if parts else "{}"
    if isinstance(value, list | tuple):
        parts = [_indented(part, inner) for part in value]
        return f"[{inner}{f',{inner}'.join(parts)}{line}]" if parts else "[]"
    if isinstance(value, str):
        return _text(value)
    return str(value) if type(value) is int else _constant(value)


def _constant(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else _number(value)


def format_json_line(value: Any) -> str:
    """The same facts on one line, without the newline: for JSON Lines and for hashing."""
    text = _on_one_line(value)
    if text.isascii():
        return text
    # line ends for Python and some editors, and legal in JSON: one object must stay one line
    for line_end in "\x85\u2028\u2029":
        text = text.replace(line_end, f"\\u{ord(line_end):04x}")
    return _escape_surrogates(text)


def _escape_surrogates(text: str) -> str:
    if text.isascii():
        return text
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
