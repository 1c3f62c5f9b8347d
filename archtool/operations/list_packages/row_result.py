"""Converts the row of a package to a result, for JSON and for the exit code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from archtool.report.package_row import PackageRow, RecordedCheck
from archtool.results import Result

RESULT_SCHEMA = "archtool/list/1"


def row_result(row: PackageRow, now: datetime) -> Result:
    """Return the result of one package; it has no verdict, since nothing was checked."""
    facts = {
        "name": row.name,
        "id": row.id,
        "title": row.title,
        "date": row.date,
        "part": row.part,
        "payload": {"files": row.files, "bytes": row.size_bytes, "source": _source(row)},
        "head": row.head,
        "formats": [{"format": label, "files": count} for label, count in row.formats],
        "last_check": None if row.last_check is None else _check_facts(row.last_check, now),
    }
    findings = () if row.problem is None else (row.problem,)
    return Result(RESULT_SCHEMA, row.path, findings, {}, facts)


def _source(row: PackageRow) -> str | None:
    if row.files is None:
        return None
    return "counted" if row.is_counted else "payload-oxum"


def _check_facts(check: RecordedCheck, now: datetime) -> dict[str, Any]:
    """Return what an attestation states; `signature` says that it was not checked."""
    at = check.claimed_at
    return {
        "attestation": check.attestation,
        "event": check.event,
        "outcome": check.outcome,
        "content": check.content,
        "claimed_at": at.isoformat() if at is not None else None,
        "age_days": (now - at).days if at is not None else None,
        "claimed_by": list(check.claimed_by),
        "beside": check.is_in_sidecar,
        "signature": "not-checked",
    }
