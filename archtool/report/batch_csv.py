"""Formats the outcomes of a batch as CSV, one row per job, for sorting and counting in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from typing import Any

from archtool.printable import show_steering

COLUMNS = (
    "job", "ending", "exit_code", "bag", "content", "trust", "errors", "warnings", "notes",
    "first_finding", "message", "hint", "seconds", "bytes",
)  # fmt: skip
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def csv_head() -> str:
    """Return the header line."""
    return _line(COLUMNS)


def csv_row(outcome: Mapping[str, Any]) -> str:
    """Format the JSON object of one job as a CSV line.

    A text that a spreadsheet would read as a formula is prefixed with an apostrophe: names and messages come
    from packages, and a package is untrusted input. Control characters are written as their codes.
    """
    verdict = outcome["verdict"] or {}
    counts = Counter(finding["severity"] for finding in outcome["findings"])
    first = next((f["message"] for f in outcome["findings"]), "")
    texts = [_text(verdict.get(name) or "") for name in ("bag", "content", "trust")]
    severities = [counts[name] for name in ("error", "warning", "note")]
    messages = [_text(first), _text(outcome["message"] or ""), _text(outcome["hint"] or "")]
    job = [_text(outcome["job"]), outcome["ending"], outcome["exit_code"]]
    return _line([*job, *texts, *severities, *messages, outcome["seconds"], outcome["bytes"]])


def _text(text: str) -> str:
    shown = show_steering(text.encode("utf-8", "backslashreplace").decode())
    return f"'{shown}" if shown.startswith(_FORMULA_SIGNS) else shown


def _line(cells: Any) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)  # CRLF: RFC 4180
    return written.getvalue()
