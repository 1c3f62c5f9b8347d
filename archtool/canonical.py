"""One way to write JSON and YAML-safe text, so that the same facts are always the same bytes."""

from __future__ import annotations

import json
from typing import Any


def format_json(value: Any) -> str:
    """Format for people and for diff: two-space indent, keys in the order given, LF, a final newline.

    Names that are not UTF-8 reach us with surrogate escapes, which no encoder may write; they are
    written as JSON escapes so that nothing is lost and the text stays valid.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    return _escape_surrogates(text) + "\n"


def format_json_line(value: Any) -> str:
    """The same facts on one line, without the newline: for JSON Lines and for hashing."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # line ends for Python and some editors, and legal in JSON: one object must stay one line
    for line_end in "\x85\u2028\u2029":
        text = text.replace(line_end, f"\\u{ord(line_end):04x}")
    return _escape_surrogates(text)


def _escape_surrogates(text: str) -> str:
    if text.isascii():
        return text
    return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)
