"""Loads the JSON Schemas that ship with archtool and checks values against them.

The schemas live in the project's top-level folder `schemas/`; a wheel carries them as `archtool/schemas/`,
an editable install reads them from the checkout.

Most values are valid, and `jsonschema_rs` confirms that in microseconds. For any other value, `jsonschema` is
imported; it alone decides, and it finds and describes the faults. So that no fault is hidden, every value
that `jsonschema_rs` accepts must also be valid for `jsonschema`. They differ in regular expressions (ECMA
262, Python), so the schemas name the characters on which the dialects disagree. Values that `jsonschema_rs`
cannot read, such as half of a surrogate pair, are left to `jsonschema`. Neither asserts `format`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archtool.errors import MissingPartError
from archtool.findings import clip

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator
    from jsonschema_rs import Draft202012Validator as QuickValidator

MAX_FAULTS = 1_000  # of one value: each takes some kilobytes of memory
MORE_FAULTS = "more-faults"
SchemaPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SchemaFault:
    """One violation of a schema by a value."""

    path: SchemaPath
    """Keys and indexes from the root of the value to the place of the fault."""
    keyword: str
    """The schema keyword that was violated: `required`, `enum`, `type` …"""
    expected: Any
    """The value of that keyword in the schema."""
    value: Any
    """The value that was found there."""
    message: str
    """The validator's own message, used if there is no better one."""
    schema: dict[str, Any]
    """The part of the schema that the value was checked against."""


def schema_folder() -> Path:
    """Return the folder with the schemas of this installation.

    Raises:
        MissingPartError: the installation is damaged: it contains no schemas.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "schemas", package.parent / "schemas"):
        if (folder / "description.schema.json").is_file():
            return folder
    raise MissingPartError(
        f"the schemas of archtool are not installed (expected in {package / 'schemas'})",
        hint="install archtool again in the same way as before",
    )


@cache
def load_schema(name: str) -> dict[str, Any]:
    """Load a schema by its file name, for instance `description.schema.json`."""
    loaded: dict[str, Any] = json.loads((schema_folder() / name).read_text(encoding="utf-8"))
    return loaded


def schema_faults(name: str, value: Any) -> tuple[SchemaFault, ...]:
    """Check a value against a schema and return its faults, sorted by their paths.

    At most `MAX_FAULTS` are returned: a hostile value can have one in each of its parts. If there are more,
    an additional last fault with the keyword `MORE_FAULTS` states that. Both validators are recursive, so
    the value must come from a reader that limits the depth.
    """
    if _is_surely_valid(name, value):
        return ()
    errors = _validator(name).iter_errors(value)
    faults = [_fault(error) for error in islice(errors, MAX_FAULTS + 1)]
    faults.sort(key=lambda f: [str(part).rjust(8, "0") for part in f.path])
    return (*faults[:MAX_FAULTS], _more_faults(value)) if len(faults) > MAX_FAULTS else tuple(faults)


def _is_surely_valid(name: str, value: Any) -> bool:
    try:
        return _quick_validator(name).is_valid(value)
    except ValueError:  # half of a surrogate pair, or a type that JSON does not have
        return False


@cache
def _quick_validator(name: str) -> QuickValidator:
    from jsonschema_rs import (
        Draft202012Validator,
        RegexOptions,
    )  # lazy: 30 ms, only archtool's packages need it

    # the default engine runs in time linear in the text
    return Draft202012Validator(load_schema(name), validate_formats=False, pattern_options=RegexOptions())


@cache
def _validator(name: str) -> Validator:
    from jsonschema import Draft202012Validator  # lazy: 50 ms, only invalid values need it
    from jsonschema.validators import extend  # lazy: 50 ms, only invalid values need it

    keywords = {"oneOf": _check_one_of, "anyOf": _check_any_of, "uniqueItems": _check_unique}
    extended: type[Validator] = extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]
    return extended(load_schema(name))


def _fault(error: ValidationError) -> SchemaFault:
    return SchemaFault(
        tuple(error.absolute_path),
        str(error.validator),
        error.validator_value,
        error.instance,
        clip(error.message),  # the message repeats the value, and so do those of all enclosing values
        error.schema if isinstance(error.schema, dict) else {},
    )


def _more_faults(value: Any) -> SchemaFault:
    message = f"more faults than {MAX_FAULTS:,}: the rest is not listed"
    return SchemaFault((), MORE_FAULTS, None, value, message, {})


def _check_unique(
    _validator: Validator, is_required: bool, values: Any, _schema: Any
) -> Iterator[ValidationError]:
    """Find duplicates in linear time; jsonschema's own check compares all pairs of items."""
    if not is_required or not isinstance(values, list):
        return
    distinct = {json.dumps(value, sort_keys=True) for value in values}
    if len(distinct) != len(values):
        yield _error("a value occurs twice")


def _check_any_of(
    validator: Validator, branches: list[Any], instance: Any, _schema: Any
) -> Iterable[ValidationError]:
    """Report the faults of the branch that matches the type of the value."""
    found = []
    for branch in branches:
        errors = _errors(validator, branch, instance)
        if not errors:
            return ()
        found.append(errors)
    return _of_fitting_branch(found, instance)


def _check_one_of(
    validator: Validator, branches: list[Any], instance: Any, _schema: Any
) -> Iterable[ValidationError]:
    """Report the faults of the branch that matches the type of the value, or that several branches match."""
    found = []
    for number, branch in enumerate(branches, start=1):
        errors = _errors(validator, branch, instance)
        if not errors:
            others = [b for b in branches[number:] if validator.evolve(schema=b).is_valid(instance)]
            also = ", ".join(map(repr, [*others, branch]))
            return [_error(f"{instance!r} is valid under each of {also}")] if others else ()
        found.append(errors)
    return _of_fitting_branch(found, instance)


def _errors(validator: Validator, schema: Any, instance: Any) -> list[ValidationError]:
    """Return at most `MAX_FAULTS` + 1 errors: the value of one branch can have as many as the document."""
    errors = []
    for error in islice(validator.evolve(schema=schema).iter_errors(instance), MAX_FAULTS + 1):
        error.message = clip(error.message)
        errors.append(error)
    return errors


def _of_fitting_branch(found: list[list[ValidationError]], instance: Any) -> list[ValidationError]:
    """Return the errors of the only branch that matches the type of the value; otherwise a general error."""
    fitting = [errors for errors in found if not _is_type_error(errors, instance)]
    if len(fitting) == 1:
        return fitting[0]
    return [_error(f"{instance!r} is not valid under any of the given schemas")]


def _is_type_error(errors: list[ValidationError], instance: Any) -> bool:
    return any(error.validator == "type" and error.instance is instance for error in errors)


def _error(message: str) -> ValidationError:
    from jsonschema.exceptions import ValidationError  # lazy: 50 ms, only invalid values need it

    return ValidationError(message)
