"""Formats the last line of a batch."""

from __future__ import annotations

from collections.abc import Mapping

from archtool.report.numbers import counted, format_size


def format_batch_summary(counts: Mapping[str, int], size_bytes: int, seconds: float) -> str:
    """Return the counts in one line: jobs, done, failed, left as they were, not begun."""
    parts = [counted(sum(counts.values()), "job"), f"{counts['done']:,} done", f"{counts['failed']:,} failed"]
    parts += [f"{counts['left']:,} left as they were"] if counts["left"] else []
    parts += [f"{counts['not-begun']:,} not begun"] if counts["not-begun"] else []
    return " · ".join([*parts, format_size(size_bytes), f"{seconds:,.1f} s"])
