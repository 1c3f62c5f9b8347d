"""Derives the columns that a table of descriptions can have from the schema.

The name of a column is the path of a value, joined by full stops: `title`, `source.container-title`. Items of
a list are numbered from 1: `creators.1.name`. A list of plain texts can be in one cell, with semicolons
between them: `creators.1.attribution.basis`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from archtool.description.bag_info import KEY as BAG_INFO_KEY
from archtool.description.limits import MAX_STEPS
from archtool.description.loading import SCHEMA_NAME
from archtool.description.model_builder import OWN_PREFIX
from archtool.schemas import SchemaPath, load_schema

ITEM = "N"
"""Stands for the number of an item in the list of all possible columns."""
LABEL = "LABEL"
"""Stands for a label of bag-info.txt in the list of all possible columns."""
ANNEXES_KEY = "annexes"
SOURCE_KEY = "source"
ENCLOSURES_KEY = "enclosures"

PLAIN_LIST = "list"
"""The type of a column whose cells contain several texts."""

Schema = Mapping[str, Any]
Shapes = tuple[Schema, ...]
_OWN: Schema = {"type": "string", "description": "Kept and not read."}
_NUMBER = re.compile(r"[1-9][0-9]{0,2}")
_SCALARS = frozenset(["string", "integer", "boolean"])
_FILES = frozenset(["payload-file", "payload-file-or-folder"])
_DATES = "edtf"
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
        return Column(name, (name,), frozenset(["string"]), _OWN)
    if name.count(".") >= MAX_STEPS or name != name.strip():
        return None
    path: list[str | int] = []
    shapes = _top(of)
    for part in _parts(name, shapes):
        shapes = _step(shapes, part) if part != ITEM else ()
        path.append(int(part) if _NUMBER.fullmatch(part) else part)
    types = _types(shapes)
    if not types or (of == ANNEXES_KEY and path[0] == ENCLOSURES_KEY):
        return None
    return Column(name, tuple(path), types, _cell_schema(shapes))


def free_name(name: str) -> str | None:
    """Return the column of a key that the user chooses (`x-…`, `bag-info.…`) in its proper spelling.

    The case of the user's own words is kept. Returns `None` for every other name.
    """
    for prefix in (OWN_PREFIX, f"{BAG_INFO_KEY}."):
        if name.lower().startswith(prefix) and len(name) > len(prefix):
            return prefix + name[len(prefix) :].strip()
    return None


def _parts(name: str, shapes: Shapes) -> list[str]:
    """Divide the name of a column; a free key (`bag-info.LABEL`) can contain full stops."""
    key, _, label = name.partition(".")
    if not label or not any(_has_free_keys(shape) for shape in _step(shapes, key)):
        return name.split(".")
    rest, _, number = label.rpartition(".")
    return [key, rest, number] if rest and _NUMBER.fullmatch(number) else [key, label]


def _has_free_keys(shape: Schema) -> bool:
    return isinstance(shape.get("additionalProperties"), Mapping)


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
        for key in _keys_of(shape):
            if key != ENCLOSURES_KEY:
                yield from _below((*path, key), _step((shape,), key))


def _keys_of(shape: Schema) -> Iterable[str]:
    if shape.get("type") == "array":
        return [ITEM]
    return [LABEL] if _has_free_keys(shape) else shape.get("properties", {})


def required_beside(column: Column, of: str | None = None) -> Iterator[tuple[str, ...]]:
    """Yield the columns that the item of a list, or the source, needs along with a column.

    Each comes with its alternatives: `files.1.file` needs `files.1.role`; `source.title` needs `source.type`
    or `source.cite`.
    """
    shapes = _top(of)
    for length, key in enumerate(map(str, column.path)):
        above = tuple(map(str, column.path[:length]))
        if above == (SOURCE_KEY,) or _NUMBER.fullmatch(above[-1] if above else ""):
            for names in (one for shape in shapes for one in _required_keys(shape, key)):
                yield tuple(".".join((*above, name)) for name in names)
        shapes = _step(shapes, key)


def _required_keys(shape: Schema, key: str) -> Iterator[Sequence[str]]:
    if key in shape.get("properties", {}):
        yield from ((name,) for name in shape.get("required", ()))
        choices = [name for branch in shape.get("anyOf", ()) for name in branch["required"]]
        yield from [choices] if choices else []


def names_files(column: Column) -> bool:
    """Whether the cells of a column name payload files or folders."""
    return column.schema.get("format") in _FILES


def holds_date(column: Column) -> bool:
    """Whether the cells of a column are dates."""
    return column.schema.get("format") == _DATES


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
        elif _has_free_keys(shape):
            found += _shapes(shape["additionalProperties"])
        elif key.startswith(OWN_PREFIX) and "patternProperties" in shape:
            found.append(_OWN)
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
    return 1 if shapes[0].get("type") == "array" else next(iter(_keys_of(shapes[0])))
