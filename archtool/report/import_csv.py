"""Formats the table of an import: one line for each file or record."""

from __future__ import annotations

from collections.abc import Iterable

from archtool.findings import Finding, Severity
from archtool.report.csv_lines import csv_line, csv_text
from archtool.results import Result

COLUMNS = ("file", "draft", "form", "state", "placed", "to_confirm", "not_placed", "problem", "remarks")


def import_csv(results: Iterable[Result]) -> str:
    """Return the table: what was placed, what must be confirmed, what fits no key, what failed."""
    return csv_line(COLUMNS) + "".join(map(_row, results))


def _row(result: Result) -> str:
    facts = result.facts
    errors = [one for one in result.findings if one.severity is Severity.ERROR]
    others = [one for one in result.findings if one.severity is not Severity.ERROR]
    return csv_line(
        [
            csv_text(result.subject),
            csv_text(facts.get("draft", "")),
            facts.get("form", ""),
            facts["state"],
            csv_text(", ".join(facts.get("placed", ()))),
            facts.get("to_confirm", ""),
            facts.get("not_placed", ""),
            csv_text("; ".join(map(_text, errors))),
            csv_text("; ".join(map(_text, others))),
        ]
    )


def _text(finding: Finding) -> str:
    line = f"line {finding.place.line}: " if finding.place is not None and finding.place.line else ""
    return f"{line}{finding.message} [{finding.code}]"
