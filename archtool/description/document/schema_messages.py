"""Explains schema faults in plain words to the author of a description."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from archtool.description import finding_kinds
from archtool.description.document.nodes import FindingCollector, TextPosition
from archtool.description.document.typing import TypedValues
from archtool.description.model_builder import CSL_NAMES
from archtool.findings import Kind
from archtool.schemas import MAX_FAULTS, MORE_FAULTS, SchemaFault, SchemaPath

_TYPE_NAMES = {
    "string": "text",
    "object": "keys with values",
    "array": "a list",
    "integer": "a whole number without quotes",
    "boolean": "`true` or `false` without quotes",
}
_TYPE_KEYWORDS = frozenset(["type", "oneOf"])
_EMPTY_KEYWORDS = frozenset(["minLength", "minItems", "minProperties"])
_EMPTY_HINT = "delete the line if there is no value"
_KEYS_SHOWN = 12
_START = TextPosition(1, 1)


def report_schema_faults(
    faults: tuple[SchemaFault, ...], typed: TypedValues, complaints: FindingCollector
) -> None:
    """Add a finding for each fault, at the key or the value that it refers to."""
    reported: set[tuple[TextPosition, str]] = set()
    # a value of the wrong type needs no further findings
    wrong_type = {fault.path for fault in faults if fault.keyword in _TYPE_KEYWORDS}
    for fault in faults:
        if fault.path in wrong_type and fault.keyword not in _TYPE_KEYWORDS:
            continue
        for kind, message, mark, hint, path in _complaints_of(fault, typed):
            if (mark, message) not in reported:
                reported.add((mark, message))
                complaints.add(kind, message, mark, hint, path)


_Complaint = tuple[Kind, str, TextPosition, str | None, SchemaPath]


def _complaints_of(fault: SchemaFault, typed: TypedValues) -> Iterator[_Complaint]:
    path = fault.path
    mark = typed.values.get(path, _START)
    if fault.value is None:
        key_mark = typed.keys.get(path, mark)
        yield finding_kinds.NO_VALUE, f"{_named(path)} has no value", key_mark, None, path
    elif fault.keyword == "additionalProperties":
        yield from _unknown_keys(fault, typed)
    elif fault.keyword == "required":
        yield from _missing_keys(fault, mark)
    elif fault.keyword == "anyOf":
        message = f"{_named(path)} has neither `cite` nor `type`"
        yield finding_kinds.MISSING_KEY, message, mark, _SOURCE_HINT, (*path, "type")
    elif fault.keyword == MORE_FAULTS:
        yield finding_kinds.WRONG_VALUE, fault.message, mark, None, path
    elif fault.keyword in _TYPE_KEYWORDS:
        yield finding_kinds.WRONG_TYPE, _wrong_type(fault), mark, _example(fault.schema), path
    elif fault.keyword == "enum":
        hint = _nearest(str(fault.value), fault.expected)
        yield finding_kinds.WRONG_VALUE, _not_one_of(fault), mark, hint, path
    else:
        message = f"{_named(path)} cannot be {_shown(fault.value)}: {_rule(fault)}"
        empty = _EMPTY_HINT if fault.keyword in _EMPTY_KEYWORDS else None
        yield finding_kinds.WRONG_VALUE, message, mark, _example(fault.schema) or empty, path


def report_double_names(typed: TypedValues, complaints: FindingCollector) -> None:
    """Report each field of the source that is given under both its plain and its CSL name."""
    for plain, csl in CSL_NAMES.items():
        mark = typed.keys.get(("source", csl))
        if mark is not None and ("source", plain) in typed.keys:
            message = f"`source.{csl}` and `source.{plain}` mean the same field: only one can be given"
            complaints.add(finding_kinds.DUPLICATE_KEY, message, mark, path=("source", csl))


_SOURCE_HINT = (
    "add `type:` (chapter, book, article-journal, manuscript …), or `cite:` with a key of your library"
)


def _unknown_keys(fault: SchemaFault, typed: TypedValues) -> Iterator[_Complaint]:
    known = list(fault.schema.get("properties", {}))
    patterns = list(fault.schema.get("patternProperties", {}))
    unknown = (
        key
        for key in fault.value
        if key not in known and not any(re.search(pattern, key) for pattern in patterns)
    )
    # limited, because the search for the nearest key is slow
    for key in islice(unknown, MAX_FAULTS):
        place = f" in {_named(fault.path)}" if fault.path else ""
        path = (*fault.path, key)
        mark = typed.keys.get(path, _START)
        yield finding_kinds.UNKNOWN_KEY, f"unknown key `{key}`{place}", mark, _nearest(key, known), path


def _missing_keys(fault: SchemaFault, mark: TextPosition) -> Iterator[_Complaint]:
    properties: Mapping[str, Any] = fault.schema.get("properties", {})
    for key in fault.expected:
        if key not in fault.value:
            place = f" in {_named(fault.path)}" if fault.path else ""
            yield (
                finding_kinds.MISSING_KEY,
                f"`{key}` is missing{place}",
                mark,
                _addition(key, properties.get(key, {})),
                (*fault.path, key),
            )


def _addition(key: str, schema: Mapping[str, Any]) -> str:
    text = str(schema.get("description", "")).rstrip(".")
    example = _example(schema)
    meaning = f" ({text[:1].lower()}{text[1:]})" if text else ""
    return f"add `{key}:`{meaning}" + (f", {example}" if example else "")


def _nearest(word: str, known: list[Any]) -> str:
    import difflib  # lazy: 4 ms, only descriptions with faults need it

    close = difflib.get_close_matches(word.lower(), [str(k) for k in known], n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    names = ", ".join(str(k) for k in known[:_KEYS_SHOWN])
    return f"use one of: {names}{' …' if len(known) > _KEYS_SHOWN else ''}"


def _wrong_type(fault: SchemaFault) -> str:
    types = [fault.expected] if isinstance(fault.expected, str) else fault.expected
    if fault.keyword == "oneOf":
        types = [branch.get("type", "object") for branch in fault.expected]
    expected = " or ".join(dict.fromkeys(_TYPE_NAMES.get(name, name) for name in types))
    return f"{_named(fault.path)} must be {expected}, found {_shown(fault.value)}"


def _not_one_of(fault: SchemaFault) -> str:
    allowed = ", ".join(str(v) for v in fault.expected[:_KEYS_SHOWN])
    more = " …" if len(fault.expected) > _KEYS_SHOWN else ""
    return f"{_named(fault.path)} cannot be {_shown(fault.value)}; it is one of: {allowed}{more}"


def _rule(fault: SchemaFault) -> str:
    if fault.keyword in _EMPTY_KEYWORDS:
        return "it must not be empty"
    if fault.keyword == "minimum":
        return f"the minimum is {fault.expected}"
    text = fault.schema.get("description")
    return str(text).rstrip(".") if text else fault.message


def _example(schema: Mapping[str, Any]) -> str | None:
    examples = list(schema.get("examples", ()))
    for branch in schema.get("oneOf", ()):
        examples += branch.get("examples", ())
    if not examples:
        return None
    return "for instance: " + ", ".join(json.dumps(e, ensure_ascii=False).strip('"') for e in examples)


def _named(path: SchemaPath) -> str:
    """Format a path for people: `annexes[1].enclosures[2].title`, counted from 1."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return f"`{text.removeprefix('.')}`" if text else "the description"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "keys with values" if value else "empty"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return repr(value)[:80] if isinstance(value, str) else json.dumps(value)
