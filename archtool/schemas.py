"""Finds the JSON Schemas that ship with archtool and holds values against them.

The schemas live in the project's top-level folder `schemas/`; a wheel carries them as `archtool/schemas/`,
an editable install reads them from the checkout.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archtool.errors import MissingPartError

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

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
        hint="install archtool again: pip install --force-reinstall archtool",
    )


@cache
def load_schema(name: str) -> dict[str, Any]:
    """Read one schema by its file name, for instance `description.schema.json`."""
    loaded: dict[str, Any] = json.loads((schema_folder() / name).read_text(encoding="utf-8"))
    return loaded


@cache
def _validator(name: str) -> Validator:
    # jsonschema takes a tenth of a second to import: only those who validate pay for it
    from jsonschema import Draft202012Validator

    return Draft202012Validator(load_schema(name))


def schema_faults(name: str, value: Any) -> tuple[SchemaFault, ...]:
    """Hold a value against a schema; every fault, in the order of the value's own parts."""
    faults = [fault for error in _validator(name).iter_errors(value) for fault in _faults_of(error)]
    return tuple(sorted(faults, key=lambda f: [str(part).rjust(8, "0") for part in f.path]))


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
