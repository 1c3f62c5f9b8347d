"""`archtool diff`: what two bags have different."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from archtool.cli import clock, options, outfit, screen
from archtool.operations.diff.compare import DiffRequest, diff
from archtool.report.diff_text import format_diff, format_diff_summary
from archtool.report.result_json import result_object

_PATH = click.Path(path_type=Path)


@click.command("diff")
@click.argument("one", type=_PATH, metavar="ONE")
@click.argument("other", type=_PATH, metavar="OTHER")
@options.trust_option
@options.revoked_option
@options.tsa_roots_option
@click.option("--by-manifest", is_flag=True, help="Believe the payload manifests: read no payload.")
@click.option(
    "--jobs",
    type=click.IntRange(1, outfit.MAX_JOBS),
    metavar="N",
    help="Threads; default: one for each core.",
)
@click.option(
    "--sidecar",
    type=_PATH,
    metavar="DIR",
    help="The folder of attestations that lie beside ONE; default: ONE.attestations, where it is there.",
)
@click.option(
    "--other-sidecar",
    type=_PATH,
    metavar="DIR",
    help="The folder of attestations that lie beside OTHER; default: OTHER.attestations.",
)
@options.limits_options
@options.json_option
def command(one: Path, other: Path, allowed: Path | None, revoked: Path | None, **given: Any) -> int:
    """Say what the bags ONE and OTHER have different: payload, metadata, trust.

    Each is a folder, or an archive of one (tar, tar.gz, tar.bz2, tar.xz, zip). Every file of both is read
    and compared by its bytes; a file that its own manifest contradicts is called damaged, for that is not
    a new version. Missing is what only ONE has, added what only OTHER has, moved what has another name.

    Attestations that lie beside a bag, in BAG.attestations, are compared as if they were in it.

    Exit codes: 0 no difference, 1 something differs or is damaged, 3 something could not be read.
    """
    started = time.monotonic()
    sidecars = [path for path in (given["sidecar"], given["other_sidecar"]) if path is not None]
    request = DiffRequest(
        one=one,
        other=other,
        at=clock.now(),
        trust=options.load_trust((one, other, *sidecars), allowed, revoked, given["tsa_roots"]),
        by_manifest=given["by_manifest"],
        jobs=given["jobs"] or outfit.default_jobs(),
        limits=options.take_limits(given),
        sidecar=given["sidecar"],
        other_sidecar=given["other_sidecar"],
    )
    result = diff(request, outfit.make_progress())
    if given["as_json"]:
        screen.json_line(result_object(result))
        return result.exit_code
    screen.lines(format_diff(result, screen.width()))
    screen.data(format_diff_summary(result, time.monotonic() - started) + "\n")
    return result.exit_code
