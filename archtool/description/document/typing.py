"""Converts the values of a parsed description to the types in its schema, and checks their formats.

A plain `310` becomes a number, and a plain `false` a boolean, only where the schema has that type.
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
from archtool.description.placeholders import UNCONFIRMED
from archtool.description.suggestions.date_suggestions import date_hint
from archtool.encodings import is_text_encoding
from archtool.files.paths import why_unsafe
from archtool.findings import Kind
from archtool.nearest_names import did_you_mean, nearest_name
from archtool.schemas import SchemaPath, load_schema

Schema = Mapping[str, Any]
_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
# control characters that no text needs and a terminal or printer would obey; tab and line end are allowed
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
# file names can contain almost any character
_NAMES_FILES = frozenset(["payload-file", "payload-file-or-folder", "payload-pattern", "package-path"])
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class TypedValues:
    """The typed values, and the position of each value and each key."""

    data: Any
    values: Mapping[SchemaPath, TextPosition]
    keys: Mapping[SchemaPath, TextPosition]


def type_values(node: Node, schema_name: str, complaints: FindingCollector) -> TypedValues:
    """Convert a tree by its schema; report invalid dates, languages, paths and encodings."""
    converter = _Converter(load_schema(schema_name), complaints)
    data = converter.value(node, converter.root, ())
    return TypedValues(data, converter.values, converter.keys)


class _Converter:
    def __init__(self, root: Schema, complaints: FindingCollector) -> None:
        self.root = root
        self.complaints = complaints
        self.values: dict[SchemaPath, TextPosition] = {}
        self.keys: dict[SchemaPath, TextPosition] = {}

    def value(self, node: Node, schema: Schema, path: SchemaPath) -> Any:
        """Return the value of a node in the type of its schema."""
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
        """Follow `$ref`, and choose the branch of `oneOf` that has the type of the node."""
        while "$ref" in schema:
            schema = self.root["$defs"][schema["$ref"].rpartition("/")[2]]
        for branch in schema.get("oneOf", ()):
            resolved = self._resolve(branch, node)
            if resolved.get("type") == _type_of(node):
                return resolved
        return schema

    def _check_text(self, value: str, schema: Schema, mark: TextPosition, path: SchemaPath) -> None:
        text_format = schema.get("format", "")
        control = _CONTROL.search(value)
        if control is not None and text_format not in _NAMES_FILES:
            message = f"{value[:100]!r} contains the control character U+{ord(control[0]):04X}"
            self.complaints.add(finding_kinds.WRONG_VALUE, message, mark, "remove it", path)
        elif value and text_format in FORMATS:  # the schema reports an empty value
            kind, why_invalid, hint = FORMATS[text_format]
            # the mark is reported by itself; what is behind it must be right when the word is deleted
            stated = value.removeprefix(UNCONFIRMED)
            reason = why_invalid(stated)
            if reason is not None:
                self.complaints.add(kind, f"{stated[:100]!r} {reason}", mark, hint(stated), path)


def _type_of(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "object"
    return "array" if isinstance(node, SequenceNode) else "string"


def _typed(node: ScalarNode, schema: Schema) -> Any:
    schema_type = schema.get("type", "string")
    allowed = schema_type if isinstance(schema_type, list) else [schema_type]
    text = node.text
    if text is None or not node.is_plain:
        return text
    if "boolean" in allowed and text in _TRUTH:
        return _TRUTH[text]
    if "integer" in allowed and _WHOLE_NUMBER.fullmatch(text):
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


_TWO_LETTERS = "BCP 47 uses the two-letter code of a language if it has one: `fr`, not `fre` or `fra`"


def _path_hint(text: str) -> str | None:
    """Suggest the same path with `/` between its folders and without `./`, if that is one."""
    plain = re.sub(r"/+", "/", text.strip().replace("\\", "/")).removeprefix("./")
    return did_you_mean(plain) if plain != text and _why_unsafe_folder(plain) is None else None


def _encoding_hint(text: str) -> str | None:
    nearest = nearest_name(text, _ENCODINGS, _ENCODING_WORDS)
    return did_you_mean(nearest) if nearest is not None else None


_ENCODINGS = (
    "utf-8", "utf-16", "windows-1252", "windows-1251", "windows-1250", "iso-8859-1", "iso-8859-2",
    "iso-8859-15", "koi8-r", "cp866", "cp850", "cp437", "mac-roman", "shift_jis", "gb18030", "big5", "euc-kr",
)  # fmt: skip
_ENCODING_WORDS = {
    "ansi": "windows-1252",
    "win1252": "windows-1252",
    "win1251": "windows-1251",
    "win1250": "windows-1250",
    "unicode": "utf-8",
    "dos": "cp850",
    "mac": "mac-roman",
    "macintosh": "mac-roman",
    "cyrillic": "windows-1251",
}


FORMATS: Mapping[str, tuple[Kind, Callable[[str], str | None], Callable[[str], str | None]]] = {
    "edtf": (finding_kinds.DATE, why_not_edtf, date_hint),
    "bcp47": (finding_kinds.LANGUAGE, why_not_language, _language_hint),
    "payload-file": (finding_kinds.FILE_PATH, why_unsafe, _path_hint),
    "payload-file-or-folder": (finding_kinds.FILE_PATH, _why_unsafe_folder, _path_hint),
    "package-path": (finding_kinds.TAG_FILE_PATH, why_unsafe, _path_hint),
    "encoding": (finding_kinds.ENCODING, _why_not_encoding, _encoding_hint),
}
