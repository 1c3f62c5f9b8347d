"""Says in plain words what a schema's fault means for whoever wrote the description."""

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

_TYPE_WORDS = {
    "string": "text",
    "object": "keys with values",
    "array": "a list",
    "integer": "a whole number without quotes",
    "boolean": "`true` or `false` without quotes",
}
_SHAPE_KEYWORDS = frozenset(["type", "oneOf"])
_EMPTY_KEYWORDS = frozenset(["minLength", "minItems", "minProperties"])
_NOTHING_HINT = "delete the line if there is nothing to say"
_KEYS_SHOWN = 12
_START = TextPosition(1, 1)


def report_schema_faults(
    faults: tuple[SchemaFault, ...], shaped: TypedValues, complaints: FindingCollector
) -> None:
    """One complaint for each fault, at the key or the value that it is about."""
    said: set[tuple[TextPosition, str]] = set()
    # of a value that has not even its shape, nothing else needs to be said
    shapeless = {fault.path for fault in faults if fault.keyword in _SHAPE_KEYWORDS}
    for fault in faults:
        if fault.path in shapeless and fault.keyword not in _SHAPE_KEYWORDS:
            continue
        for kind, message, mark, hint, path in _complaints_of(fault, shaped):
            if (mark, message) not in said:
                said.add((mark, message))
                complaints.add(kind, message, mark, hint, path)


_Complaint = tuple[Kind, str, TextPosition, str | None, SchemaPath]


def _complaints_of(fault: SchemaFault, shaped: TypedValues) -> Iterator[_Complaint]:
    path = fault.path
    mark = shaped.values.get(path, _START)
    if fault.value is None:
        key_mark = shaped.keys.get(path, mark)
        yield finding_kinds.NO_VALUE, f"{_named(path)} has no value", key_mark, None, path
    elif fault.keyword == "additionalProperties":
        yield from _unknown_keys(fault, shaped)
    elif fault.keyword == "required":
        yield from _missing_keys(fault, mark)
    elif fault.keyword == "anyOf":
        message = f"{_named(path)} has neither `cite` nor `type`"
        yield finding_kinds.MISSING_KEY, message, mark, _SOURCE_HINT, (*path, "type")
    elif fault.keyword == MORE_FAULTS:
        yield finding_kinds.WRONG_VALUE, fault.message, mark, None, path
    elif fault.keyword in _SHAPE_KEYWORDS:
        yield finding_kinds.WRONG_TYPE, _wrong_type(fault), mark, _example(fault.schema), path
    elif fault.keyword == "enum":
        hint = _nearest(str(fault.value), fault.expected)
        yield finding_kinds.WRONG_VALUE, _not_one_of(fault), mark, hint, path
    else:
        message = f"{_named(path)} cannot be {_shown(fault.value)}: {_rule(fault)}"
        nothing = _NOTHING_HINT if fault.keyword in _EMPTY_KEYWORDS else None
        yield finding_kinds.WRONG_VALUE, message, mark, _example(fault.schema) or nothing, path


def report_double_names(shaped: TypedValues, complaints: FindingCollector) -> None:
    """A field of the source may be called by our name or by CSL's: given under both, one would be lost."""
    for ours, theirs in CSL_NAMES.items():
        mark = shaped.keys.get(("source", theirs))
        if mark is not None and ("source", ours) in shaped.keys:
            message = f"`source.{theirs}` says the same thing as `source.{ours}`, which is there too"
            complaints.add(finding_kinds.DUPLICATE_KEY, message, mark, path=("source", theirs))


_SOURCE_HINT = (
    "add `type:` (chapter, book, article-journal, manuscript …), or `cite:` with a key of your library"
)


def _unknown_keys(fault: SchemaFault, shaped: TypedValues) -> Iterator[_Complaint]:
    known = list(fault.schema.get("properties", {}))
    patterns = list(fault.schema.get("patternProperties", {}))
    unknown = (
        key
        for key in fault.value
        if key not in known and not any(re.search(pattern, key) for pattern in patterns)
    )
    # to look for the nearest key takes a while
    for key in islice(unknown, MAX_FAULTS):
        place = f" in {_named(fault.path)}" if fault.path else ""
        path = (*fault.path, key)
        mark = shaped.keys.get(path, _START)
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
    says = str(schema.get("description", "")).rstrip(".")
    example = _example(schema)
    words = f" ({says[:1].lower()}{says[1:]})" if says else ""
    return f"add `{key}:`{words}" + (f", {example}" if example else "")


def _nearest(word: str, known: list[Any]) -> str:
    import difflib

    close = difflib.get_close_matches(word.lower(), [str(k) for k in known], n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    names = ", ".join(str(k) for k in known[:_KEYS_SHOWN])
    return f"use one of: {names}{' …' if len(known) > _KEYS_SHOWN else ''}"


def _wrong_type(fault: SchemaFault) -> str:
    wanted = [fault.expected] if isinstance(fault.expected, str) else fault.expected
    if fault.keyword == "oneOf":
        wanted = [branch.get("type", "object") for branch in fault.expected]
    words = " or ".join(dict.fromkeys(_TYPE_WORDS.get(w, w) for w in wanted))
    return f"{_named(fault.path)} must be {words}, found {_shown(fault.value)}"


def _not_one_of(fault: SchemaFault) -> str:
    allowed = ", ".join(str(v) for v in fault.expected[:_KEYS_SHOWN])
    more = " …" if len(fault.expected) > _KEYS_SHOWN else ""
    return f"{_named(fault.path)} cannot be {_shown(fault.value)}; it is one of: {allowed}{more}"


def _rule(fault: SchemaFault) -> str:
    if fault.keyword in _EMPTY_KEYWORDS:
        return "there must be something in it"
    if fault.keyword == "minimum":
        return f"the least is {fault.expected}"
    says = fault.schema.get("description")
    return str(says).rstrip(".") if says else fault.message


def _example(schema: Mapping[str, Any]) -> str | None:
    examples = list(schema.get("examples", ()))
    for branch in schema.get("oneOf", ()):
        examples += branch.get("examples", ())
    if not examples:
        return None
    return "for instance: " + ", ".join(json.dumps(e, ensure_ascii=False).strip('"') for e in examples)


def _named(path: SchemaPath) -> str:
    """The way to a value, as people write it: `annexes[1].enclosures[2].title`, counted from 1."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return f"`{text.removeprefix('.')}`" if text else "the description"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "keys with values" if value else "empty"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return repr(value)[:80] if isinstance(value, str) else json.dumps(value)
