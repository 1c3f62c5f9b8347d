"""Converts a result to one JSON object for scripts; later versions add keys and never rename them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archtool.findings import Finding, Place, Severity
from archtool.results import Result

_PLACE = ("file", "line", "column", "sheet", "row", "column_name")
"""The keys of a finding that are its place."""


def result_object(result: Result) -> dict[str, Any]:
    """Return the JSON object of one subject: its name, verdicts, facts and findings."""
    return {
        "schema": result.schema,
        "subject": result.subject,
        "verdict": dict(result.verdict),
        "exit_code": int(result.exit_code),
        "facts": dict(result.facts),
        "findings": [finding_object(finding) for finding in result.findings],
        "set_aside": len(result.set_aside),
    }


def finding_object(finding: Finding) -> dict[str, Any]:
    """Return the JSON object of one finding, with all its fields."""
    place = finding.place
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "sheet": place.sheet if place else None,
        "row": place.row if place else None,
        "column_name": place.column_name if place else None,
        "hint": finding.hint,
        "clause": finding.clause,
    }


def parse_finding(value: dict[str, Any]) -> Finding:
    """Return the finding of a JSON object that `finding_object` made; its exit code is not in it.

    Raises:
        KeyError: a field is missing.
        ValueError: there is no such severity.
    """
    severity = Severity(value["severity"])
    place = parse_place({name: value[name] for name in _PLACE})
    return Finding(value["code"], severity, value["message"], place, value["hint"], value["clause"])


def parse_place(value: Mapping[str, Any]) -> Place | None:
    """Return the place in a JSON object that `finding_object` made; `None` if it has none."""
    if value.get("file") is None:
        return None
    return Place(value["file"], *(value.get(name) for name in _PLACE[1:]))
