"""`archtool unpack`: extracts a bag from its archive."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from archtool.cli import defaults
from archtool.cli.options import common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output
from archtool.operations.unpack import UnpackRequest, unpack
from archtool.operations.unpack_payload import unpack_payload
from archtool.report.result_json import result_object
from archtool.report.text.result import format_payload_summary, format_unpack_summary


@click.command("unpack")
@click.argument("archive", type=ANY_PATH, metavar="ARCHIVE")
@click.option(
    "-o", "--output", "target", type=ANY_PATH, required=True, metavar="BAG", help="Path of the new folder."
)
@click.option(
    "--payload-only", is_flag=True,
    help="Write only the payload, as plain files; ARCHIVE can also be the folder of a bag, which must be "
    "valid.",
)  # fmt: skip
@click.option(
    "--no-sync", is_flag=True, help="Do not wait for the disk; after a power failure, files can be empty."
)
@common.limits_options
@common.json_option
def command(
    archive: Path, target: Path, *, as_json: bool, no_sync: bool, payload_only: bool, **given: Any
) -> int:
    """Extract the bag in ARCHIVE (tar, tar.gz, tar.bz2, tar.xz, zip) to the new folder BAG.

    \b
    archtool unpack letter-package.tar -o letter-package

    BAG appears complete or not at all. An archive is refused if it contains links, devices, repeated names or
    names that lead out of it, or if it expands too far. The content of the bag is not checked: run
    `archtool verify`.

    With --payload-only the new folder contains what is below data/ in the bag: plain files with their names
    and modification times. Every file is compared with its digests, and nothing is written if the bag is not
    valid. Signatures and the description are not checked; they stay in the bag, which must be kept.
    """  # noqa: D301 - `\b` keeps the lines
    started = time.monotonic()
    request = UnpackRequest(archive, target, common.pop_limits(given), sync=not no_sync)
    run, summary = (
        (unpack_payload, format_payload_summary) if payload_only else (unpack, format_unpack_summary)
    )
    result = run(request, defaults.make_progress())
    if as_json:
        output.json_line(result_object(result))
        return result.exit_code
    output.findings(result.findings)
    output.lines(summary(result, time.monotonic() - started))
    return result.exit_code
