"""Reads members of the detail of an event, which another program can have written: a wrong type is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def text_of(value: Any) -> str | None:
    """Return a text, or `None`."""
    return value if isinstance(value, str) else None


def int_of(value: Any) -> int | None:
    """Return a whole number, or `None`."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def mapping_of(value: Any) -> Mapping[str, Any]:
    """Return an object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def texts_of(value: Any) -> tuple[str, ...]:
    """Return the texts of a list."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def mappings_of(value: Any) -> tuple[Mapping[str, Any], ...]:
    """Return the objects of a list."""
    return tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()
