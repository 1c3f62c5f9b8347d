"""The results in their file, and the judgement of the bars: table and chart are made from these alone."""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.model import Bar, Metric, Outcome, Run

FORMAT = 1


@dataclass(frozen=True, slots=True)
class WorkResult:
    """The measurements of one work, with everything that its section in the page shows."""

    key: str
    title: str
    outcomes: tuple[Outcome, ...]
    bars: tuple[Bar, ...]
    notes: tuple[str, ...]
    seed: int
    scale: float
    rounds: int
    """The number of rounds that was requested; the number of runs is in each outcome."""
    measured_on: str
    """A date, YYYY-MM-DD."""
    machine: dict[str, str]

    def outcome(self, name: str) -> Outcome:
        """Return the outcome of one contestant."""
        return next(outcome for outcome in self.outcomes if outcome.name == name)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A bar and its result."""

    bar: Bar
    measured: float | None
    """The ratio, the difference, or the value if the limit is absolute; `None` if a value is missing."""

    @property
    def word(self) -> str:
        """The result as a word."""
        if self.measured is None:
            return "not measured"
        return "kept" if self.measured <= self.bar.most else "missed"


def median_of(outcome: Outcome, metric: Metric) -> float | None:
    """Return the median of a metric over all runs; `None` if there is no value."""
    if outcome.failure or not outcome.runs:
        return None
    if metric is Metric.PEAK_BYTES:
        return statistics.median(run.peak_bytes for run in outcome.runs)
    if metric is Metric.FIRST_SECONDS:
        firsts = [run.first_seconds for run in outcome.runs if run.first_seconds is not None]
        return statistics.median(firsts) if firsts else None
    seconds = statistics.median(run.seconds for run in outcome.runs)
    return seconds / outcome.entries if metric is Metric.SECONDS_PER_ENTRY else seconds


def limit_of(result: WorkResult, bar: Bar) -> float | None:
    """Return the largest value that keeps the bar, in the bar's own unit."""
    if not bar.theirs:
        return bar.most
    theirs = [median_of(result.outcome(name), bar.metric) for name in bar.theirs]
    known = [value for value in theirs if value is not None]
    if len(known) < len(theirs):
        return None
    return max(known) + bar.most if bar.is_difference else max(known) * bar.most


def judge(result: WorkResult, bar: Bar) -> Verdict:
    """Compare archtool's median with the limit."""
    ours, limit = median_of(result.outcome(bar.ours), bar.metric), limit_of(result, bar)
    if ours is None or not limit:
        return Verdict(bar, None)
    return Verdict(bar, ours - limit + bar.most if bar.is_difference else ours / limit * bar.most)


def save(path: Path, results: list[WorkResult]) -> None:
    """Write all results atomically."""
    objects = [_plain(result) for result in results]
    text = json.dumps({"format": FORMAT, "works": objects}, indent=1, ensure_ascii=False) + "\n"
    new_file = path.with_name(f"{path.name}.new")
    new_file.write_text(text, encoding="utf-8")
    new_file.replace(path)


def load(path: Path) -> list[WorkResult]:
    """Read the file that `save` wrote; returns no results if there is no such file.

    Raises:
        ValueError: it has another format.
    """
    if not path.is_file():
        return []
    data = json.loads(path.read_text(encoding="utf-8"))
    if data["format"] != FORMAT:
        raise ValueError(f"{path.name} has format {data['format']}, and this program reads {FORMAT}")
    return [_result(work) for work in data["works"]]


def merge(old: list[WorkResult], new: WorkResult, order: list[str]) -> list[WorkResult]:
    """Replace the older measurement of a work."""
    merged = {result.key: result for result in [*old, new]}
    return [merged[key] for key in [*order, *(merged.keys() - set(order))] if key in merged]


def _plain(result: WorkResult) -> dict[str, Any]:
    plain = asdict(result)
    for bar in plain["bars"]:
        bar["metric"] = bar["metric"].value
    return plain


def _result(data: dict[str, Any]) -> WorkResult:
    bars = tuple(
        Bar(**{**bar, "metric": Metric(bar["metric"]), "theirs": tuple(bar["theirs"])})
        for bar in data["bars"]
    )
    outcomes = tuple(
        replace(Outcome(**item), runs=[Run(**run) for run in item["runs"]]) for item in data["outcomes"]
    )
    return WorkResult(**{**data, "bars": bars, "outcomes": outcomes, "notes": tuple(data["notes"])})
