"""Writes the values of a description as text, in one way only: what is read from it is the same again.

Every text stands in double quotes, as in JSON, so that nothing in it can mean something to YAML; numbers and
truth values stand plain. Nothing is folded: a line holds one value, however long it is.
"""

from __future__ import annotations

import re
from json.encoder import encode_basestring
from typing import Any

from archtool.description.document.nodes import MappingNode, Node, ScalarNode, SequenceNode

_PLAIN_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
# what YAML does not let stand in its text, or takes for the end of a line; JSON escapes what is below these
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_EMPTY = {dict: " {}", list: " []"}


def format_yaml(values: dict[str, Any]) -> str:
    """The text of a description, key by key in the order given; `None` is a key without a value."""
    lines: list[str] = []
    _write_fields(values, "", lines)
    return "\n".join(lines) + "\n"


def _write_fields(values: dict[str, Any], indent: str, lines: list[str]) -> None:
    for key, value in values.items():
        name = key if _PLAIN_KEY.fullmatch(key) else _quoted(key)
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
    """One item of a list; the first key of an object stands beside its dash."""
    if isinstance(item, dict) and item:
        first = len(lines)
        _write_fields(item, indent + "  ", lines)
        lines[first] = f"{indent}- {lines[first][len(indent) + 2 :]}"
    else:
        _write(item, f"{indent}-", indent + "  ", lines)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value)
    return ("false", "true")[value] if isinstance(value, bool) else str(value)


def _quoted(text: str) -> str:
    written = encode_basestring(text)
    if text.isascii() and "\x7f" not in text:
        return written
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def format_node(node: Node) -> str:
    """One JSON text on one line, as `canonical.format_json_line` has it; a number stays as it was written."""
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
