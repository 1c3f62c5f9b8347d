"""A quick look whether a value is as its schema says.

Nearly every value is, and to find nothing wrong with it takes jsonschema longer than to write a package's
PREMIS. A glance is only ever sure of what is right: whatever is wrong, or is not known here, is for
jsonschema to judge, which alone says what is wrong.

Source: JSON Schema draft 2020-12, validation vocabulary.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

Schema = dict[str, Any]
Look = Callable[[Any], bool]
"""Whether a value is certainly as it must be."""

_TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "integer": int}
_COMPARED = (str, int)  # by their types too: True is not 1
_LENGTHS = frozenset(["minLength", "maxLength"])
_OF_MEMBERS = ("properties", "patternProperties", "additionalProperties")
_SILENT = frozenset(["$schema", "$id", "$defs", "title", "description", "examples", "format", "then", "else"])


class Glances:
    """The looks of one schema, each put together once; `is_valid` is the long way, for what decides.

    A format says nothing of whether a value is valid; who wants it looked at as well says how.
    """

    def __init__(
        self,
        root: Schema,
        is_valid: Callable[[Schema, Any], bool],
        formats: Mapping[str, Look] | None = None,
    ) -> None:
        self._root = root
        self._is_valid = is_valid
        self._formats = formats or {}
        self._looks: dict[int, Look] = {}
        self._of_parts: dict[str, Callable[[Schema], Look]] = {
            "$ref": self._of_reference, "items": self._of_items, "oneOf": self._of_one, "anyOf": self._of_any,
            "allOf": lambda schema: _all([self.look(part) for part in schema["allOf"]]),
            "if": self._of_condition,
        }  # fmt: skip

    def look(self, schema: Schema) -> Look:
        """The look at one part; a part that is inside itself is asked for again while it is put together."""
        place = id(schema)
        if place not in self._looks:
            self._looks[place] = partial(self._later, place)
            self._looks[place] = _all(list(self._each(schema)))
        return self._looks[place]

    def _later(self, place: int, value: Any) -> bool:
        return self._looks[place](value)

    def _each(self, schema: Schema) -> Iterator[Look]:
        done = {"type"}
        if schema.get("type") == "string" and not schema.keys().isdisjoint(_LENGTHS):
            done |= _LENGTHS
            yield _of_text(schema.get("minLength", 0), schema.get("maxLength", sys.maxsize))
        elif "type" in schema:  # first: what is of another one is asked nothing else
            yield _of_type(schema["type"])
        if not schema.keys().isdisjoint(_OF_MEMBERS):
            yield self._of_members(schema)
        if schema.get("format") in self._formats:
            yield self._formats[schema["format"]]
        for keyword in schema.keys() - _SILENT - {*_OF_MEMBERS, *done}:
            if keyword in self._of_parts:
                yield self._of_parts[keyword](schema)
            else:
                yield _OF_VALUES.get(keyword, _unknown)(schema[keyword])

    def _of_reference(self, schema: Schema) -> Look:
        return self.look(self._target(schema))

    def _target(self, schema: Schema) -> Schema:
        """The part itself, or the one that it refers to."""
        name = schema.get("$ref")
        part: Schema = schema if name is None else self._root["$defs"][name.removeprefix("#/$defs/")]
        return part

    def _of_items(self, schema: Schema) -> Look:
        inner = self.look(schema["items"])
        return lambda value: type(value) is not list or all(map(inner, value))

    def _of_one(self, schema: Schema) -> Look:
        """Only one may be right: that is sure at a glance where they are all of different types."""
        types = [self._target(part).get("type") for part in schema["oneOf"]]
        if len({name for name in types if isinstance(name, str)}) != len(types):
            return _never
        return _any([self.look(part) for part in schema["oneOf"]])

    def _of_any(self, schema: Schema) -> Look:
        return _any([self.look(part) for part in schema["anyOf"]])

    def _of_condition(self, schema: Schema) -> Look:
        condition, then, otherwise = schema["if"], schema.get("then", {}), schema.get("else", {})
        if_so, if_not = self.look(then), self.look(otherwise)
        is_so = self.look(condition) if _is_plain(condition) else partial(self._is_valid, condition)
        return lambda value: (if_so if is_so(value) else if_not)(value)

    def _of_members(self, schema: Schema) -> Look:
        named = {name: self.look(part) for name, part in schema.get("properties", {}).items()}
        patterned = schema.get("patternProperties", {}).items()
        patterns = [(re.compile(pattern), self.look(part)) for pattern, part in patterned]
        others = schema.get("additionalProperties", {})
        rest = _never if others is False else self.look(others)

        def by_patterns(name: str) -> list[Look]:
            return [inner for pattern, inner in patterns if pattern.search(name)]

        looks = {name: _all([*by_patterns(name), look]) for name, look in named.items()}

        def of_members(value: Any) -> bool:
            if type(value) is not dict:
                return True
            for name, member in value.items():
                look = looks.get(name) or _all(by_patterns(name) or [rest])
                if not look(member):
                    return False
            return True

        return of_members


def _is_plain(condition: Schema) -> bool:
    """Whether a look is as sure of what is wrong as of what is right: texts that must be these."""
    parts = condition.get("properties", {}).values()
    is_plain = all(part.keys() == {"const"} and type(part["const"]) is str for part in parts)
    return is_plain and condition.keys() <= {"properties", "required"}


def _all(looks: list[Look]) -> Look:
    if len(looks) == 1:
        return looks[0]
    if len(looks) == 2:
        first, second = looks
        return lambda value: first(value) and second(value)

    def of_all(value: Any) -> bool:
        for look in looks:  # noqa: SIM110 - a generator costs as much as the looks
            if not look(value):
                return False
        return True

    return of_all


def _any(looks: list[Look]) -> Look:
    first, *others = looks
    if len(others) == 1:  # nearly always; a generator costs as much as the looks
        (second,) = others
        return lambda value: first(value) or second(value)
    return lambda value: any(look(value) for look in looks)


def _never(_value: Any) -> bool:
    return False


def _unknown(_stated: Any) -> Look:
    return _never


def _of_type(stated: Any) -> Look:
    names = [stated] if isinstance(stated, str) else stated
    kinds = tuple(_TYPES[name] for name in names if name in _TYPES)
    if len(kinds) == 1:
        kind = kinds[0]
        return lambda value: type(value) is kind
    return lambda value: type(value) in kinds


def _of_text(least: int, most: int) -> Look:
    """Of the one type in one look: most values are texts that must not be empty."""
    return lambda value: type(value) is str and least <= len(value) <= most


def _of_list(stated: list[Any]) -> Look:
    listed = frozenset((type(one), one) for one in stated if type(one) in _COMPARED)
    return lambda value: type(value) in _COMPARED and (type(value), value) in listed


def _of_required(stated: list[str]) -> Look:
    return lambda value: type(value) is not dict or all(map(value.__contains__, stated))


def _of_pattern(stated: str) -> Look:
    search = re.compile(stated).search
    return lambda value: type(value) is not str or search(value) is not None


def _at_least(kind: type[Any], least: int) -> Look:
    return lambda value: type(value) is not kind or len(value) >= least


def _at_most(kind: type[Any], most: int) -> Look:
    return lambda value: type(value) is not kind or len(value) <= most


_OF_VALUES: dict[str, Callable[[Any], Look]] = {
    "const": lambda stated: _of_list([stated]),
    "enum": _of_list,
    "required": _of_required,
    "pattern": _of_pattern,
    "minLength": partial(_at_least, str),
    "minItems": partial(_at_least, list),
    "minProperties": partial(_at_least, dict),
    "maxLength": partial(_at_most, str),
    "maxItems": partial(_at_most, list),
    "maxProperties": partial(_at_most, dict),
    "minimum": lambda least: lambda value: type(value) is not int or value >= least,
    "maximum": lambda most: lambda value: type(value) is not int or value <= most,
}
