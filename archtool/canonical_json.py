"""Formats JSON in one canonical way, so that equal values always become equal bytes."""

from __future__ import annotations

import json
import re
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")
_indented = json.JSONEncoder(ensure_ascii=False, indent=2, allow_nan=False).encode
_on_one_line = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def format_json(value: Any) -> str:
    """Format a value on many lines: two-space indent, keys in the given order, LF, a final newline.

    Names that are not UTF-8 contain surrogate escapes, which UTF-8 cannot encode; they are written as JSON
    escapes, so that nothing is lost and the text stays valid.
    """
    return _escape_surrogates(_indented(value)) + "\n"


def format_json_line(value: Any) -> str:
    """Format a value on one line without a newline, for JSON Lines and for hashing."""
    text = _on_one_line(value)
    if text.isascii():
        return text
    # legal in JSON, but line ends for Python and some editors: one object must stay on one line
    for line_end in "\x85\u2028\u2029":
        text = text.replace(line_end, f"\\u{ord(line_end):04x}")
    return _escape_surrogates(text)


def _escape_surrogates(text: str) -> str:
    if text.isascii():
        return text
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
