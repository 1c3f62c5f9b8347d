"""`archtool fetch`: downloads the files that a bag lists in fetch.txt."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from archtool.cli import defaults
from archtool.cli.options import common
from archtool.cli.options.byte_size import SIZE_HELP, ByteSize
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output
from archtool.download.fetch_policy import (
    DEFAULT_JOBS,
    DEFAULT_MAX_SIZE_BYTES,
    DEFAULT_MAX_TOTAL_BYTES,
    DEFAULT_TIMEOUT_SECONDS,
    FILE_SCHEME,
    HTTP_SCHEMES,
    FetchPolicy,
)
from archtool.download.limits import MAX_JOBS
from archtool.exit_codes import worst_exit_code
from archtool.files.paths import shown
from archtool.operations.fetch import FetchRequest, fetch
from archtool.report.result_json import result_object
from archtool.report.text.fetch import format_fetch_summary, format_planned_fetch
from archtool.report.text.result import format_findings
from archtool.report.text.verify import format_verdict
from archtool.results import Result

MIN_TIMEOUT_SECONDS = 0.1


@click.command("fetch")
@click.argument("bags", type=ANY_PATH, nargs=-1, required=True, metavar="BAG...")
@click.option(
    "--dry-run", is_flag=True, help="List what would be downloaded; contact no server, write nothing."
)
@click.option(
    "--allow-scheme", "schemes", multiple=True, type=click.Choice([FILE_SCHEME]),
    help="Also allow URLs of this scheme: files on this machine.",
)  # fmt: skip
@click.option("--allow-private", is_flag=True, help="Allow servers in your own network and on this machine.")
@click.option(
    "--max-size", default=DEFAULT_MAX_SIZE_BYTES, type=ByteSize(0), metavar="SIZE",
    help=f"Limit for a file whose length fetch.txt does not give; default: 10GiB. {SIZE_HELP}.",
)  # fmt: skip
@click.option(
    "--max-total", default=DEFAULT_MAX_TOTAL_BYTES, type=ByteSize(0), metavar="SIZE",
    help="Limit for all downloads of one bag; default: 1TiB.",
)  # fmt: skip
@click.option(
    "--timeout", type=click.FloatRange(MIN_TIMEOUT_SECONDS), default=DEFAULT_TIMEOUT_SECONDS,
    metavar="SECONDS", help="How long to wait for a server that sends nothing, or too little; default: 60.",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(1, MAX_JOBS), default=DEFAULT_JOBS, metavar="N",
    help="Files to download in parallel; default: 4.",
)  # fmt: skip
@common.strict_option
@common.json_option
def command(bags: tuple[Path, ...], **given: Any) -> int:
    """Download the files that fetch.txt of each BAG lists and that are missing.

    \b
    archtool fetch holey-bag --dry-run
    archtool fetch holey-bag

    A file appears in the bag only if it has the declared length and every digest of the manifests. Existing
    files are never replaced, and fetch.txt is not changed. To resume an interrupted run, run the same command
    again: until then, partial downloads are kept beside the bag, in a folder `.archtool-fetch-…`.

    Only http and https and only public addresses are contacted, unless options allow more. The same rules
    apply to redirects.
    """  # noqa: D301 - `\b` keeps the lines
    started = time.monotonic()
    policy = FetchPolicy(
        schemes=HTTP_SCHEMES.union(given["schemes"]),
        allow_private=given["allow_private"],
        max_size_bytes=given["max_size"],
        max_total_bytes=given["max_total"],
        timeout_seconds=given["timeout"],
    )
    results = []
    for bag in bags:
        request = FetchRequest(bag, policy, given["jobs"], given["dry_run"], given["strict"])
        result = fetch(request, defaults.make_progress())
        results.append(result)
        _print(result, as_json=given["as_json"])
    defaults.note(format_fetch_summary(results, time.monotonic() - started), as_json=given["as_json"])
    if not given["dry_run"]:
        defaults.note(_advice(bags), as_json=given["as_json"])
    return worst_exit_code(result.exit_code for result in results)


def _print(result: Result, *, as_json: bool) -> None:
    if as_json:
        output.json_line(result_object(result))
        return
    output.data(format_verdict(result.subject, result.verdict) + "\n")
    output.lines(format_planned_fetch(result))
    output.lines(format_findings(result.findings, output.width()))


def _advice(bags: tuple[Path, ...]) -> str:
    return f"to check the result, run: archtool verify {' '.join(shown(str(bag)) for bag in bags)}"
