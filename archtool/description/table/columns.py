"""Derives the columns that a table of descriptions can have from the schema.

The name of a column is the path of a value, joined by full stops: `title`, `source.container-title`. Items of
a list are numbered from 1: `creators.1.name`. A list of plain texts can be in one cell, with semicolons
between them: `creators.1.attribution.basis`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from archtool.description.limits import MAX_STEPS
from archtool.description.loading import SCHEMA_NAME
from archtool.schemas import SchemaPath, load_schema

ITEM = "N"
"""Stands for the number of an item in the list of all possible columns."""
OWN_PREFIX = "x-"
"""The prefix of a user's own keys, which archtool keeps and does not read."""
ANNEXES_KEY = "annexes"
ENCLOSURES_KEY = "enclosures"

PLAIN_LIST = "list"
"""The type of a column whose cells contain several texts."""

Schema = Mapping[str, Any]
Shapes = tuple[Schema, ...]
_NUMBER = re.compile(r"[1-9][0-9]{0,2}")
_SCALARS = frozenset(["string", "integer", "boolean"])
_FILES = frozenset(["payload-file", "payload-file-or-folder"])
_ROOTS = {None: (), ANNEXES_KEY: (ANNEXES_KEY, ITEM)}


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and the value of a description that it contains."""

    name: str
    path: SchemaPath
    """The path of the value; the items of a list are numbered from 1."""
    types: frozenset[str]
    """string | integer | boolean, as in the schema; `list` if one cell contains several texts."""
    schema: Schema
    """The schema of the value."""


def find_column(name: str, of: str | None = None) -> Column | None:
    """Return the column with this name, of the description or of an annexe (`of` is "annexes"), or `None`."""
    if of is None and name.startswith(OWN_PREFIX):
        return Column(name, (name,), frozenset(["string"]), {"description": "Kept and not read."})
    if name.count(".") >= MAX_STEPS:
        return None
    path: list[str | int] = []
    shapes = _top(of)
    for part in name.split("."):
        shapes = _step(shapes, part) if part != ITEM else ()
        path.append(int(part) if _NUMBER.fullmatch(part) else part)
    types = _types(shapes)
    if not types or (of == ANNEXES_KEY and path[0] == ENCLOSURES_KEY):
        return None
    return Column(name, tuple(path), types, _cell_schema(shapes))


def column_name(path: SchemaPath, of: str | None = None) -> str:
    """Return the column of the value at a path, or the column of the first value inside it."""
    shapes = _top(of)
    for part in path:
        shapes = _step(shapes, str(part))
    parts = [*path]
    while shapes and not _types(shapes):
        parts.append(_first_key(shapes))
        shapes = _step(shapes, str(parts[-1]))
    return ".".join(map(str, parts))


@cache
def all_columns(of: str | None = None) -> tuple[Column, ...]:
    """Return all possible columns, with `N` for item numbers; enclosures use the columns of an annexe."""
    return tuple(_below((), _top(of)))


def _below(path: SchemaPath, shapes: Shapes) -> Iterator[Column]:
    types = _types(shapes)
    if types:
        yield Column(".".join(map(str, path)), path, types, _cell_schema(shapes))
    for shape in shapes:
        keys = [ITEM] if shape.get("type") == "array" else shape.get("properties", {})
        for key in keys:
            if key != ENCLOSURES_KEY:
                yield from _below((*path, key), _step((shape,), key))


def names_files(column: Column) -> bool:
    """Whether the cells of a column name payload files or folders."""
    return column.schema.get("format") in _FILES


def _top(of: str | None) -> Shapes:
    shapes = _shapes(load_schema(SCHEMA_NAME))
    for key in _ROOTS[of]:
        shapes = _step(shapes, key)
    return shapes


def _step(shapes: Shapes, key: str) -> Shapes:
    """Return the possible schemas of the value under a key."""
    found: list[Schema] = []
    for shape in shapes:
        if shape.get("type") == "array" and (key == ITEM or _NUMBER.fullmatch(key)):
            found += _shapes(shape.get("items", {}))
        elif key in shape.get("properties", {}):
            found += _shapes(shape["properties"][key])
    return tuple(found)


def _shapes(schema: Schema) -> Shapes:
    """Return the alternative schemas of a value; each gets the description of the outer schema."""
    outer = {"description": schema["description"]} if "description" in schema else {}
    if "$ref" in schema:
        schema = load_schema(SCHEMA_NAME)["$defs"][schema["$ref"].rpartition("/")[2]]
    branches = schema.get("oneOf")
    if branches is None:
        return ({**schema, **outer},)
    return tuple({**shape, **outer} for branch in branches for shape in _shapes(branch))


def _types(shapes: Shapes) -> frozenset[str]:
    """Return the types that one cell can have for a value with these alternative schemas."""
    types = frozenset(name for shape in shapes for name in _SCALARS.intersection(_type_names(shape)))
    is_list = any(shape.get("type") == "array" and _has_text_items(shape) for shape in shapes)
    return types or (frozenset([PLAIN_LIST]) if is_list else types)


def _type_names(shape: Schema) -> Sequence[str]:
    names = shape.get("type", ())
    return [names] if isinstance(names, str) else names


def _has_text_items(shape: Schema) -> bool:
    return any("string" in _type_names(item) for item in _shapes(shape.get("items", {})))


def _cell_schema(shapes: Shapes) -> Schema:
    """Return the first alternative schema that a cell can have."""
    return next(shape for shape in shapes if _types((shape,)))


def _first_key(shapes: Shapes) -> str | int:
    return 1 if shapes[0].get("type") == "array" else next(iter(shapes[0]["properties"]))
