"""`archtool diff`: compares two bags."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from archtool.cli import defaults
from archtool.cli.options import clock, common
from archtool.cli.options.configuration.settings import configurable
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output
from archtool.operations.diff.compare import DiffRequest, diff
from archtool.report.result_json import result_object
from archtool.report.text.diff import format_diff, format_diff_summary


@click.command("diff")
@click.argument("one", type=ANY_PATH, metavar="ONE")
@click.argument("other", type=ANY_PATH, metavar="OTHER")
@common.trust_option
@common.revoked_option
@common.tsa_roots_option
@click.option("--by-manifest", is_flag=True, help="Compare the payload manifests; read no payload.")
@click.option(
    "--jobs",
    type=click.IntRange(1, defaults.MAX_JOBS),
    metavar="N",
    **configurable("jobs"),
    help="Number of threads; default: one per core.",
)
@click.option(
    "--sidecar",
    type=ANY_PATH,
    metavar="DIR",
    help="Folder of attestations beside ONE; default: ONE.attestations, if it exists.",
)
@click.option(
    "--other-sidecar",
    type=ANY_PATH,
    metavar="DIR",
    help="Folder of attestations beside OTHER; default: OTHER.attestations, if it exists.",
)
@common.limits_options
@common.json_option
def command(one: Path, other: Path, allowed: Path | None, revoked: Path | None, **given: Any) -> int:
    """Compare the bags ONE and OTHER: payload, metadata and trust.

    \b
    archtool diff letter-package /mnt/copy/letter-package
    archtool diff letter-1.tar letter-2.tar --by-manifest

    Each is a folder, or an archive of one (tar, tar.gz, tar.bz2, tar.xz, zip). Every file of both is read
    and compared by its bytes. A file that does not match its own manifest is reported as damaged, because it
    is not a new version. A file that only ONE has is missing, one that only OTHER has is added, one with
    another name is moved.

    Attestations beside a bag, in BAG.attestations, are compared as if they were inside.

    Exit codes: 0 no difference, 1 a difference or damage, 3 a file could not be read.
    """  # noqa: D301 - `\b` keeps the lines
    started = time.monotonic()
    sidecars = [path for path in (given["sidecar"], given["other_sidecar"]) if path is not None]
    request = DiffRequest(
        one=one,
        other=other,
        at=clock.now(),
        trust=common.load_trust((one, other, *sidecars), allowed, revoked, given["tsa_roots"]),
        by_manifest=given["by_manifest"],
        jobs=given["jobs"] or defaults.default_jobs(),
        limits=common.pop_limits(given),
        sidecar=given["sidecar"],
        other_sidecar=given["other_sidecar"],
    )
    result = diff(request, defaults.make_progress())
    if given["as_json"]:
        output.json_line(result_object(result))
        return result.exit_code
    output.lines(format_diff(result, output.width()))
    output.data(format_diff_summary(result, time.monotonic() - started) + "\n")
    return result.exit_code
