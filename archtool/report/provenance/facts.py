"""Reads single facts and labels of a history."""

from __future__ import annotations

from archtool.provenance.model import Facts


def fact_texts(facts: Facts, name: str) -> tuple[str, ...]:
    """Return all values of a fact; none if it is not stated."""
    stated = facts.get(name, ())
    return (stated,) if isinstance(stated, str) else stated


def plain_label(label: str, kind: str) -> str:
    """Return a label without the kind before it: `creation: Letter` becomes `Letter`."""
    rest = label.removeprefix(f"{kind}: ")
    if kind == "translation" and label.startswith("translation into "):
        rest = label.partition(": ")[2]
    return rest or label
