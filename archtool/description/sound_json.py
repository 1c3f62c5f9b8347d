"""Reads a description in JSON that nothing is wrong with, and asks for no value's place in the text.

Nearly every one is sound, and places are told in complaints only. This reader is sure of what is sound and
says nothing of the rest: that is for `jsontext` and `shaping`, which give the same values and know where
each of them stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property, partial
from typing import Any, NoReturn

from archtool.description.jsontext import read_json
from archtool.description.nodes import MAX_DEPTH, MAX_VALUES, Complaints, Mark
from archtool.description.shaping import CONTROL, FORMATS, WHOLE_NUMBER, shape
from archtool.json_reading import is_deeper
from archtool.schemas import SchemaPath, glance_of


class _NotSoundError(ValueError):
    """Something of the text has to be looked at by the reader that knows places."""


def read_sound_json(text: str, schema_name: str) -> dict[str, Any] | None:
    """The values of a description with which nothing is wrong; `None`: of this one we are not sure.

    No character is escaped in it, no key is there twice, and each value is of the type that the schema wants.
    """
    # a text has more characters than values
    if len(text) > MAX_VALUES or "\\" in text or CONTROL.search(text):
        return None
    try:
        values = _decode(text)
    except (ValueError, RecursionError):
        return None
    if text.count("{") + text.count("[") >= MAX_DEPTH and is_deeper(values, MAX_DEPTH - 1):
        return None
    is_sound = type(values) is dict and _look(schema_name)(values) and not _says_untyped(values)
    return values if is_sound else None


def _says_untyped(values: dict[str, Any]) -> bool:
    """Whether there are keys of somebody's own: no schema says of which type their values are."""
    return any(key.startswith("x-") for key in values)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise _NotSoundError
    return values


def _whole_number(text: str) -> int:
    if WHOLE_NUMBER.fullmatch(text) is None:
        raise _NotSoundError
    return int(text)


def _refuse(_text: str) -> NoReturn:
    raise _NotSoundError


_decode = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole_number, parse_float=_refuse, parse_constant=_refuse
).decode


@cache
def _look(schema_name: str) -> Callable[[Any], bool]:
    return glance_of(schema_name, {form: partial(_is_right, why) for form, (_, why, _) in FORMATS.items()})


def _is_right(why_not: Callable[[str], str | None], value: Any) -> bool:
    return not value or type(value) is not str or why_not(value) is None


class MarksOnDemand(Mapping[SchemaPath, Mark]):
    """Where each value of a sound text stands: found out when somebody asks."""

    def __init__(self, text: str, schema_name: str) -> None:
        self._text = text
        self._schema_name = schema_name

    @cached_property
    def _marks(self) -> Mapping[SchemaPath, Mark]:
        complaints = Complaints("", [])
        return shape(read_json(self._text, complaints), self._schema_name, complaints).values

    def __getitem__(self, path: SchemaPath) -> Mark:
        return self._marks[path]

    def __iter__(self) -> Iterator[SchemaPath]:
        return iter(self._marks)

    def __len__(self) -> int:
        return len(self._marks)
