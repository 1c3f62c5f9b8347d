"""Formats a list of packages as CSV: one line for each package."""

from __future__ import annotations

from datetime import datetime

from archtool.report.csv_lines import csv_line, csv_text
from archtool.report.package_row import PackageRow
from archtool.report.text.package_list import age_days

COLUMNS = (
    "package", "path", "id", "title", "date", "files", "bytes", "counted", "check", "check_content",
    "checked_at", "age_days", "checked_by", "check_attestation", "head", "problem_code", "problem",
    "formats", "part",
)  # fmt: skip


def list_csv_head() -> str:
    """Return the header line."""
    return csv_line(COLUMNS)


def list_csv_row(row: PackageRow, now: datetime) -> str:
    """Return the line of one package; a value that is not known is empty."""
    check, problem = row.last_check, row.problem
    checked = ("", "", "", "", "", "")
    if check is not None:
        at = check.claimed_at.isoformat().replace("+00:00", "Z") if check.claimed_at is not None else ""
        outcome, content = check.outcome or check.event, check.content or ""
        age = str(days) if (days := age_days(check, now)) is not None else ""
        checked = (outcome, content, at, age, ", ".join(check.claimed_by), check.attestation)
    texts = [csv_text(text or "") for text in (row.name, row.path, row.id, row.title, row.date)]
    numbers = ["" if number is None else number for number in (row.files, row.size_bytes)]
    counted = "" if row.files is None else "yes" if row.is_counted else "no"
    reason = (problem.code, problem.message) if problem is not None else ("", "")
    formats = "; ".join(f"{count} × {label}" for label, count in row.formats)
    return csv_line(
        [
            *texts,
            *numbers,
            counted,
            *map(csv_text, (*checked, row.head or "", *reason, formats, row.part or "")),
        ]
    )
