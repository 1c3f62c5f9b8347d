"""Recognises a table that was given instead of a description."""

from __future__ import annotations

from pathlib import Path

from archtool.description import finding_kinds
from archtool.files.paths import shell_word
from archtool.findings import Finding
from archtool.tables import TABLE_SUFFIXES

_LINES = (".jsonl", ".ndjson")
_READ_BY_BATCH = (*(suffix for suffix in TABLE_SUFFIXES if suffix != ".txt"), *_LINES)
"""Without `.txt`, which is a letter more often than a table."""
_OTHERS = (".ods", ".xls", ".xlsm", ".xlsb", ".numbers")


def table_instead(path: Path) -> Finding | None:
    """Return the finding about a file whose name is that of a table or of JSON Lines, or `None`."""
    suffix = path.suffix.lower()
    if suffix not in _READ_BY_BATCH and suffix not in _OTHERS:
        return None
    name = shell_word(path.name if suffix in _OTHERS else str(path))
    run = f"run archtool batch {name} -o PACKAGES (with --check, nothing is written)"
    if suffix in _OTHERS:
        run = "save it as .xlsx in the spreadsheet, and give that file to archtool batch"
    what = "a file of JSON Lines" if suffix in _LINES else "a table"
    message = f"this is {what}, not a description"
    return finding_kinds.WRONG_TYPE.at(message, str(path), hint=run)
