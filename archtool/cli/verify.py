"""`archtool verify`: three answers for each package, and every finding."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from archtool.cli import clock, options, screen
from archtool.cli.progress_bar import make_progress
from archtool.errors import worst_exit_code
from archtool.operations.verify import VerifyRequest, verify
from archtool.report.result_json import result_object
from archtool.report.result_text import (
    format_findings,
    format_signers,
    format_verdict,
    format_verify_summary,
)
from archtool.results import Result


@click.command("verify")
@click.argument("bags", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="BAG...")
@options.trust_option
@options.revoked_option
@options.strict_option
@click.option(
    "--jobs", type=click.IntRange(1, 1024), metavar="N", help="Threads; default: one for each core."
)
@options.second_opinion_option
@options.json_option
def command(bags: tuple[Path, ...], allowed: Path | None, revoked: Path | None, **given: Any) -> int:
    """Say of each BAG whether it is valid, consistent and trusted.

    Every file is read and every finding reported; one bad bag does not keep the others from being looked at.
    """
    started = time.monotonic()
    trust = options.load_trust(allowed, revoked)
    jobs = given["jobs"] or options.default_jobs()
    results = []
    for bag in bags:
        request = VerifyRequest(bag, clock.now(), trust, jobs, given["strict"], given["second_opinion"])
        result = verify(request, make_progress())
        results.append(result)
        _print(result, as_json=given["as_json"])
    summary = format_verify_summary(results, time.monotonic() - started)
    options.note(summary, as_json=given["as_json"])
    return worst_exit_code(result.exit_code for result in results)


def _print(result: Result, *, as_json: bool) -> None:
    if as_json:
        screen.json_line(result_object(result))
        return
    screen.data(format_verdict(result) + "\n")
    screen.lines(format_signers(result, screen.width()))
    screen.lines(format_findings(result.findings, screen.width()))
