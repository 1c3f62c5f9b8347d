"""Verifies bags and tells of each, however the command line was read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from archtool.cli import clock, outfit, screen
from archtool.errors import ExitCode, worst_exit_code
from archtool.fixity.effort import Effort
from archtool.operations.trust_request import TrustRequest
from archtool.operations.verify import VerifyRequest
from archtool.operations.verify_many import verify_many
from archtool.progress import Progress
from archtool.report.result_text import (
    format_attestations,
    format_evidence,
    format_findings,
    format_verdict,
    format_verify_summary,
)
from archtool.results import Result

Verified = Callable[[Iterable[VerifyRequest], Effort, Progress], Iterable[Result]]


def verify_named(bags: Sequence[str], jobs: int | None) -> ExitCode:
    """`archtool verify [--jobs N] BAG...`: what scripts run all night, and hardly anything to be parsed."""
    started = time.monotonic()
    at, trust = clock.now(), TrustRequest()
    requests = (VerifyRequest(Path(bag), at, trust) for bag in bags)
    return verify_and_tell(requests, outfit.effort_of(jobs), started, as_json=False)


def verify_and_tell(
    requests: Iterable[VerifyRequest],
    effort: Effort,
    started: float,
    *,
    as_json: bool,
    verified: Verified = verify_many,
) -> ExitCode:
    """Print each result as it is ready, and at last what was looked at; gives the worst exit code.

    `started` is what `time.monotonic` said at the beginning, `verified` is how the bags are verified.
    """
    results, width = [], screen.width()
    for result in verified(requests, effort, outfit.make_progress()):
        results.append(result)
        _print(result, width, as_json=as_json)
    outfit.note(format_verify_summary(results, time.monotonic() - started), as_json=as_json)
    return worst_exit_code(result.exit_code for result in results)


def _print(result: Result, width: int, *, as_json: bool) -> None:
    if as_json:
        from archtool.report.result_json import result_object

        screen.json_line(result_object(result))
        return
    known = (*format_attestations(result, width), *format_evidence(result, width))
    screen.lines((format_verdict(result), *known, *format_findings(result.findings, width)))
