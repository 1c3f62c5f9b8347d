"""Formats JSON in one canonical way, so that equal values always become equal bytes."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

_SURROGATE = re.compile("[\ud800-\udfff]")
_indented = json.JSONEncoder(ensure_ascii=False, indent=2, allow_nan=False).encode
_on_one_line = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_sorted = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, sort_keys=True, check_circular=False
).encode
_MAX_EXACT = 2**53 - 1  # larger integers are not exact in JSON (I-JSON, RFC 7493 §2.2)


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


def canonical_json(value: Any) -> str:
    """Format a value by the JSON Canonicalization Scheme (RFC 8785), for values without fractions.

    The encoder of the standard library writes strings and integers as RFC 8785 §3.2.2 asks. It sorts keys
    by code points, RFC 8785 §3.2.3 by UTF-16 code units; the two differ only for keys beyond U+FFFF.

    Raises:
        ValueError: the value contains an integer beyond 2^53 - 1, or a lone surrogate.
        TypeError: the value contains a fraction, a key that is no text, or something that is not JSON.
    """
    _refuse_inexact(value)
    text = _sorted(value)
    if text.isascii():
        return text
    if _SURROGATE.search(text):
        raise ValueError("a text contains half of a surrogate pair")
    return text if max(text) <= "\uffff" else _on_one_line(_with_sorted_keys(value))


def _with_sorted_keys(value: Any) -> Any:
    """Return the value with the members of each object in the order of RFC 8785 §3.2.3."""
    if isinstance(value, dict):
        return {key: _with_sorted_keys(value[key]) for key in sorted(value, key=_utf_16)}
    return [_with_sorted_keys(member) for member in value] if isinstance(value, (list, tuple)) else value


def _utf_16(key: str) -> bytes:
    return key.encode("utf-16-be")  # as bytes, big-endian units have the order of their numbers


def parse_canonical_json(text: str) -> Any:
    """Return the value of a text that `canonical_json` writes.

    Raises:
        ValueError: the text is not JSON, or is not in canonical form.
    """
    try:
        value = parse_exact_json(text)
        # the decoder has refused fractions; below the surrogates, code points sort as RFC 8785 asks
        is_plain = text.isascii() or max(text) < "\ud800"
        if (_sorted(value) if is_plain else canonical_json(value)) == text:
            return value
    except RecursionError:
        raise _too_deep() from None
    raise ValueError("it is not in canonical form (RFC 8785)")


def parse_exact_json(text: str) -> Any:
    """Return the value of a text in any form of JSON, without fractions and numbers that are not exact.

    Raises:
        ValueError: the text is not JSON, or a number in it is a fraction or not exact.
    """
    try:
        return _exact_decoder.decode(text)
    except RecursionError:
        raise _too_deep() from None


def _too_deep() -> ValueError:
    return ValueError("it is nested too deeply")


def _exact_integer(text: str) -> int:
    if len(text) > _EXACT_CHARACTERS or abs(int(text)) > _MAX_EXACT:
        raise ValueError(f"the number {text[:_EXACT_CHARACTERS]} is not exact in JSON")
    return int(text)


def _refuse_fraction(text: str) -> NoReturn:
    raise ValueError(f"the number {text[:_EXACT_CHARACTERS]} is not a whole number")


_EXACT_CHARACTERS = len(str(-_MAX_EXACT))
_exact_decoder = json.JSONDecoder(
    parse_int=_exact_integer, parse_float=_refuse_fraction, parse_constant=_refuse_fraction
)


def _refuse_inexact(value: Any) -> None:
    if isinstance(value, dict):
        for key, member in value.items():
            if not isinstance(key, str):
                raise TypeError(f"not the name of a member: {key!r}")
            if not isinstance(member, str):  # most members are texts: a call less for each
                _refuse_inexact(member)
    elif isinstance(value, (list, tuple)):
        for member in value:
            _refuse_inexact(member)
    elif isinstance(value, int):
        if abs(value) > _MAX_EXACT:
            raise ValueError(f"the number {value} is not exact in JSON")
    elif value is not None and not isinstance(value, str):
        raise TypeError(f"a value of type {type(value).__name__} has no canonical form here")


def _escape_surrogates(text: str) -> str:
    if text.isascii():
        return text
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
