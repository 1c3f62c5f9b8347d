"""What `archtool renew` did, as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archtool.files.paths import shown
from archtool.report.numbers import counted
from archtool.report.text.page import MIN_WIDTH, one_line, wrap
from archtool.results import Result

_WORDS = {
    "new": "a new record",
    "timestamp-renewal": "renewed by a timestamp of the last one",
    "hash-tree-renewal": "renewed with all files read again",
}


def format_renewal(result: Result, width: int = 80) -> Iterator[str]:
    """What one package got."""
    facts, name = result.facts, shown(result.subject)
    if facts["record"] is None:
        yield f"{name}: left out"
        return
    text = f"{_WORDS[facts['renewal']]}, over {counted(facts['files'], 'file')}, {facts['algorithm']}"
    yield from wrap(one_line(f"{facts['record']}, {text}"), max(width, MIN_WIDTH), f"{name}: ", hanging=4)


def format_renew_summary(results: Sequence[Result], seconds: float) -> str:
    """What was done, counted: the last line."""
    done = [result for result in results if result.facts["record"] is not None]
    times = sorted({result.facts["time"] for result in done})
    parts = [counted(len(results), "bag"), f"{len(done)} renewed", f"{len(results) - len(done)} left out"]
    parts += [f"timestamp of {times[0]}"] if times else []
    return " · ".join([*parts, f"{seconds:.1f} s"])
