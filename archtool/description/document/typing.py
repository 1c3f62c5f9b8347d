"""Gives the values of a description the types that its schema asks for, and holds it against the schema.

A plain `310` is a number only where the schema wants one, a plain `false` a truth value only there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from archtool.description import finding_kinds
from archtool.description.dates import why_not_edtf
from archtool.description.document.nodes import (
    FindingCollector,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    TextPosition,
)
from archtool.description.languages import nearest_language, why_not_language
from archtool.encodings import is_text_encoding
from archtool.files.paths import why_unsafe
from archtool.findings import Kind
from archtool.schemas import SchemaPath, load_schema

Schema = Mapping[str, Any]
_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
# no text needs them, and a terminal or a printer is steered by them; tab and line end are none of these
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
# the name of a file can hold nearly anything
_NAMES_FILES = frozenset(["payload-file", "payload-file-or-folder", "payload-pattern"])
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class TypedValues:
    """The values, and where each of them and each key stands."""

    data: Any
    values: Mapping[SchemaPath, TextPosition]
    keys: Mapping[SchemaPath, TextPosition]


def type_values(node: Node, schema_name: str, complaints: FindingCollector) -> TypedValues:
    """Walk the text and its schema side by side; complain of dates, languages and paths on the way."""
    shaper = _Shaper(load_schema(schema_name), complaints)
    data = shaper.value(node, shaper.root, ())
    return TypedValues(data, shaper.values, shaper.keys)


class _Shaper:
    def __init__(self, root: Schema, complaints: FindingCollector) -> None:
        self.root = root
        self.complaints = complaints
        self.values: dict[SchemaPath, TextPosition] = {}
        self.keys: dict[SchemaPath, TextPosition] = {}

    def value(self, node: Node, schema: Schema, path: SchemaPath) -> Any:
        """The plain value of a node, typed as its schema says."""
        schema = self._resolve(schema, node)
        self.values[path] = node.mark
        if isinstance(node, MappingNode):
            return self._fields(node, schema, path)
        if isinstance(node, SequenceNode):
            inner = schema.get("items", {})
            return [self.value(item, inner, (*path, i)) for i, item in enumerate(node.nodes)]
        value = _typed(node, schema)
        if isinstance(value, str):
            self._check_text(value, schema, node.mark, path)
        return value

    def _fields(self, node: MappingNode, schema: Schema, path: SchemaPath) -> dict[str, Any]:
        properties = schema.get("properties", {})
        data: dict[str, Any] = {}
        for key, inner in node.pairs:
            name = str(key.text)
            self.keys[*path, name] = key.mark
            data[name] = self.value(inner, properties.get(name, {}), (*path, name))
        return data

    def _resolve(self, schema: Schema, node: Node) -> Schema:
        """Follow `$ref`, and of several shapes take the one that the node has."""
        while "$ref" in schema:
            schema = self.root["$defs"][schema["$ref"].rpartition("/")[2]]
        for branch in schema.get("oneOf", ()):
            resolved = self._resolve(branch, node)
            if resolved.get("type") == _shape_of(node):
                return resolved
        return schema

    def _check_text(self, value: str, schema: Schema, mark: TextPosition, path: SchemaPath) -> None:
        form = schema.get("format", "")
        control = _CONTROL.search(value)
        if control is not None and form not in _NAMES_FILES:
            message = f"{value[:100]!r} holds the control character U+{ord(control[0]):04X}"
            self.complaints.add(finding_kinds.WRONG_VALUE, message, mark, "take it out", path)
        elif value and form in FORMATS:  # of an empty one the schema complains
            kind, why, hint = FORMATS[form]
            reason = why(value)
            if reason is not None:
                self.complaints.add(kind, f"{value[:100]!r} {reason}", mark, hint(value), path)


def _shape_of(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "object"
    return "array" if isinstance(node, SequenceNode) else "string"


def _typed(node: ScalarNode, schema: Schema) -> Any:
    asked = schema.get("type", "string")
    wanted = asked if isinstance(asked, list) else [asked]
    text = node.text
    if text is None or not node.is_plain:
        return text
    if "boolean" in wanted and text in _TRUTH:
        return _TRUTH[text]
    if "integer" in wanted and _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    return text


def _why_not_encoding(text: str) -> str | None:
    return None if is_text_encoding(text) else "is not the name of a character encoding"


def _why_unsafe_folder(text: str) -> str | None:
    return why_unsafe(text.removesuffix("/"))


def _language_hint(text: str) -> str | None:
    nearest = nearest_language(text)
    if nearest is not None:
        return f"did you mean `{nearest}`?"
    return _TWO_LETTERS if len(text) == 3 and text.isalpha() else None


_TWO_LETTERS = "where a language has a code of two letters, BCP 47 takes that: `fr`, not `fre` or `fra`"


def _no_hint(_: str) -> str | None:
    return None


FORMATS: Mapping[str, tuple[Kind, Callable[[str], str | None], Callable[[str], str | None]]] = {
    "edtf": (finding_kinds.DATE, why_not_edtf, _no_hint),
    "bcp47": (finding_kinds.LANGUAGE, why_not_language, _language_hint),
    "payload-file": (finding_kinds.FILE_PATH, why_unsafe, _no_hint),
    "payload-file-or-folder": (finding_kinds.FILE_PATH, _why_unsafe_folder, _no_hint),
    "encoding": (finding_kinds.ENCODING, _why_not_encoding, _no_hint),
}
