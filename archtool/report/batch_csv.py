"""What became of each job of a batch as a table, for whoever sorts and counts in a spreadsheet."""

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
    """The first line."""
    return _line(COLUMNS)


def csv_row(told: Mapping[str, Any]) -> str:
    """The line of one job, from its JSON object.

    A text that a spreadsheet would take for a formula gets an apostrophe before it: names and messages come
    from packages, and a package is untrusted input. Control characters are written as their codes.
    """
    verdict = told["verdict"] or {}
    counts = Counter(finding["severity"] for finding in told["findings"])
    first = next((f["message"] for f in told["findings"]), "")
    texts = [_text(verdict.get(name) or "") for name in ("bag", "content", "trust")]
    severities = [counts[name] for name in ("error", "warning", "note")]
    words = [_text(first), _text(told["message"] or ""), _text(told["hint"] or "")]
    job = [_text(told["job"]), told["ending"], told["exit_code"]]
    return _line([*job, *texts, *severities, *words, told["seconds"], told["bytes"]])


def _text(text: str) -> str:
    shown = show_steering(text.encode("utf-8", "backslashreplace").decode())
    return f"'{shown}" if shown.startswith(_FORMULA_SIGNS) else shown


def _line(cells: Any) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)  # CRLF: RFC 4180
    return written.getvalue()
