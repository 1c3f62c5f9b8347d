"""Reports the outcomes of a batch: a line for each job as it ends, a progress bar, and the totals."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from archtool.batch.job import Outcome
from archtool.cli.batch.printers import JobPrinter
from archtool.cli.batch.summaries import Summaries
from archtool.cli.terminal.job_bar import JobProgressBar
from archtool.exit_codes import ExitCode
from archtool.report.numbers import counted
from archtool.report.result_json import finding_object

RESULT_SCHEMA = "archtool/batch/1"


@dataclass(frozen=True, slots=True)
class JobReporter:
    """Prints outcomes and passes them to the summaries."""

    planned: int
    """The number of jobs in the plan."""
    label: str
    """The label of the progress bar."""
    printer: JobPrinter
    summaries: Summaries
    started: float
    """The value of `time.monotonic` at the start of the command."""
    resuming: str
    """What to do after an interrupt."""
    is_text: bool = False
    """Whether the jobs' lines go to the same terminal as the bar."""

    def report(self, outcomes: Iterable[Outcome]) -> int:
        """Print each outcome as it arrives, and finally the counts; return the exit code of the batch."""
        counts = Counter({"done": 0, "failed": 0, "left": 0, "not-begun": self.planned})
        size_bytes = 0
        try:
            with JobProgressBar(self.planned, self.label, with_lines=self.is_text) as bar:
                for outcome in outcomes:
                    self._report_one(outcome)
                    bar.advance(outcome.size_bytes, is_failure=outcome.is_failure)
                    counts[_count_name(outcome)] += 1
                    counts["not-begun"] -= 1
                    size_bytes += outcome.size_bytes
        except KeyboardInterrupt as interrupt:
            ended = self.planned - counts["not-begun"]
            planned = counted(self.planned, "job")
            interrupt.add_note(f"{ended:,} of {planned} were reported; {self.resuming}")
            raise
        seconds = time.monotonic() - self.started
        self.summaries.close(seconds)
        self.printer.end(counts, size_bytes, seconds)
        return ExitCode.BATCH_HAS_FAILURES if counts["failed"] or counts["not-begun"] else ExitCode.DONE

    def _report_one(self, outcome: Outcome) -> None:
        job = outcome_object(outcome)
        self.printer.print(outcome, job)
        self.summaries.add(job, outcome.position)


def _count_name(outcome: Outcome) -> str:
    return "failed" if outcome.is_failure else outcome.ending.value


def outcome_object(outcome: Outcome) -> dict[str, Any]:
    """Return the JSON object of one job, as it is printed on stdout."""
    return {
        "schema": RESULT_SCHEMA,
        "job": outcome.key,
        "ending": outcome.ending.value,
        "exit_code": outcome.exit_code,
        "message": outcome.message,
        "hint": outcome.hint,
        "verdict": outcome.verdict,
        "findings": [finding_object(finding) for finding in outcome.findings],
        "facts": outcome.facts,
        "seconds": round(outcome.seconds, 3),
        "bytes": outcome.size_bytes,
    }
