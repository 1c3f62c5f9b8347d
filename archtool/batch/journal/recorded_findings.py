"""The findings of a failed job in its journal line: a run that leaves the job shows them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from archtool.batch.limits import MAX_RECORDED_CHARACTERS, MAX_RECORDED_FINDINGS
from archtool.canonical_json import format_json_line
from archtool.findings import Finding
from archtool.report.result_json import finding_object, parse_finding
from archtool.strict_json import JsonRules, parse_json

_RULES = JsonRules(4 * MAX_RECORDED_CHARACTERS, allows_half_pairs=True)


def findings_record(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return the first findings as JSON objects; the last of them says how many were left out."""
    records: list[dict[str, Any]] = []
    size = 0
    for finding in findings[:MAX_RECORDED_FINDINGS]:
        record = finding_object(finding)
        size += len(format_json_line(record))
        if size > MAX_RECORDED_CHARACTERS:
            break
        records.append(record)
    left = len(findings) - len(records)
    if left:
        records.append(finding_object(_left_out(findings[-1], left)))
    return records


def _left_out(finding: Finding, count: int) -> Finding:
    others = "finding was" if count == 1 else "findings were"
    message = f"{count:,} more {others} reported when the job failed"
    hint = "to see all of them, run the same command with --retry failed"
    return replace(finding, message=message, hint=hint, place=None)


def format_recorded(records: object) -> str | None:
    """Return the recorded findings as one text: a batch keeps those of all failed jobs in memory.

    Raises:
        TypeError, KeyError, ValueError: they were not recorded by `findings_record`.
    """
    if not isinstance(records, list) or not records:
        return None
    for record in records:
        parse_finding(record)
    return format_json_line(records)


def parse_recorded(text: str | None) -> tuple[Finding, ...]:
    """Return the findings of such a text."""
    if text is None:
        return ()
    return tuple(map(parse_finding, parse_json(text.encode(), "the findings of a job", _RULES)))
