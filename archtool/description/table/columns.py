"""Which columns a table of descriptions may have: read from the schema, so that there is no second list.

The name of a column is the way to a value, joined by full stops: `title`, `source.container-title`. An item
of a list is numbered from 1: `creators.1.name`. A list of plain texts may stand in one cell, with semicolons
between them: `creators.1.attribution.basis`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from archtool.description.loading import SCHEMA_NAME
from archtool.schemas import SchemaPath, load_schema

MAX_STEPS = 40  # of a name: enclosures that lie so deep belong into rows of their own
ITEM = "N"
"""Stands for the number in a list of the columns that there may be."""
OWN_PREFIX = "x-"
"""Keys of somebody's own, which archtool keeps and does not read."""
ANNEXES_KEY = "annexes"
ENCLOSURES_KEY = "enclosures"

PLAIN_LIST = "list"
"""The type of a column whose cells hold several texts."""

Schema = Mapping[str, Any]
Shapes = tuple[Schema, ...]
_NUMBER = re.compile(r"[1-9][0-9]{0,2}")
_SCALARS = frozenset(["string", "integer", "boolean"])
_FILES = frozenset(["payload-file", "payload-file-or-folder"])
_ROOTS = {None: (), ANNEXES_KEY: (ANNEXES_KEY, ITEM)}


@dataclass(frozen=True, slots=True)
class Column:
    """One column, and which value of a description it says."""

    name: str
    path: SchemaPath
    """Its keys; the items of a list by their numbers, which count from 1 here."""
    types: frozenset[str]
    """string | integer | boolean, as the schema has it; `list` where one cell holds several texts."""
    schema: Schema
    """What the schema says of the value."""


def find_column(name: str, of: str | None = None) -> Column | None:
    """The column of this name: of the description, or of one annexe (`of` is "annexes"); `None`: no such."""
    if of is None and name.startswith(OWN_PREFIX):
        return Column(name, (name,), frozenset(["string"]), {"description": "Kept, and not read."})
    if name.count(".") >= MAX_STEPS:
        return None
    path: list[str | int] = []
    here = _top(of)
    for word in name.split("."):
        here = _step(here, word) if word != ITEM else ()
        path.append(int(word) if _NUMBER.fullmatch(word) else word)
    types = _types(here)
    if not types or (of == ANNEXES_KEY and path[0] == ENCLOSURES_KEY):
        return None
    return Column(name, tuple(path), types, _spoken(here))


def column_name(path: SchemaPath, of: str | None = None) -> str:
    """The column that says the value of this path, items by their numbers; or the first thing in it."""
    here = _top(of)
    for word in path:
        here = _step(here, str(word))
    words = [*path]
    while here and not _types(here):
        words.append(_first_word(here))
        here = _step(here, str(words[-1]))
    return ".".join(map(str, words))


@cache
def all_columns(of: str | None = None) -> tuple[Column, ...]:
    """Every column that there may be, `N` for the number of an item; those of enclosures are an annexe's."""
    return tuple(_below((), _top(of)))


def _below(path: SchemaPath, here: Shapes) -> Iterator[Column]:
    types = _types(here)
    if types:
        yield Column(".".join(map(str, path)), path, types, _spoken(here))
    for shape in here:
        words = [ITEM] if shape.get("type") == "array" else shape.get("properties", {})
        for word in words:
            if word != ENCLOSURES_KEY:
                yield from _below((*path, word), _step((shape,), word))


def names_files(column: Column) -> bool:
    """Whether a cell of it names a file or a folder of the payload."""
    return column.schema.get("format") in _FILES


def _top(of: str | None) -> Shapes:
    here = _shapes(load_schema(SCHEMA_NAME))
    for word in _ROOTS[of]:
        here = _step(here, word)
    return here


def _step(here: Shapes, word: str) -> Shapes:
    """The shapes that a value has one step further."""
    found: list[Schema] = []
    for shape in here:
        if shape.get("type") == "array" and (word == ITEM or _NUMBER.fullmatch(word)):
            found += _shapes(shape.get("items", {}))
        elif word in shape.get("properties", {}):
            found += _shapes(shape["properties"][word])
    return tuple(found)


def _shapes(schema: Schema) -> Shapes:
    """The shapes that a value may have, with the words that are said of all of them."""
    words = {"description": schema["description"]} if "description" in schema else {}
    if "$ref" in schema:
        schema = load_schema(SCHEMA_NAME)["$defs"][schema["$ref"].rpartition("/")[2]]
    branches = schema.get("oneOf")
    if branches is None:
        return ({**schema, **words},)
    return tuple({**shape, **words} for branch in branches for shape in _shapes(branch))


def _types(here: Shapes) -> frozenset[str]:
    """What one cell can say of a value that has one of these shapes."""
    types = frozenset(word for shape in here for word in _SCALARS.intersection(_words(shape)))
    is_list = any(shape.get("type") == "array" and _holds_texts(shape) for shape in here)
    return types or (frozenset([PLAIN_LIST]) if is_list else types)


def _words(shape: Schema) -> Sequence[str]:
    said = shape.get("type", ())
    return [said] if isinstance(said, str) else said


def _holds_texts(shape: Schema) -> bool:
    return any("string" in _words(item) for item in _shapes(shape.get("items", {})))


def _spoken(here: Shapes) -> Schema:
    """Of several shapes the one that a cell has."""
    return next(shape for shape in here if _types((shape,)))


def _first_word(here: Shapes) -> str | int:
    return 1 if here[0].get("type") == "array" else next(iter(here[0]["properties"]))
