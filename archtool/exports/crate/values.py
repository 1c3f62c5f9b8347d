"""Makes the values of properties in an RO-Crate: references, dates and lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

Node = dict[str, Any]
"""An entity of the crate as JSON-LD."""

_ISO = re.compile(
    r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])(T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def reference(identifier: str) -> dict[str, str]:
    """Return a reference to an entity."""
    return {"@id": identifier}


def references(identifiers: Iterable[str]) -> Any:
    """Return references to several entities, each once; a single one is not put into a list."""
    return one_or_all([reference(identifier) for identifier in dict.fromkeys(identifiers)])


def one_or_all(values: list[Any]) -> Any:
    """Return a list, or its only value; `None` for an empty list."""
    return values[0] if len(values) == 1 else values or None


def node(identifier: str, kind: str | list[str], properties: Mapping[str, Any]) -> Node:
    """Return an entity with those properties that have a value."""
    stated = {name: printable(value) for name, value in properties.items() if value not in (None, "", [], ())}
    return {"@id": identifier, "@type": kind, **stated}


def printable(value: Any) -> Any:
    """Replace what is not a character: JSON-LD is Unicode, and a file name can have other bytes."""
    if isinstance(value, str):
        return value if value.isascii() else _SURROGATE.sub("\ufffd", value)
    return [printable(one) for one in value] if isinstance(value, list) else value


def iso_date(stated: str | None) -> str | None:
    """Return a date that is ISO 8601 as well as EDTF; `None` for intervals and uncertain dates."""
    return stated if stated is not None and _ISO.fullmatch(stated) else None


def other_date(stated: str | None) -> str | None:
    """Return a date that ISO 8601 cannot express, as EDTF; `None` for others."""
    return None if iso_date(stated) else stated


def sentences(*stated: str | None) -> str | None:
    """Join the texts that are stated; `None` if none is."""
    return "; ".join(text for text in stated if text) or None


def labelled(label: str, stated: str | None) -> str | None:
    """Return a stated value with a label before it."""
    return f"{label}: {stated}" if stated else None
