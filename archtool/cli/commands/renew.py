"""`archtool renew`: one timestamp that proves since when many packages are there."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from archtool.cli import defaults
from archtool.cli.options import clock, common
from archtool.cli.options.subjects import packages_among
from archtool.cli.options.timestamping import make_stamper, timestamp_options
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.exit_codes import worst_exit_code
from archtool.report.result_json import result_object
from archtool.report.text.renew import format_renew_summary, format_renewal
from archtool.report.text.result import format_findings

_PATH = click.Path(path_type=Path)


@click.command("renew")
@click.argument("bags", type=_PATH, nargs=-1, required=True, metavar="BAG...")
@timestamp_options("--timestamp", "--timestamp-command")
@click.option(
    "--algorithm", metavar="A", help="Digest: sha256, sha384 or sha512; default: as before, sha512."
)
@click.option("--new", "make_new", is_flag=True, help="Make a new record, also where one could be renewed.")
@common.tsa_roots_option
@common.effort_options
@common.wait_option
@common.json_option
def command(bags: tuple[Path, ...], tsa_roots: Path | None, *, as_json: bool, **given: Any) -> int:
    """Prove since when each BAG is there, by one timestamp for all of them.

    Each package gets an evidence record (RFC 4998), evidence/NNNN.ers, that is good without the others. The
    first one is over all its files. Run this again before the certificates of the last timestamp end: the
    record is renewed by a timestamp of that one, and no payload is read. With another --algorithm everything
    is read again: do this before the old digest becomes too weak.

    A package with newer attestations than its record gets a new one. A package that does not hold is left
    out, and the others are renewed all the same.
    """
    started = time.monotonic()
    timestamp_client = make_stamper(given, common.load_authorities(tsa_roots, bags))
    if timestamp_client is None:
        raise UsageError(
            "it must be said who gives the timestamp", hint="give --timestamp URL or --timestamp-command CMD"
        )
    from archtool.operations.attest.locked_package import Lock
    from archtool.operations.timestamp.renew import RenewRequest, digest_named, renew

    algorithm, make_new = digest_named(given.pop("algorithm")), given.pop("make_new")
    # one that is named twice is one package
    roots = tuple({bag.resolve(): bag for bag in packages_among(bags)}.values())
    lock = Lock(given["wait_seconds"], output.message)
    request = RenewRequest(
        roots, timestamp_client, clock.now(), lock, algorithm, make_new, common.take_effort(given)
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
