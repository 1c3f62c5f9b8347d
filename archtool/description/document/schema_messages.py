"""Explains schema faults in plain words to the author of a description."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from archtool.description import finding_kinds
from archtool.description.document.examples import Style, format_example, with_example
from archtool.description.document.key_suggestions import KeySuggester, suggest_truth, suggest_value
from archtool.description.document.nodes import FindingCollector, TextPosition
from archtool.description.document.typing import TypedValues
from archtool.description.model_builder import CSL_NAMES
from archtool.description.suggestions.rights_suggestions import meant_rights
from archtool.findings import Kind
from archtool.nearest_names import did_you_mean
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
_NOT_OF_ID = re.compile(r"[^A-Za-z0-9._]+")
_START = TextPosition(1, 1)


def report_schema_faults(
    faults: tuple[SchemaFault, ...], typed: TypedValues, complaints: FindingCollector
) -> None:
    """Add a finding for each fault, at the key or the value that it refers to."""
    reported: set[tuple[TextPosition, str]] = set()
    # a value of the wrong type needs no further findings
    wrong_type = {fault.path for fault in faults if fault.keyword in _TYPE_KEYWORDS}
    explained = _Explainer(typed, complaints)
    # unknown keys first: a key that is suggested for one of them is not missing
    for fault in sorted(faults, key=lambda f: f.keyword != "additionalProperties"):
        if fault.path in wrong_type and fault.keyword not in _TYPE_KEYWORDS:
            continue
        for kind, message, mark, hint, path in explained.complaints_of(fault):
            if (mark, message) not in reported:
                reported.add((mark, message))
                complaints.add(kind, message, mark, hint, path)


_Complaint = tuple[Kind, str, TextPosition, str | None, SchemaPath]


class _Explainer:
    """Explains the faults of one description."""

    def __init__(self, typed: TypedValues, complaints: FindingCollector) -> None:
        self.typed = typed
        self.complaints = complaints
        self.suggested: dict[SchemaPath, set[str]] = {}
        """For each object the keys that are suggested for its unknown keys."""

    def complaints_of(self, fault: SchemaFault) -> Iterator[_Complaint]:
        """Yield the complaints about one fault."""
        path, mark = fault.path, self.typed.values.get(fault.path, _START)
        style = self.complaints.style_at(path)
        if fault.value is None:
            key_mark = self.typed.keys.get(path, mark)
            yield finding_kinds.NO_VALUE, f"{_named(path)} has no value", key_mark, _shape(fault, style), path
        elif fault.keyword == "additionalProperties":
            yield from self._unknown_keys(fault, style)
        elif fault.keyword == "required":
            yield from self._missing_keys(fault, mark)
        elif fault.keyword == "anyOf":
            if not self.suggested.get(path, set()) & {"cite", "type"}:
                message = f"{_named(path)} has neither `cite` nor `type`"
                column = self.complaints.column_at((*path, "type"))
                hint = _SOURCE_HINT if column is None else _SOURCE_COLUMNS_HINT
                yield finding_kinds.MISSING_KEY, message, mark, hint, (*path, "type")
        elif fault.keyword == MORE_FAULTS:
            yield finding_kinds.WRONG_VALUE, fault.message, mark, None, path
        elif fault.keyword in _TYPE_KEYWORDS:
            yield finding_kinds.WRONG_TYPE, _wrong_type(fault), mark, _shape(fault, style), path
        elif fault.keyword == "enum":
            yield finding_kinds.WRONG_VALUE, _not_one_of(fault), mark, _nearest_value(fault), path
        else:
            message = f"{_named(path)} cannot be {_shown(fault.value)}: {_rule(fault)}"
            empty = _EMPTY_HINT if fault.keyword in _EMPTY_KEYWORDS else None
            todo = self._nearest_id(fault) or _example(fault.schema) or empty
            yield finding_kinds.WRONG_VALUE, message, mark, todo, path

    def _nearest_id(self, fault: SchemaFault) -> str | None:
        """Suggest an id without the characters that are not allowed, if no other part has it."""
        if fault.keyword != "pattern" or fault.path[-1:] != ("id",):
            return None
        plain = unicodedata.normalize("NFKD", fault.value).encode("ascii", "ignore").decode()
        meant = _NOT_OF_ID.sub("-", plain).strip("-")
        is_allowed = meant and re.search(fault.expected, meant) is not None
        return did_you_mean(meant) if is_allowed and meant not in _ids_in(self.typed.data) else None

    def _unknown_keys(self, fault: SchemaFault, style: Style) -> Iterator[_Complaint]:
        known = fault.schema.get("properties", {})
        patterns = list(fault.schema.get("patternProperties", {}))
        unknown = (
            key
            for key in fault.value
            if key not in known and not any(re.search(pattern, key) for pattern in patterns)
        )
        suggester = KeySuggester(fault.path, fault.schema, fault.value, self.typed.data, style)
        # limited, because the search for the nearest key is slow
        for key in islice(unknown, MAX_FAULTS):
            place = f" in {_named(fault.path)}" if fault.path else ""
            path = (*fault.path, key)
            mark = self.typed.keys.get(path, _START)
            message = f"unknown key `{key}`{place}"
            yield finding_kinds.UNKNOWN_KEY, message, mark, suggester.hint(key), path
        self.suggested[fault.path] = suggester.suggested

    def _missing_keys(self, fault: SchemaFault, mark: TextPosition) -> Iterator[_Complaint]:
        properties: Mapping[str, Any] = fault.schema.get("properties", {})
        for key in fault.expected:
            path = (*fault.path, key)
            if key in fault.value:
                continue
            if key in self.suggested.get(fault.path, ()) or self.complaints.is_unread(path):
                self.complaints.faulty.add(path)  # no finding: it is there, with a fault of its own
                continue
            place = f" in {_named(fault.path)}" if fault.path else ""
            hint = _addition(key, properties.get(key, {}), self.complaints.column_at(path))
            yield finding_kinds.MISSING_KEY, f"`{key}` is missing{place}", mark, hint, path


def _ids_in(values: Any) -> Iterator[str]:
    if isinstance(values, dict):
        if isinstance(values.get("id"), str):
            yield values["id"]
        for value in values.values():
            yield from _ids_in(value)
    elif isinstance(values, list):
        for value in values:
            yield from _ids_in(value)


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


_SOURCE_COLUMNS_HINT = (
    "fill in the column `source.type` (chapter, book, article-journal, manuscript …), or `source.cite` with "
    "a key of your library; a citation in words is in the column `source` alone"
)


def _addition(key: str, schema: Mapping[str, Any], column: str | None) -> str:
    text = str(schema.get("description", "")).rstrip(".")
    example = _example(schema)
    meaning = f" ({text[:1].lower()}{text[1:]})" if text else ""
    todo = f"add `{key}:`" if column is None else f"fill in the column `{column}`"
    return f"{todo}{meaning}" + (f", {example}" if example else "")


def _nearest_value(fault: SchemaFault) -> str:
    meant = suggest_value(str(fault.value), fault.expected)
    if meant is not None:
        return did_you_mean(meant)
    names = ", ".join(str(k) for k in fault.expected[:_KEYS_SHOWN])
    return f"use one of: {names}{' …' if len(fault.expected) > _KEYS_SHOWN else ''}"


def _shape(fault: SchemaFault, style: Style) -> str | None:
    """Return a hint that shows what the value looks like, with the author's own text if possible."""
    if fault.schema.get("type") == "boolean" and isinstance(fault.value, str):
        truth = suggest_truth(fault.value)
        return did_you_mean(truth) if truth is not None else None
    if not fault.path:
        return "archtool new FOLDER writes a description to fill in"
    own = fault.value
    if isinstance(own, list) and len(own) == 1:
        own = own[0]
    if fault.value is None and fault.schema.get("type") == "string":
        return None
    if fault.path == ("rights",) and isinstance(own, str):
        own = meant_rights(own) or own
    example = format_example(fault.path, fault.schema, style, own)
    lead = "for instance:" if fault.value is not None else "write a value, or delete the line; for instance:"
    return with_example(lead, example) if example else None


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
