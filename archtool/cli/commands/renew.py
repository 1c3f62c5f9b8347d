"""`archtool renew`: proves with one timestamp since when many packages exist, and renews the proof."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from archtool.cli import defaults
from archtool.cli.options import clock, common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.subjects import select_packages
from archtool.cli.options.timestamping import make_timestamp_client, timestamp_options
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.exit_codes import worst_exit_code
from archtool.operations.attest.locked_package import Lock
from archtool.operations.timestamp.renew import RenewRequest, parse_digest_name, renew
from archtool.report.result_json import result_object
from archtool.report.text.renew import format_renew_summary, format_renewal
from archtool.report.text.result import format_findings


@click.command("renew")
@click.argument("bags", type=ANY_PATH, nargs=-1, required=True, metavar="BAG...")
@timestamp_options("--timestamp", "--timestamp-command")
@click.option(
    "--algorithm",
    metavar="A",
    help="Digest algorithm: sha256, sha384 or sha512; default: that of the last record, or sha512.",
)
@click.option("--new", "make_new", is_flag=True, help="Make a new record even if one can be renewed.")
@common.tsa_roots_option
@common.concurrency_options
@common.wait_option
@common.json_option
def command(bags: tuple[Path, ...], tsa_roots: Path | None, *, as_json: bool, **given: Any) -> int:
    """Prove since when each BAG exists, with one timestamp for all of them.

    \b
    archtool renew packages/* --timestamp https://tsa.example.org/

    Each package gets an evidence record (RFC 4998), evidence/NNNN.ers, that is valid without the others. The
    first record covers all files of the package. Run this command again before the certificates of the last
    timestamp expire: the record is renewed by a timestamp of the last one, and no payload is read. With
    another --algorithm everything is read again: do this before the old digest algorithm becomes too weak.

    A package with attestations newer than its record gets a new record. A package that is damaged is left
    out; the others are still renewed.
    """  # noqa: D301 - `\b` keeps the lines
    started = time.monotonic()
    timestamp_client = make_timestamp_client(given, common.load_authorities(tsa_roots, bags))
    if timestamp_client is None:
        raise UsageError(
            "--timestamp or --timestamp-command is missing",
            hint="give --timestamp URL or --timestamp-command CMD",
        )
    algorithm, make_new = parse_digest_name(given.pop("algorithm")), given.pop("make_new")
    # a package that is named twice is renewed once
    roots = tuple({bag.resolve(): bag for bag in select_packages(bags)}.values())
    lock = Lock(given["wait_seconds"], output.message)
    request = RenewRequest(
        roots, timestamp_client, clock.now(), lock, algorithm, make_new, common.pop_concurrency(given)
    )
    results = renew(request, defaults.make_progress())
    for result in results:
        if as_json:
            output.json_line(result_object(result))
        else:
            width = output.width()
            output.lines((*format_renewal(result, width), *format_findings(result.findings, width)))
    defaults.note(format_renew_summary(results, time.monotonic() - started), as_json=as_json)
    return worst_exit_code(result.exit_code for result in results)
