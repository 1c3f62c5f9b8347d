"""Formats the jobs of a batch as CSV, one row per finding, for sorting and counting in a spreadsheet.

A job without findings has one row. The texts of a job are repeated in each of its rows, so that they can be
filtered by; its numbers stand in its first row only, so that sums are right.

The table begins with a byte order mark: without one, Excel reads UTF-8 as another encoding.
Source: RFC 4180.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from archtool.report.csv_lines import csv_line, csv_text

MARK = "\ufeff"
FIRST_COLUMNS = (
    "job", "ending", "exit_code", "bag", "content", "trust", "errors", "warnings", "notes",
    "first_finding", "message", "hint", "seconds", "bytes",
)  # fmt: skip
"""By these a summary is recognised; earlier ones have no others."""
PRODUCT_COLUMNS = ("title", "package", "head", "files", "payload_bytes")
FINDING_COLUMNS = (
    "finding", "severity", "code", "file", "line", "sheet", "row", "column", "column_name", "finding_message",
    "finding_hint",
)  # fmt: skip
COLUMNS = (*FIRST_COLUMNS, *PRODUCT_COLUMNS, *FINDING_COLUMNS)
_NUMBERS = frozenset(["errors", "warnings", "notes", "seconds", "bytes", "files", "payload_bytes"])
Cell = str | int | float | None


def csv_head() -> str:
    """Return the header line."""
    return MARK + csv_line(COLUMNS)


def csv_rows(job: Mapping[str, Any]) -> Iterator[str]:
    """Yield the CSV lines of one job; its `product` has the fields of `Product`.

    Texts come from packages, and a package is untrusted input: `csv_text` makes them harmless.
    """
    cells = dict(zip((*FIRST_COLUMNS, *PRODUCT_COLUMNS), map(_text, _job_cells(job)), strict=True))
    repeated = [None if name in _NUMBERS else cell for name, cell in cells.items()]
    before: Iterable[Cell] = cells.values()
    if not job["findings"]:
        yield csv_line([*before, *("" for _ in FINDING_COLUMNS)])
    for number, finding in enumerate(job["findings"], 1):
        yield csv_line([*before, number, *map(_text, _finding_cells(finding))])
        before = repeated


def _job_cells(job: Mapping[str, Any]) -> Iterator[Cell]:
    """Yield the cells of a job in the order of the columns."""
    yield from (job["job"], job["ending"], job["exit_code"])
    yield from ((job["verdict"] or {}).get(name) for name in ("bag", "content", "trust"))
    counts = Counter(finding["severity"] for finding in job["findings"])
    yield from (counts[name] for name in ("error", "warning", "note"))
    yield next((finding["message"] for finding in job["findings"]), None)
    yield from (job["message"], job["hint"], job["seconds"], job["bytes"])
    product = job["product"]
    yield from (product[name] for name in ("title", "package", "head", "files", "size_bytes"))


def _finding_cells(finding: Mapping[str, Any]) -> Iterator[Cell]:
    """Yield the cells of a finding after its number, in the order of the columns."""
    yield from (finding[name] for name in FINDING_COLUMNS[1:-2])
    yield from (finding["message"], finding["hint"])


def _text(value: Cell) -> Cell:
    return csv_text(value) if isinstance(value, str) else value
