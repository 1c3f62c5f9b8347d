"""Formats what `archtool renew` did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archtool.files.paths import shown
from archtool.report.numbers import counted
from archtool.report.text.page import MIN_WIDTH, one_line, wrap
from archtool.results import Result

_RENEWALS = {
    "new": "new record",
    "timestamp-renewal": "renewed by a timestamp over the previous timestamp",
    "hash-tree-renewal": "renewed after reading all files again",
}


def format_renewal(result: Result, width: int = 80) -> Iterator[str]:
    """Yield the line of one package: the record that was written, or that it was left out."""
    facts, name = result.facts, shown(result.subject)
    if facts["record"] is None:
        yield f"{name}: left out"
        return
    text = f"{_RENEWALS[facts['renewal']]}, over {counted(facts['files'], 'file')}, {facts['algorithm']}"
    yield from wrap(one_line(f"{facts['record']}, {text}"), max(width, MIN_WIDTH), f"{name}: ", hanging=4)


def format_renew_summary(results: Sequence[Result], seconds: float) -> str:
    """Return the last line: how many bags were renewed and left out."""
    done = [result for result in results if result.facts["record"] is not None]
    times = sorted({result.facts["time"] for result in done})
    parts = [counted(len(results), "bag"), f"{len(done)} renewed", f"{len(results) - len(done)} left out"]
    parts += [f"timestamped {times[0]}"] if times else []
    return " · ".join([*parts, f"{seconds:.1f} s"])
