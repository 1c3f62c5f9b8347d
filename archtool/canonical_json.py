"""One way to write JSON and YAML-safe text, so that the same facts are always the same bytes."""

from __future__ import annotations

import json
import re
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")
_indented = json.JSONEncoder(ensure_ascii=False, indent=2, allow_nan=False).encode
_on_one_line = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def format_json(value: Any) -> str:
    """Format for people and for diff: two-space indent, keys in the order given, LF, a final newline.

    Names that are not UTF-8 reach us with surrogate escapes, which no encoder may write; they are
    written as JSON escapes so that nothing is lost and the text stays valid.
    """
    return _escape_surrogates(_indented(value)) + "\n"


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
