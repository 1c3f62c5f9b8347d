"""The one reader for JSON where lines and columns are not needed: strict, and bounded before it parses.

A text that two programs would read differently is refused: a key twice in one object, `NaN`, a number that no
program can hold, half of a surrogate pair. So is a text that is larger, deeper or has more values than its
caller expects: values are counted in the text, before memory is taken for them. Texts of archivists, where a
message must name the line, are read by `description.jsontext` under the same rules.

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

MAX_NUMBER_CHARACTERS = 1_000  # Python takes ever longer over longer ones, and refuses some thousand digits
_SHOWN_CHARACTERS = 80  # of a key or a number in a message
_MARK = "\ufeff"
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# possessive, and content with the text's end: a string that is never closed is scanned once only
_STRING = re.compile(r'"(?:[^"\\]|\\.|\\\Z)*+(?:"|\Z)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class JsonRules:
    """How large a JSON text may be, and what may be in it; each sort of file has its own."""

    max_bytes: int
    max_values: int = 2_000_000
    """Each takes some hundred bytes of memory, whatever it takes in the text."""
    max_depth: int = 64
    """Lists and objects inside each other."""
    allows_mark: bool = False
    """A byte order mark may precede the text, as some programs of Windows write it."""
    allows_half_pairs: bool = False
    """The text may name files whose names are not UTF-8: half surrogate pairs stand for their bytes."""
    skips_numbers: bool = False
    """Numbers become `None`, however long they are: the caller has no use for them."""
    keeps_doubled: bool = False
    """An object with a key twice is returned as `DoubledKeys`, and not refused."""


class DoubledKeys(dict[str, Any]):
    """An object that had a key twice, where the caller decides what that means; it holds the last values."""

    __slots__ = ("doubled",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.doubled = _doubled_key(pairs)


class _RefusedError(ValueError):
    """Why a text cannot be read in one way."""


def parse_json(data: bytes, where: str, rules: JsonRules, *, hint: str | None = None) -> Any:
    """Read one JSON value in UTF-8; `where` names the file in messages.

    Raises:
        InputError: too large, too many values, too deep, not UTF-8, not JSON, a key twice, or a number or
            character that cannot be written back.
    """
    if len(data) > rules.max_bytes:
        message = f"{where} is too large: {len(data):,} bytes (at most {rules.max_bytes:,} are read)"
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
        raise InputError(f"{where} is not JSON that can be read in one way: {error}", hint=hint) from None


def _parse(text: str, rules: JsonRules) -> Any:
    _refuse_many_values(text, rules.max_values)
    decode = _decoder(keeps_doubled=rules.keeps_doubled, skips_numbers=rules.skips_numbers)
    too_deep = f"more than {rules.max_depth} levels inside each other"
    try:
        value = decode(text)
    except RecursionError:
        raise _RefusedError(too_deep) from None
    if text.count("[") + text.count("{") > rules.max_depth and is_deeper(value, rules.max_depth):
        raise _RefusedError(too_deep)
    if not rules.allows_half_pairs and _ESCAPED_SURROGATE.search(text) is not None:
        _refuse_half_pairs(value)
    return value


def _refuse_many_values(text: str, most: int) -> None:
    """Each value but the first follows a comma or an opening bracket; most texts have fewer of these."""
    if _count_values(text) <= most:
        return
    # commas and brackets inside strings are no values
    count = _count_values(_STRING.sub("", text))
    if count > most:
        raise _RefusedError(f"it has more than {most:,} values")


def _count_values(text: str) -> int:
    return text.count(",") + text.count("[") + text.count("{") + 1


def is_deeper(value: Any, levels: int) -> bool:
    """Whether lists and objects lie inside each other on more levels than these."""
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
        raise _RefusedError("half of a surrogate pair is no character") from None


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _RefusedError(
            f"the key {_doubled_key(pairs)[:_SHOWN_CHARACTERS]!r} is there twice in one object"
        )
    return value


def _kept_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    return value if len(value) == len(pairs) else DoubledKeys(pairs)


def _doubled_key(pairs: list[tuple[str, Any]]) -> str:
    return Counter(name for name, _ in pairs).most_common(1)[0][0]


def doubled_key_of(value: Any) -> str | None:
    """A key that some object inside a value had twice; `None` where there is none."""
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
