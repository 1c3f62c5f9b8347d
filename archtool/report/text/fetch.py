"""Formats what `archtool fetch` downloaded, or would download."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archtool.files.paths import shown
from archtool.findings import Severity
from archtool.report.numbers import counted, format_size
from archtool.results import Result


def format_planned_fetch(result: Result) -> Iterator[str]:
    """Yield one line for each file that `fetch --dry-run` would download."""
    for item in result.facts.get("planned", ()):
        size = "unknown length" if item["bytes"] is None else format_size(item["bytes"])
        yield f"  {shown(item['path'])}  {size}  {shown(item['url'])}"


def format_fetch_summary(results: Sequence[Result], seconds: float) -> str:
    """Return the summary line: how many files were fetched, or would be."""
    facts = [result.facts for result in results if result.facts]
    parts = [counted(len(results), "bag")]
    if any(f["dry_run"] for f in facts):
        parts += _planned_parts([f["to_fetch"] for f in facts])
    else:
        parts.append(f"{counted(sum(len(f['fetched']) for f in facts), 'file')} fetched")
        parts.append(format_size(sum(f["received_bytes"] for f in facts)))
        parts.append(f"{sum(len(f['failed']) for f in facts):,} failed")
    present = sum(1 for f in facts for item in f["skipped"] if item["reason"].startswith("there"))
    parts.append(f"{present:,} already present")
    parts.append(counted(sum(result.count(Severity.WARNING) for result in results), "warning"))
    return " · ".join([*parts, f"{seconds:.1f} s"])


def _planned_parts(planned: Sequence[dict[str, int]]) -> Iterator[str]:
    yield f"{counted(sum(p['files'] for p in planned), 'file')} to fetch"
    yield format_size(sum(p["bytes"] for p in planned))
    unknown = sum(p["unknown_lengths"] for p in planned)
    if unknown:
        yield f"{unknown:,} of unknown length"
