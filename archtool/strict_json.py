"""Parses JSON strictly, with limits that are checked before parsing; does not report lines and columns.

A text that two programs could read differently is refused: a duplicate key in an object, `NaN`, a number out
of range, half of a surrogate pair. So is a text that is larger, deeper or has more values than its caller
allows: values are counted in the text before memory is allocated for them. Descriptions, where a message
must name the line, are read by `archtool.description.document.json_reader` under the same rules.

Source: RFC 8259 §4 (names should be unique), §6 (numbers), §9 (limits); RFC 7493 (I-JSON).
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn

from archtool.errors import InputError

MAX_NUMBER_CHARACTERS = 1_000  # Python's time grows faster than the length; it refuses some thousand digits
_SHOWN_CHARACTERS = 80  # of a key or a number in a message
_MARK = "\ufeff"
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# possessive, and the end of the text closes a string: an unclosed string is scanned only once
_STRING = re.compile(r'"(?:[^"\\]|\\.|\\\Z)*+(?:"|\Z)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class JsonRules:
    """Limits on the size and content of a JSON text; each type of file has its own."""

    max_bytes: int
    max_values: int = 2_000_000
    """Each value takes some hundred bytes of memory, however short it is in the text."""
    max_depth: int = 64
    """The nesting depth of lists and objects."""
    allows_mark: bool = False
    """A byte order mark may precede the text, as some Windows programs write it."""
    allows_half_pairs: bool = False
    """Half surrogate pairs are allowed: they stand for the bytes of file names that are not UTF-8."""
    skips_numbers: bool = False
    """Numbers of any length become `None`: the caller does not need them."""
    keeps_doubled: bool = False
    """An object with a duplicate key is returned as `DoubledKeys` instead of being refused."""


class DoubledKeys(dict[str, Any]):
    """An object with a duplicate key, for callers that handle it; contains the last value of each key."""

    __slots__ = ("doubled",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.doubled = _doubled_key(pairs)


class _RefusedError(ValueError):
    """The text is ambiguous or exceeds a limit."""


def parse_json(data: bytes, where: str, rules: JsonRules, *, hint: str | None = None) -> Any:
    """Parse one JSON value in UTF-8; `where` names the file in messages.

    Raises:
        InputError: too large, too many values, too deep, not UTF-8, not JSON, a duplicate key, or a number
            or character that cannot be written back.
    """
    if len(data) > rules.max_bytes:
        message = f"{where} is too large: {len(data):,} bytes (the limit is {rules.max_bytes:,})"
        raise InputError(message, hint=hint)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"{where} is not text in UTF-8: {error.reason} (byte {error.start + 1:,})"
        raise InputError(message, hint=hint) from None
    if rules.allows_mark:
        text = text.removeprefix(_MARK)
    try:
        return _parse(text, rules)
    except json.JSONDecodeError as error:
        raise InputError(f"{where} is not JSON: {error}", hint=hint) from None
    except ValueError as error:
        raise InputError(f"{where} is not unambiguous JSON: {error}", hint=hint) from None


def _parse(text: str, rules: JsonRules) -> Any:
    _refuse_many_values(text, rules.max_values)
    decode = _decoder(keeps_doubled=rules.keeps_doubled, skips_numbers=rules.skips_numbers)
    too_deep = f"nested more than {rules.max_depth} levels deep"
    try:
        value = decode(text)
    except RecursionError:
        raise _RefusedError(too_deep) from None
    if text.count("[") + text.count("{") > rules.max_depth and is_deeper(value, rules.max_depth):
        raise _RefusedError(too_deep)
    if not rules.allows_half_pairs and _ESCAPED_SURROGATE.search(text) is not None:
        _refuse_half_pairs(value)
    return value


def _refuse_many_values(text: str, max_values: int) -> None:
    """Count commas and opening brackets: each value except the first follows one of them."""
    if _count_values(text) <= max_values:
        return
    # count again without strings, whose commas and brackets are text
    count = _count_values(_STRING.sub("", text))
    if count > max_values:
        raise _RefusedError(f"it has more than {max_values:,} values")


def _count_values(text: str) -> int:
    return text.count(",") + text.count("[") + text.count("{") + 1


def is_deeper(value: Any, levels: int) -> bool:
    """Whether lists and objects are nested more than `levels` deep; empty ones do not count."""
    layer = [value] if isinstance(value, (dict, list)) else []
    for _ in range(levels):
        layer = [part for container in layer for part in _inside(container) if isinstance(part, (dict, list))]
        if not layer:
            return False
    return any(layer)


def _inside(container: Any) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container


def _refuse_half_pairs(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise _RefusedError("half of a surrogate pair is not a character") from None


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _RefusedError(f"the key {_doubled_key(pairs)[:_SHOWN_CHARACTERS]!r} occurs twice in one object")
    return value


def _kept_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    return value if len(value) == len(pairs) else DoubledKeys(pairs)


def _doubled_key(pairs: list[tuple[str, Any]]) -> str:
    return Counter(name for name, _ in pairs).most_common(1)[0][0]


def doubled_key_of(value: Any) -> str | None:
    """Return a duplicate key of an object inside a value; `None` if there is none."""
    layer = [value]
    while layer:
        for part in layer:
            if isinstance(part, DoubledKeys):
                return part.doubled
        layer = [part for outer in layer if isinstance(outer, (dict, list)) for part in _inside(outer)]
    return None


def _refuse_constant(name: str) -> NoReturn:
    raise _RefusedError(f"{name} is not a number in JSON")


def _whole_number(text: str) -> int:
    if len(text) > MAX_NUMBER_CHARACTERS:
        raise _RefusedError(f"the number {text[:_SHOWN_CHARACTERS]}… is too long")
    return int(text)


def _finite_number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _RefusedError(f"the number {text[:_SHOWN_CHARACTERS]} is too large")
    return number


def _skip(_text: str) -> None:
    return None


@cache
def _decoder(*, keeps_doubled: bool, skips_numbers: bool) -> Callable[[str], Any]:
    return json.JSONDecoder(
        object_pairs_hook=_kept_keys if keeps_doubled else _unique_keys,
        parse_int=_skip if skips_numbers else _whole_number,
        parse_float=_skip if skips_numbers else _finite_number,
        parse_constant=_refuse_constant,
    ).decode
