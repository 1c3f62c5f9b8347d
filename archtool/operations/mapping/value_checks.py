"""Checks the values that a mapping itself gives: constants, and the meanings of texts."""

from __future__ import annotations

from dataclasses import dataclass

from archtool.description import finding_kinds
from archtool.description.document.key_suggestions import suggest_value
from archtool.description.document.typing import FORMATS
from archtool.description.table.columns import PLAIN_LIST
from archtool.findings import Kind
from archtool.nearest_names import did_you_mean
from archtool.operations.mapping.targets import Target

_SHOWN = 100  # characters of a value in a message
_FORMATS = ("edtf", "bcp47", "encoding")
"""The formats that are checked here; paths are checked in the folder of each row."""


@dataclass(frozen=True, slots=True)
class ValueFault:
    """Why a description cannot contain a value."""

    kind: Kind
    message: str
    hint: str | None


def value_fault(text: str, target: Target) -> ValueFault | None:
    """Return the fault of a text as the value of a key; `None` if there is none, or it is seen later."""
    if target.column is None or PLAIN_LIST in target.column.types:
        return None
    schema = target.column.schema
    allowed = schema.get("enum")
    if allowed and text not in allowed:
        meant = suggest_value(text, allowed)
        message = f"`{target.key}` cannot be {text[:_SHOWN]!r}; it is one of: {', '.join(map(str, allowed))}"
        return ValueFault(
            finding_kinds.WRONG_VALUE, message, did_you_mean(meant) if meant is not None else None
        )
    if schema.get("format") in _FORMATS:
        kind, why_invalid, hint = FORMATS[schema["format"]]
        reason = why_invalid(text)
        if reason is not None:
            return ValueFault(kind, f"{text[:_SHOWN]!r} {reason}", hint(text))
    return None
