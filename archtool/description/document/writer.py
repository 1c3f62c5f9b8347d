"""Writes the values of a description as canonical YAML or JSON, which is read back as the same values.

Every text is in double quotes, as in JSON, so that nothing in it has a meaning in YAML; numbers and booleans
are plain. Lines are not folded: each line has one value of any length.
"""

from __future__ import annotations

import re
from json.encoder import encode_basestring
from typing import Any

from archtool.description.document.nodes import MappingNode, Node, ScalarNode, SequenceNode

_PLAIN_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
# characters that YAML forbids or takes for a line end; JSON escapes the control characters below them
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_EMPTY = {dict: " {}", list: " []"}


def format_yaml(values: dict[str, Any]) -> str:
    """Format a description, with keys in the given order; `None` becomes a key without a value."""
    lines: list[str] = []
    _write_fields(values, "", lines)
    return "\n".join(lines) + "\n"


def _write_fields(values: dict[str, Any], indent: str, lines: list[str]) -> None:
    for key, value in values.items():
        name = key if _PLAIN_KEY.fullmatch(key) else quoted(key)
        _write(value, f"{indent}{name}:", indent + "  ", lines)


def _write(value: Any, lead: str, indent: str, lines: list[str]) -> None:
    if not isinstance(value, (dict, list)):
        lines.append(lead if value is None else f"{lead} {_scalar(value)}")
    elif not value:
        lines.append(lead + _EMPTY[type(value)])
    elif isinstance(value, dict):
        lines.append(lead)
        _write_fields(value, indent, lines)
    else:
        lines.append(lead)
        for item in value:
            _write_item(item, indent, lines)


def _write_item(item: Any, indent: str, lines: list[str]) -> None:
    """Write one item of a list; the first key of an object is on the line of the dash."""
    if isinstance(item, dict) and item:
        first = len(lines)
        _write_fields(item, indent + "  ", lines)
        lines[first] = f"{indent}- {lines[first][len(indent) + 2 :]}"
    else:
        _write(item, f"{indent}-", indent + "  ", lines)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value)
    return ("false", "true")[value] if isinstance(value, bool) else str(value)


def quoted(text: str) -> str:
    """Return a text in double quotes, with everything escaped that YAML or JSON would not read as text."""
    written = encode_basestring(text)
    if text.isascii() and "\x7f" not in text:
        return written
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def format_node(node: Node) -> str:
    """Format a tree as JSON on one line, like `format_json_line`; numbers stay as they were written."""
    if isinstance(node, MappingNode):
        pairs = (f"{_json_text(str(key.text))}:{format_node(value)}" for key, value in node.pairs)
        return "{" + ",".join(pairs) + "}"
    if isinstance(node, SequenceNode):
        return "[" + ",".join(map(format_node, node.nodes)) + "]"
    return _json_scalar(node)


def _json_scalar(node: ScalarNode) -> str:
    if node.text is None:
        return "null"
    return node.text if node.is_plain else _json_text(node.text)


def _json_text(text: str) -> str:
    written = encode_basestring(text)
    return written if text.isascii() else _LINE_ENDS.sub(lambda end: f"\\u{ord(end[0]):04x}", written)


_LINE_ENDS = re.compile("[\x85\u2028\u2029\ud800-\udfff]")
