"""Finds the JSON Schemas that ship with archtool and holds values against them.

The schemas live in the project's top-level folder `schemas/`; a wheel carries them as `archtool/schemas/`,
an editable install reads them from the checkout.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from archtool.errors import MissingPartError
from archtool.findings import clip
from archtool.schema_glance import Glances, Look

MAX_FAULTS = 1_000  # of one value: each takes some kilobytes
MORE_FAULTS = "more-faults"
_TYPES = {"object": dict, "array": list, "string": str}
SchemaPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SchemaFault:
    """One place where a value is not as its schema says."""

    path: SchemaPath
    """Keys and indexes from the top of the value to the place."""
    keyword: str
    """The schema's word that was broken: `required`, `enum`, `type` …"""
    expected: Any
    """What stands behind that word in the schema."""
    value: Any
    """The value that was found there."""
    message: str
    """The validator's own sentence, for when there is no better one."""
    schema: dict[str, Any]
    """The part of the schema that the value was held against."""


def schema_folder() -> Path:
    """The folder that holds the schemas of this installation.

    Raises:
        MissingPartError: the installation is damaged; there are no schemas in it.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "schemas", package.parent / "schemas"):
        if (folder / "description.schema.json").is_file():
            return folder
    raise MissingPartError(
        f"the schemas of archtool are not installed (looked in {package / 'schemas'})",
        hint="install archtool again, in the way that it was installed before",
    )


@cache
def load_schema(name: str) -> dict[str, Any]:
    """Read one schema by its file name, for instance `description.schema.json`."""
    loaded: dict[str, Any] = json.loads((schema_folder() / name).read_text(encoding="utf-8"))
    return loaded


class _Schema:
    """One schema whose parts are looked up once, and not for each value that is held against them.

    What a keyword means, and its sentence, is jsonschema's; but jsonschema makes a validator anew for each
    value, which takes longer than to look at it. Our schemas are plain: a part is never `true` or `false`,
    and a `$ref` leads into `$defs` of the same schema.
    """

    def __init__(self, root: dict[str, Any]) -> None:
        self.root = root
        self._parts: dict[int, _Part] = {}

    @cached_property
    def is_right_at_a_glance(self) -> Look:
        """Whether a value is certainly as it must be."""
        return Glances(self.root, self.is_valid).look(self.root)

    def errors(self, value: Any) -> list[Any]:
        """Every error that jsonschema finds in a value."""
        return self.part(self.root).errors(value)

    def is_valid(self, schema: dict[str, Any], value: Any) -> bool:
        """Whether jsonschema finds nothing wrong with a value."""
        return self.part(schema).is_valid(value)

    @cached_property
    def theirs(self) -> Any:
        """The validator of jsonschema: a twentieth of a second, for those who need more than a glance."""
        from jsonschema import Draft202012Validator

        return Draft202012Validator

    @staticmethod
    def their_error(message: str) -> Any:
        """An error as jsonschema makes them."""
        from jsonschema import ValidationError

        return ValidationError(message)

    @cached_property
    def keywords(self) -> dict[str, Any]:
        """What checks each keyword."""
        return {**self.theirs.VALIDATORS, "$ref": _follow, "type": _check_type, "uniqueItems": _check_unique}

    def part(self, schema: dict[str, Any]) -> _Part:
        """The part that begins here; it is known by its place in memory, where the schema keeps it."""
        known = self._parts.get(id(schema))
        if known is None:
            known = self._parts[id(schema)] = _Part(self, schema)
        return known


class _Part:
    """Stands where jsonschema's keywords expect their validator."""

    format_checker = None

    def __init__(self, whole: _Schema, schema: dict[str, Any]) -> None:
        self.whole = whole
        self.schema = schema
        self._stated = [(whole.keywords[k], k, v) for k, v in schema.items() if k in whole.keywords]

    def errors(self, instance: Any) -> list[Any]:
        """The errors, with the path from here to each value; not many more than `MAX_FAULTS`.

        What has so many is wrong, whatever the rest of it is like.
        """
        errors: list[Any] = []
        for keyword, name, stated in self._stated:
            for error in keyword(self, stated, instance, self.schema) or ():
                if not isinstance(error.validator, str):  # it is new, and no part has told of itself
                    error.validator, error.validator_value = name, stated
                    error.instance, error.schema = instance, self.schema
                if name not in ("if", "$ref"):
                    error.schema_path.appendleft(name)
                # the sentence repeats the whole value, and so does that of each value around it
                error.message = clip(error.message)
                errors.append(error)
                if len(errors) > MAX_FAULTS:
                    return errors
        return errors

    def descend(
        self,
        instance: Any,
        schema: dict[str, Any],
        path: str | int | None = None,
        schema_path: str | int | None = None,
    ) -> list[Any]:
        """The errors of a part of the value, with the path from here."""
        errors = self.whole.part(schema).errors(instance)
        for error in errors:
            if path is not None:
                error.path.appendleft(path)
            if schema_path is not None:
                error.schema_path.appendleft(schema_path)
        return errors

    def evolve(self, schema: dict[str, Any]) -> _Part:
        """Another part, to be asked whether it `is_valid`."""
        return self.whole.part(schema)

    def is_valid(self, instance: Any) -> bool:
        """Whether there is no error."""
        return not self.errors(instance)

    def is_type(self, instance: Any, name: str) -> bool:
        """Whether this is a value of that JSON type."""
        known = _TYPES.get(name)
        if known:
            return isinstance(instance, known)
        return bool(self.whole.theirs.TYPE_CHECKER.is_type(instance, name))


def _follow(part: _Part, reference: str, instance: Any, _schema: Any) -> list[Any]:
    return part.descend(instance, part.whole.root["$defs"][reference.removeprefix("#/$defs/")])


def _check_type(part: _Part, types: Any, instance: Any, schema: Any) -> Any:
    """The most frequent keyword: where the type that is asked for is there, nothing more is set up."""
    if isinstance(types, str) and part.is_type(instance, types):
        return ()
    return part.whole.theirs.VALIDATORS["type"](part, types, instance, schema)


def _check_unique(part: _Part, is_asked: bool, values: Any, _schema: Any) -> Iterator[Any]:
    """In one walk: jsonschema compares each value of a list with each other one."""
    if not is_asked or not isinstance(values, list):
        return
    told = {json.dumps(value, sort_keys=True) for value in values}
    if len(told) != len(values):
        yield part.whole.their_error("a value is there twice")


@cache
def _held(name: str) -> _Schema:
    return _Schema(load_schema(name))


def schema_faults(name: str, value: Any) -> tuple[SchemaFault, ...]:
    """Hold a value against a schema; its faults, in the order of the value's own parts.

    At most `MAX_FAULTS` are returned: a hostile value has one in each of its parts. Where there are more, the
    last one says so; its keyword is `MORE_FAULTS`.
    """
    held = _held(name)
    if held.is_right_at_a_glance(value):
        return ()
    faults = list(
        islice((fault for error in held.errors(value) for fault in _faults_of(error)), MAX_FAULTS + 1)
    )
    faults.sort(key=lambda f: [str(part).rjust(8, "0") for part in f.path])
    return (*faults[:MAX_FAULTS], _more_faults(value)) if len(faults) > MAX_FAULTS else tuple(faults)


def _more_faults(value: Any) -> SchemaFault:
    message = f"more faults than {MAX_FAULTS:,}: the others are not listed"
    return SchemaFault((), MORE_FAULTS, None, value, message, {})


def glance_of(name: str, formats: Mapping[str, Look]) -> Look:
    """A look that is sure of a value that is as a schema says, and whose texts are as its formats say.

    Where it says no, `schema_faults` may find nothing wrong all the same.
    """
    held = _held(name)
    return Glances(held.root, held.is_valid, formats).look(held.root)


def _faults_of(error: Any) -> Iterator[SchemaFault]:
    """Unfold `oneOf`/`anyOf`: only the branch of the value's own shape says anything useful."""
    if error.validator in ("oneOf", "anyOf") and error.context:
        branches: dict[int, list[Any]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        fitting = [b for b in branches.values() if not _is_of_another_shape(b, error.instance)]
        if len(fitting) == 1:
            for inner in fitting[0]:
                yield from _faults_of(inner)
            return
    yield SchemaFault(
        tuple(error.absolute_path),
        str(error.validator),
        error.validator_value,
        error.instance,
        error.message,
        error.schema if isinstance(error.schema, dict) else {},
    )


def _is_of_another_shape(branch: list[Any], instance: Any) -> bool:
    return any(e.validator == "type" and e.instance is instance for e in branch)
