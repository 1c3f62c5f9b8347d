"""Tells of verified bags, however the command line was read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from archtool.cli import defaults
from archtool.cli.terminal import output
from archtool.cli.terminal.job_bar import JobProgressBar
from archtool.report.text.verify import VerifyTotals, format_verdict

if TYPE_CHECKING:
    from archtool.exit_codes import ExitCode
    from archtool.files.workers.concurrency import Concurrency
    from archtool.operations.verify.verify import VerifyRequest
    from archtool.progress import Progress
    from archtool.results import Result

    Verified = Callable[[Iterable[VerifyRequest], Concurrency, Progress], Iterable[Result]]


LABEL = "verifying"


def verify_and_tell(
    requests: Sequence[VerifyRequest],
    concurrency: Concurrency,
    started: float,
    *,
    as_json: bool,
    verified: Verified,
) -> ExitCode:
    """Print each result as it is ready, and at last what was looked at; gives the worst exit code.

    `started` is what `time.monotonic` said at the beginning, `verified` is how the bags are verified.
    """
    tally, width = VerifyTotals(), output.width()
    with JobProgressBar(len(requests), LABEL) as bar:
        for result in verified(requests, concurrency, defaults.make_progress()):
            count(result, tally, bar)
            _tell(result, width, as_json=as_json)
    return end(tally, started, as_json=as_json)


def count(result: Result, tally: VerifyTotals, bar: JobProgressBar) -> None:
    """One more bag, at last and in front of a terminal."""
    tally.add(result)
    bar.advance(result.facts.get("checked", {}).get("bytes", 0), is_failure=bool(result.exit_code))


def _tell(result: Result, width: int, *, as_json: bool) -> None:
    if as_json:
        from archtool.report.result_json import result_object

        output.json_line(result_object(result))
    else:
        output.lines(format_result(result, width))


def format_result(result: Result, width: int) -> Iterator[str]:
    """The lines of one result for a person: the answers, what vouches for it, the findings."""
    from archtool.report.text.result import format_attestations, format_evidence, format_findings

    yield format_verdict(result.subject, result.verdict)
    yield from format_attestations(result, width)
    yield from format_evidence(result, width)
    yield from format_findings(result.findings, width)


def end(tally: VerifyTotals, started: float, *, as_json: bool) -> ExitCode:
    """Print the last line; gives the worst exit code."""
    defaults.note(tally.format(time.monotonic() - started), as_json=as_json)
    return tally.exit_code
