"""Finds the JSON Schemas that ship with archtool and checks values against them.

The schemas live in the project's top-level folder `schemas/`; a wheel carries them as `archtool/schemas/`,
an editable install reads them from the checkout.

Nearly every value is valid, and `jsonschema_rs` says so in microseconds. Of any other value `jsonschema`
finds the faults and has the words for them; only then is it imported, and it alone decides. No fault may be
hidden by that: whatever `jsonschema_rs` takes for valid, `jsonschema` must take for valid too. They differ in
regular expressions (ECMA 262, Python), so our schemas name the characters on which the dialects disagree.
What `jsonschema_rs` cannot read, such as half of a surrogate pair, is left to `jsonschema`. Neither asserts
`format`.
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

MAX_FAULTS = 1_000  # of one value: each takes some kilobytes
MORE_FAULTS = "more-faults"
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


def schema_faults(name: str, value: Any) -> tuple[SchemaFault, ...]:
    """Check a value against a schema; return its faults, in the order of the value's own parts.

    At most `MAX_FAULTS` are returned: a hostile value has one in each of its parts. If there are more, the
    last one says so; its keyword is `MORE_FAULTS`. Both validators walk down by recursion, so the value must
    have been read by a reader that limits the depth.
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
    # imported with the first value that is checked: bags without metadata do without
    from jsonschema_rs import Draft202012Validator, RegexOptions

    # an engine whose time grows with the text only
    return Draft202012Validator(load_schema(name), validate_formats=False, pattern_options=RegexOptions())


@cache
def _validator(name: str) -> Validator:
    # a twentieth of a second to import: only what is not valid pays for it
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    keywords = {"oneOf": _check_one_of, "anyOf": _check_any_of, "uniqueItems": _check_unique}
    extended: type[Validator] = extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]
    return extended(load_schema(name))


def _fault(error: ValidationError) -> SchemaFault:
    return SchemaFault(
        tuple(error.absolute_path),
        str(error.validator),
        error.validator_value,
        error.instance,
        clip(error.message),  # the sentence repeats the whole value, and so does that of each value around it
        error.schema if isinstance(error.schema, dict) else {},
    )


def _more_faults(value: Any) -> SchemaFault:
    message = f"more faults than {MAX_FAULTS:,}: the others are not listed"
    return SchemaFault((), MORE_FAULTS, None, value, message, {})


def _check_unique(
    _validator: Validator, is_asked: bool, values: Any, _schema: Any
) -> Iterator[ValidationError]:
    """Compare in one walk: jsonschema compares each member of a list with each other one."""
    if not is_asked or not isinstance(values, list):
        return
    seen = {json.dumps(value, sort_keys=True) for value in values}
    if len(seen) != len(values):
        yield _error("a value is there twice")


def _check_any_of(
    validator: Validator, branches: list[Any], instance: Any, _schema: Any
) -> Iterable[ValidationError]:
    """Report the faults of the branch that the value has the shape of."""
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
    """Report the faults of the branch that the value has the shape of, or that it fits several branches."""
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
    """Not many more than `MAX_FAULTS`, which the value of one branch may have as well as the whole."""
    errors = []
    for error in islice(validator.evolve(schema=schema).iter_errors(instance), MAX_FAULTS + 1):
        error.message = clip(error.message)
        errors.append(error)
    return errors


def _of_fitting_branch(found: list[list[ValidationError]], instance: Any) -> list[ValidationError]:
    """Only the branch of the value's own shape says anything useful; without one, the value is of none."""
    fitting = [errors for errors in found if not _is_of_another_shape(errors, instance)]
    if len(fitting) == 1:
        return fitting[0]
    return [_error(f"{instance!r} is not valid under any of the given schemas")]


def _is_of_another_shape(errors: list[ValidationError], instance: Any) -> bool:
    return any(error.validator == "type" and error.instance is instance for error in errors)


def _error(message: str) -> ValidationError:
    from jsonschema.exceptions import ValidationError

    return ValidationError(message)
