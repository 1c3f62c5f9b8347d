"""What a batch prints of each job: JSON Lines for programs, text for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from archtool.batch.job import Ending, Outcome
from archtool.cli.terminal import output
from archtool.report.batch_product import Product
from archtool.report.text.batch import EndedJob, format_batch_summary, format_job
from archtool.report.text.batch_tally import FindingTally

_AGAIN = "correct the faults, then run the same command again"
_RETRY = "to try failed jobs again as they are, add --retry failed"


def is_for_people(given: Mapping[str, Any]) -> bool:
    """Whether a batch with these options prints text: stdout is a terminal, and JSON was not requested."""
    return not given["as_json"] and output.is_data_shown()


class JobPrinter(Protocol):
    """Prints jobs as they end, and what follows the last one."""

    def print(self, outcome: Outcome, job: dict[str, Any]) -> None:
        """Print a job that has ended; `job` is its JSON object."""

    def end(self, counts: Mapping[str, int], size_bytes: int, seconds: float) -> None:
        """Print the totals: how many jobs are done, failed, left and not begun, their size and their time."""


class JsonPrinter:
    """Prints a JSON object for each job. Implements `JobPrinter`."""

    def print(self, outcome: Outcome, job: dict[str, Any]) -> None:
        """Print the object."""
        del outcome
        output.json_line(job)

    def end(self, counts: Mapping[str, int], size_bytes: int, seconds: float) -> None:
        """Print the counts as a message."""
        output.message(format_batch_summary(counts, size_bytes, seconds))


class TextPrinter:
    """Prints lines for a person at a terminal. Implements `JobPrinter`."""

    def __init__(self, *, is_check: bool, corrects: bool) -> None:
        """`corrects`: whether a failed job can succeed after its inputs were corrected."""
        self._corrects = corrects
        self._is_check = is_check
        self._done = "ready" if self._is_check else Ending.DONE.value
        self._has_failed_before = False
        self._tally = FindingTally()

    def print(self, outcome: Outcome, job: dict[str, Any]) -> None:
        """Print the line of the job, and what is wrong with it."""
        del job
        ended = self._ended(outcome)
        self._tally.add(ended, outcome.position)
        output.styled_lines(format_job(ended, output.width()))

    def end(self, counts: Mapping[str, int], size_bytes: int, seconds: float) -> None:
        """Print the findings by kind, what to do about failed jobs, and the counts."""
        output.lines(self._tally.format(output.width()))
        if counts["failed"] and self._corrects:
            output.message(f"{output.PROGRAM}: hint: {_AGAIN}")
        if self._has_failed_before:
            output.message(f"{output.PROGRAM}: hint: {_RETRY}")
        words = {"done": self._done} if self._is_check else {}
        summary = format_batch_summary(counts, size_bytes, seconds, words)
        output.message(f"{summary} · nothing was written" if self._is_check else summary)

    def _ended(self, outcome: Outcome) -> EndedJob:
        is_left = outcome.ending is Ending.LEFT
        word = outcome.ending.value if is_left else self._done
        self._has_failed_before |= is_left and outcome.is_failure
        return EndedJob(
            outcome.key, word, outcome.is_failure, is_left, outcome.message, outcome.hint, outcome.findings,
            outcome.verdict or {}, Product.of(outcome.facts), outcome.seconds,
        )  # fmt: skip
