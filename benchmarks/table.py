"""Formats the page of results: pure, from measurements to Markdown."""

from __future__ import annotations

import statistics

from benchmarks.model import Metric, Outcome
from benchmarks.results import Verdict, WorkResult, judge, median_of

HEAD = """# Benchmarks

This page is made by `python -m benchmarks`; [how and why](../benchmarks/README.md). Times are wall-clock
seconds of whole processes, as medians of the measured rounds. The contestants of one work ran in turns, after
a round that was not measured. Peak memory is the largest resident set of any single process. Each contestant
with a time was checked: one that verifies named a planted fault, one that digests printed the manifest's
digests, one that copies made equal files. A contestant that failed, was not installed or took too long is in
the table with the reason.
"""
_TRIAL = (
    "**Some works are trials with smaller corpora or fewer rounds than the bars require. Their figures are "
    "not representative, and their bars have no verdict.**\n"
)
FULL_ROUNDS = 5


def format_page(results: list[WorkResult], chart: str) -> str:
    """Return the whole page."""
    parts = [HEAD, *([_TRIAL] if any(map(_is_trial, results)) else [])]
    parts += [f"![The results as bars]({chart})\n", _bars(results)]
    parts += [_work(result) for result in results]
    parts += [_machines(results), _command(results)]
    return "\n".join(parts)


def _is_trial(result: WorkResult) -> bool:
    return result.scale != 1 or result.rounds < FULL_ROUNDS


def _bars(results: list[WorkResult]) -> str:
    lines = ["## Bars\n", "| work | bar | measured | |", "|---|---|---|---|"]
    for result in results:
        for bar in result.bars:
            verdict = judge(result, bar)
            word = "trial" if _is_trial(result) else verdict.word
            lines.append(f"| {result.title} | {bar.text} | {_measured(verdict)} | {word} |")
    return "\n".join(lines) + "\n"


def _measured(verdict: Verdict) -> str:
    value, bar = verdict.measured, verdict.bar
    if value is None:
        return "–"
    if bar.is_difference:
        return f"{value:+.3f} s"
    if bar.metric is Metric.SECONDS_PER_ENTRY and not bar.theirs:
        return f"{1 / value:,.0f} a second"
    if not bar.theirs:
        return f"{value / 1e6:.0f} MB" if bar.metric is Metric.PEAK_BYTES else f"{value:.3g} s"
    return f"{1 / value:.3g} × as fast" if bar.is_speedup else f"{value:.3g} ×"


def _work(result: WorkResult) -> str:
    is_watched = any(run.first_seconds is not None for outcome in result.outcomes for run in outcome.runs)
    heads = ["contestant", "median s", "min–max s", "runs", "CPU s", "peak MB", "× archtool's time"]
    heads += ["first finding s"] if is_watched else []
    lines = [f"## {result.title[0].upper()}{result.title[1:]}\n"]
    lines += [f"| {' | '.join(heads)} |", f"|---|{'--:|' * (len(heads) - 1)}"]
    ours = median_of(result.outcomes[0], Metric.SECONDS)
    for outcome in result.outcomes:
        cells = _cells(outcome, ours, is_watched=is_watched)
        lines.append(f"| {' | '.join([f'`{outcome.name}`', *cells])} |")
    return "\n".join([*lines, "", *_notes(result)]) + "\n"


def _notes(result: WorkResult) -> list[str]:
    remarks = [f"**{outcome.name}: {outcome.remark}.**" for outcome in result.outcomes if outcome.remark]
    trial = [f"A trial: scale {result.scale:g}, rounds: {result.rounds}."] if _is_trial(result) else []
    when = f"Measured on {result.measured_on} (`--only {result.key}`)."
    return [*remarks, *(f"Note: {note}." for note in result.notes), *trial, when]


def _cells(outcome: Outcome, ours: float | None, *, is_watched: bool) -> list[str]:
    seconds = median_of(outcome, Metric.SECONDS)
    if seconds is None:
        return [outcome.failure or "not run", *["–"] * (6 if is_watched else 5)]
    times = [run.seconds for run in outcome.runs]
    peak = median_of(outcome, Metric.PEAK_BYTES)
    cells = [
        _seconds(seconds),
        f"{_seconds(min(times))}–{_seconds(max(times))}",
        str(len(times)),
        _seconds(statistics.median(run.cpu_seconds for run in outcome.runs)),
        f"{peak / 1e6:.0f}" if peak else "–",
        f"{seconds / ours:.2f}" if ours else "–",
    ]
    first = median_of(outcome, Metric.FIRST_SECONDS)
    return [*cells, _seconds(first) if first else "–"] if is_watched else cells


def _seconds(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 100 else f"{value:.0f}"


def _machines(results: list[WorkResult]) -> str:
    """Return one list for each machine, with the names of its works if there are several machines."""
    machines: list[dict[str, str]] = []
    for result in results:
        if result.machine not in machines:
            machines.append(result.machine)
    lines = ["## Where\n"]
    for machine in machines:
        works = ", ".join(f"`{result.key}`" for result in results if result.machine == machine)
        lines += [f"For {works}:\n"] if len(machines) > 1 else []
        lines += [f"- {label}: {value}" for label, value in machine.items()] + [""]
    return "\n".join(lines)


def _command(results: list[WorkResult]) -> str:
    """Return the commands that repeat the measurements."""
    seeds = {(result.seed, result.scale, result.rounds): None for result in results}
    lines = ["## Again\n", "```sh"]
    for seed, scale, rounds in seeds:
        lines.append(f"python -m benchmarks --folder DIR --seed {seed} --scale {scale:g} --rounds {rounds}")
    return "\n".join([*lines, "```", ""])
