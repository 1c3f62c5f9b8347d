"""Tells what becomes of the jobs of a batch: a line for each as it ends, a bar, and what was counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from archtool.batch.job import Outcome
from archtool.cli import screen
from archtool.cli.job_bar import JobBar
from archtool.errors import ExitCode
from archtool.report.batch_text import format_batch_summary
from archtool.report.result_json import finding_object

RESULT_SCHEMA = "archtool/batch/1"


def tell_outcomes(outcomes: Iterable[Outcome], planned: int, label: str, seconds: Callable[[], float]) -> int:
    """Print each outcome as it is ready, and at last the counts; gives the exit code of the batch."""
    counts = Counter({"done": 0, "failed": 0, "left": 0, "not-begun": planned})
    size_bytes = 0
    with JobBar(planned, label) as bar:
        for outcome in outcomes:
            screen.json_line(outcome_object(outcome))
            bar.advance(outcome.size_bytes, is_failure=outcome.is_failure)
            counts[_counted_as(outcome)] += 1
            counts["not-begun"] -= 1
            size_bytes += outcome.size_bytes
    screen.message(format_batch_summary(counts, size_bytes, seconds()))
    return ExitCode.BATCH_HAS_FAILURES if counts["failed"] or counts["not-begun"] else ExitCode.DONE


def _counted_as(outcome: Outcome) -> str:
    return "failed" if outcome.is_failure else outcome.ending.value


def outcome_object(outcome: Outcome) -> dict[str, Any]:
    """The line of one job."""
    return {
        "schema": RESULT_SCHEMA,
        "job": outcome.key,
        "ending": outcome.ending.value,
        "exit_code": outcome.exit_code,
        "message": outcome.message,
        "hint": outcome.hint,
        "findings": [finding_object(finding) for finding in outcome.findings],
        "facts": outcome.facts,
        "seconds": round(outcome.seconds, 3),
        "bytes": outcome.size_bytes,
    }
