"""Keeps the sound parts of a faulty description, so that everything else about it can be checked as well.

A value with a fault is replaced by an empty one; lists keep their length, so that paths stay right. The texts
of the faulty parts are kept: a file that is named there can be declared, and nothing is concluded about it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from archtool.description.document.nodes import can_name_key
from archtool.description.model import Description
from archtool.description.model_builder import build_description
from archtool.schemas import SchemaPath, load_schema

Schema = Mapping[str, Any]
OWN_PREFIX = "x-"
"""The prefix of a user's own keys, which archtool keeps and does not read."""
_UNKNOWN = "unknown"
"""The value of an enumeration that claims nothing."""
_EMPTY_VALUES = {"string": "", "integer": 1, "boolean": False, "array": [], "object": {}}
_TYPES = {str: "string", int: "integer", bool: "boolean", list: "array", dict: "object"}
_TEXTS = (".txt", ".text", ".md", ".html", ".htm", ".xml", ".tei")
"""Endings of files that can be the transcription, if the description has none."""
_SEPARATORS = re.compile(r"""[\s/\\"',:\[\]{}]+|(?=[*?])|(?<=[*?])""")
_WITH_IDS = frozenset(["id", "source", "transcription", "annexes", "files"])
_REFERRED = _WITH_IDS | {"cite", "enclosures", "file"}
"""The keys of ids and of files, and of values that contain them."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """The faulty parts of a description; a sound description has none."""

    paths: frozenset[SchemaPath] = frozenset()
    """The paths of values that cannot be used, and of missing values."""
    incomplete: frozenset[SchemaPath] = frozenset()
    """The paths of objects with a key that is not known: it can stand for one that is absent."""
    texts: tuple[str, ...] = ()
    """All texts in the faulty parts."""

    def concern(self, path: SchemaPath) -> bool:
        """Whether a value, a value inside it or a value around it cannot be used."""
        return bool(self.paths) and (
            self.is_faulty(path) or any(one[: len(path)] == path for one in self.paths)
        )

    def is_faulty(self, path: SchemaPath) -> bool:
        """Whether a value, or a value around it, cannot be used."""
        return bool(self.paths) and any(path[:end] in self.paths for end in range(1, len(path) + 1))

    def can_hide(self, path: SchemaPath) -> bool:
        """Whether a value that seems to be absent can have been given."""
        if self.is_faulty(path) or path[:-1] in self.incomplete:
            return True
        return len(path) == 1 and can_name_key(str(path[0]), self.texts)

    @property
    def can_hide_ids(self) -> bool:
        """Whether a faulty part can give an id, or name a file, that other parts refer to."""
        hidden = (path for path in self.paths if path[-1] in _REFERRED or isinstance(path[-1], int))
        inside = (path for path in (*hidden, *self.incomplete) if not path or path[0] in _WITH_IDS)
        return any(True for _ in inside)

    def mentioned_files(self) -> MentionedFiles:
        """Return the files that a faulty part can declare or leave out."""
        folded = "\n".join(self.texts).casefold()
        endings = _TEXTS if ("transcription",) in self.paths else ()
        return MentionedFiles(folded, frozenset(_SEPARATORS.split(folded)), endings)


@dataclass(frozen=True, slots=True)
class MentionedFiles:
    """The files that a faulty part of a description can declare or leave out."""

    text: str
    """All texts of the faulty parts, folded."""
    words: frozenset[str]
    """The words of the text, divided at blanks, slashes and signs of YAML and JSON."""
    endings: tuple[str, ...] = ()
    """The endings of files that can be meant although no text names them."""

    def can_be(self, path: str) -> bool:
        """Whether a file can be one of them."""
        *folders, name = path.casefold().split("/")
        if not self.words.isdisjoint("*?") or name.endswith(self.endings or ("/",)):
            return True
        return any(self._has(part) for part in (name, *folders))

    def _has(self, name: str) -> bool:
        return name in self.words or (_SEPARATORS.search(name) is not None and name in self.text)


NO_DOUBTS = Doubts()


@dataclass(frozen=True, slots=True)
class SoundParts:
    """What can be used of a faulty description."""

    description: Description
    """The description with empty values instead of faulty ones: to be checked, never to be packed."""
    doubts: Doubts


def sound_parts(
    data: Any, schema_name: str, faulty: Collection[SchemaPath], texts: Collection[str] = (),
    *, is_cut_short: bool = False,
) -> SoundParts | None:  # fmt: skip
    """Return what can be used of faulty values; `None` if that is nothing.

    `texts` are texts that were not parsed; `is_cut_short` is whether they can contain keys of the top level.
    """
    if not isinstance(data, dict) or () in faulty:
        return None
    pruner = _Pruner(load_schema(schema_name), frozenset(faulty))
    values = pruner.object(data, pruner.root, ())
    incomplete = frozenset([*pruner.incomplete, *([()] if is_cut_short else [])])
    doubts = Doubts(pruner.faulty, incomplete, (*pruner.texts, *texts))
    return SoundParts(build_description(values), doubts)


class _Pruner:
    """Replaces faulty values, and collects the texts that they contain."""

    def __init__(self, root: Schema, faulty: frozenset[SchemaPath]) -> None:
        self.root = root
        self.faulty = faulty
        self.incomplete: set[SchemaPath] = set()
        self.texts: list[str] = []

    def value(self, value: Any, schema: Schema, path: SchemaPath) -> tuple[Any, bool]:
        """Return a value with only its sound parts, and whether there are any."""
        branch = self._branch(schema, value)
        if branch is None or path in self.faulty:
            self.texts += _texts_in(value)
            return None, False
        if isinstance(value, dict):
            return self.object(value, branch, path), True
        if isinstance(value, list):
            inner = branch.get("items", {})
            pairs = [self.value(item, inner, (*path, i)) for i, item in enumerate(value)]
            return [item if is_sound else self.empty(inner) for item, is_sound in pairs], True
        return value, True

    def object(self, values: Mapping[str, Any], schema: Schema, path: SchemaPath) -> dict[str, Any]:
        """Return an object with its sound values, and empty ones for required keys."""
        properties: Mapping[str, Schema] = schema.get("properties", {})
        kept: dict[str, Any] = {}
        for key, inner in values.items():
            if key.startswith(OWN_PREFIX) and "patternProperties" in schema:
                kept[key] = inner
                continue
            inner_schema = properties.get(key) or schema.get("additionalProperties")
            if not inner_schema:
                self.incomplete.add(path)
                self.texts += _texts_in(inner)
                continue
            value, is_sound = self.value(inner, inner_schema, (*path, key))
            if is_sound:
                kept[key] = value
        for key in schema.get("required", ()):
            if key not in kept:
                kept[key] = self.empty(properties[key])
        return kept

    def empty(self, schema: Schema) -> Any:
        """Return a value of the right type that says nothing."""
        schema = self._resolved(schema)
        while "oneOf" in schema:
            schema = self._resolved(schema["oneOf"][0])
        if _UNKNOWN in schema.get("enum", ()):
            return _UNKNOWN
        if schema.get("type") == "object":
            return self.object({}, schema, ())
        types = schema.get("type", "string")
        return _EMPTY_VALUES[types if isinstance(types, str) else types[0]]

    def _branch(self, schema: Schema, value: Any) -> Schema | None:
        """Return the schema for the type of a value; `None` if it must have another type."""
        schema = self._resolved(schema)
        branches = [self._resolved(one) for one in schema.get("oneOf", (schema,))]
        name = _TYPES.get(type(value), "null")
        for branch in branches:
            types = branch.get("type")
            if types is None or name == types or (isinstance(types, list) and name in types):
                return branch
        return None

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self.root["$defs"][schema["$ref"].rpartition("/")[2]]
        return schema


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts_in(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _texts_in(item)
