"""Shows what the value of a key looks like: two lines of YAML or JSON, or the columns of a table."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from archtool.description.dates import why_not_edtf
from archtool.description.languages import why_not_language
from archtool.files.paths import why_unsafe
from archtool.schemas import SchemaPath, load_schema

Schema = Mapping[str, Any]
_SCHEMA_NAME = "description.schema.json"
# a text that YAML reads unchanged without quotes, also inside braces
_PLAIN = re.compile(r"[^\W_](?:[\w ./~-]*[\w./~-])?")
_MAX_CHARACTERS = 60  # of an author's own value in an example
_MAX_OWN_KEYS = 4  # of an author's own object in an example
_SOURCE = {"type": "book", "title": "Cahiers", "date": "1979", "pages": "12-14"}
_TITLE, _ANNEXE_FILE = "Note of the secretariat", "annexe.txt"
_FILE_NAME = re.compile(r"\S+\.[A-Za-z]{2,4}")
_NAME_KEYS = ("name", "file", "statement", "title", "literal")
"""The key of an object that a single text stands for."""


_FORMATS: Mapping[str, Callable[[str], str | None]] = {
    "edtf": why_not_edtf,
    "bcp47": why_not_language,
    "payload-file": why_unsafe,
    "payload-file-or-folder": why_unsafe,
}


class Style(Enum):
    """How the author writes a description."""

    YAML = "yaml"
    JSON = "json"
    COLUMNS = "columns"


def format_example(path: SchemaPath, schema: Schema, style: Style, own: Any = None) -> str | None:
    """Return an example for the value at a path; `None` if the schema has none.

    `own` is the author's own text, if it can be shown in the right place.
    """
    value = _with_own_values(schema, own) or example_value(schema, _short_text(own))
    if value is None:
        return None
    if style is Style.COLUMNS:
        return _columns(path, value)
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    if path == ("source",) and not isinstance(own, str):
        value = dict(_SOURCE)  # its fields say more than a text
    return _lines(key, [value] if path and isinstance(path[-1], int) else value, style)


def format_nested(
    outer: str, inner: str, schema: Schema, style: Style, own: Any = None, *, is_new: bool = True
) -> str | None:
    """Return an example for a value inside an object that has the given schema.

    An object that is new is shown with all its required keys.
    """
    value = example_value(schema["properties"][inner], _short_text(own))
    if value is None:
        return None
    others = {key: example_value(schema["properties"][key]) for key in _required(schema)} if is_new else {}
    values = others | {inner: value}
    return _columns((outer,), values) if style is Style.COLUMNS else _lines(outer, values, style)


def format_inner(inner: str, schema: Schema, style: Style, own: Any = None) -> str | None:
    """Return an example for a value to add to an object that is there already, without the object."""
    value = example_value(schema["properties"][inner], _short_text(own))
    return None if value is None else _lines(inner, value, style)


def _short_text(own: Any) -> str | None:
    return own if isinstance(own, str) and len(own) <= _MAX_CHARACTERS else None


def _with_own_values(schema: Schema, own: Any) -> Any:
    """Return a list with the author's own object, if a list of such objects is expected."""
    if schema.get("type") != "array" or not isinstance(own, dict) or not 0 < len(own) <= _MAX_OWN_KEYS:
        return None
    required = resolved(schema["items"]).get("required", ())
    is_short = all(_short_text(value) is not None for value in own.values())
    return [own] if is_short and all(key in own for key in required) else None


def _required(schema: Schema) -> list[str]:
    return ["type"] if _is_source(schema) else list(schema.get("required", ()))


def _is_source(schema: Schema) -> bool:
    return "cite" in schema["properties"]


def with_example(lead: str, example: str) -> str:
    """Return a hint with an example: on its own lines if it has more than one."""
    return f"{lead}\n{example}" if "\n" in example else f"{lead} `{example}`"


def example_value(schema: Schema, own: str | None = None) -> Any:
    """Return an example that the schema accepts, with an author's own text where one fits."""
    schema = resolved(schema)
    if "oneOf" in schema:
        values = [example_value(branch, own) for branch in schema["oneOf"]]
        found = next((value for value in values if value is not None), None)
        names = (value["name"] for value in values if isinstance(value, dict) and "name" in value)
        return next(names, found) if found == "…" else found
    match schema.get("type"):
        case "array":
            item = example_value(schema.get("items", {}), own)
            return None if item is None else [item]
        case "object":
            return _object(schema, own)
        case "string" if own and accepts(schema, own):
            return own
        case "integer" if own and own.isdecimal():
            return int(own)
    enum = schema.get("enum", ())
    found = [*schema.get("examples", ()), *(["book"] if "book" in enum else enum)]
    return found[0] if found else ("…" if schema.get("type") == "string" else None)


def accepts(schema: Schema, text: str) -> bool:
    """Whether a text is allowed by the enumeration, pattern or format of a schema."""
    if text not in schema.get("enum", (text,)) or re.search(schema.get("pattern", ""), text) is None:
        return False
    why_refused = _FORMATS.get(schema.get("format", ""))
    return why_refused is None or why_refused(text) is None


def _object(schema: Schema, own: str | None) -> dict[str, Any]:
    properties: Mapping[str, Schema] = schema.get("properties", {})
    if not properties:
        return dict(next(iter(schema.get("examples", ())), {}))
    if _is_source(schema):
        return dict(_SOURCE)
    if "enclosures" in properties:
        is_file = own is not None and _FILE_NAME.fullmatch(own) is not None
        title, file = (_TITLE, own) if is_file else (own or _TITLE, _ANNEXE_FILE)
        return {"title": title, "status": "reproduced", "file": file}
    keys = schema.get("required") or [next(iter(properties))]
    main = next((key for key in _NAME_KEYS if key in keys), keys[0] if len(keys) == 1 else None)
    return {key: example_value(properties[key], own if key == main else None) for key in keys}


def resolved(schema: Schema) -> Schema:
    """Follow the references of a schema."""
    while "$ref" in schema:
        schema = load_schema(_SCHEMA_NAME)["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema


def _lines(key: str, value: Any, style: Style) -> str:
    if style is Style.JSON:
        text = json.dumps(value, ensure_ascii=False)
        return f'"{key}":\n  {text}' if isinstance(value, dict | list) else f'"{key}": {text}'
    if isinstance(value, list):
        return f"{key}:\n  - {_flow(value[0])}"
    if isinstance(value, dict) and len(value) == 1:
        ((inner, text),) = value.items()
        return f"{key}:\n  {_lines(inner, text, style)}" if not isinstance(text, dict | list) else (
            f"{key}:\n  {inner}: {_flow(text)}"
        )  # fmt: skip
    return f"{key}:\n  {_flow(value)}" if isinstance(value, dict) else f"{key}: {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) is None and value != "…":
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) else json.dumps(value)


def _columns(path: SchemaPath, value: Any) -> str:
    """Return the columns of a value, and what their cells contain."""
    name = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    return "\n".join(f"{column}: {text}" for column, text in _cells(name, value))


def _cells(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [cell for key, inner in value.items() for cell in _cells(f"{name}.{key}", inner)]
    if isinstance(value, list):
        return [cell for i, inner in enumerate(value, 1) for cell in _cells(f"{name}.{i}", inner)]
    return [(name, value if isinstance(value, str) else json.dumps(value))]
