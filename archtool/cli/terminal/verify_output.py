"""Prints the results of `archtool verify`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from archtool.cli import defaults
from archtool.cli.terminal import output
from archtool.cli.terminal.job_bar import JobProgressBar
from archtool.exit_codes import ExitCode
from archtool.report.result_json import result_object
from archtool.report.text.groups import GroupTotals
from archtool.report.text.result import format_attestations, format_evidence, format_findings
from archtool.report.text.verify import VerifyTotals, format_repairs, format_verdict
from archtool.results import Result

LABEL = "verifying"


def print_results(results: Iterable[Result], bag_count: int, started: float, *, as_json: bool) -> ExitCode:
    """Print each result as it arrives, and finally the totals; return the worst exit code.

    `started` is the value of `time.monotonic` at the start of the command.
    """
    totals, groups, width = VerifyTotals(), GroupTotals(), output.width()
    with JobProgressBar(bag_count, LABEL) as bar:
        for result in results:
            totals.add(result)
            groups.add(result)
            bar.advance(result.facts.get("checked", {}).get("bytes", 0), is_failure=bool(result.exit_code))
            if as_json:
                output.json_line(result_object(result))
            else:
                output.lines(_format_result(result, width))
    if not as_json:
        output.lines(groups.lines())
    defaults.note(totals.format(time.monotonic() - started), as_json=as_json)
    return totals.exit_code


def _format_result(result: Result, width: int) -> Iterator[str]:
    yield format_verdict(result.subject, result.verdict)
    yield from format_attestations(result, width)
    yield from format_evidence(result, width)
    yield from format_repairs(result, width)
    yield from format_findings(result.findings, width)
