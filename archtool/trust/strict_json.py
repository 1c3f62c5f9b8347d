"""JSON read so that it has one meaning: no key twice, no NaN, no depth or size that hurts.

Source: RFC 8259 §4 (names should be unique), §6 (numbers), §9 (limits); RFC 7493 (I-JSON).
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import Any

from archtool.errors import InputError

MAX_DEPTH = 32  # levels of nesting; a statement has five
# possessive, and content with the text's end: a string that is never closed is looked at once only
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.|\\\Z)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)


def parse_strict_json(data: bytes, where: str, *, max_bytes: int) -> Any:
    """Read one JSON value.

    Raises:
        InputError: too large, too deep, not UTF-8, not JSON, a key twice, or a number or character that
            cannot be written back.
    """
    if len(data) > max_bytes:
        raise InputError(f"{where} is too large: {len(data)} bytes (at most {max_bytes})")
    try:
        text = data.decode("utf-8")
        _refuse_depth(text, where)
        value = json.loads(
            text, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant, parse_float=_finite
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # half a surrogate pair is no character
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise InputError(f"{where} is not text in UTF-8: {error.reason}") from None
    except ValueError as error:
        raise InputError(f"{where} is not JSON that can be read in one way: {error}") from None
    return value


def _refuse_depth(text: str, where: str) -> None:
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        if found.group() in ("[", "{"):
            depth += 1
        elif found.group() in ("]", "}"):
            depth -= 1
        if depth > MAX_DEPTH:
            raise InputError(f"{where} is nested deeper than {MAX_DEPTH} levels")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise ValueError(f"key {twice[:80]!r} stands there twice")
    return value


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number in JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"number {text[:40]} is too large")
    return number
