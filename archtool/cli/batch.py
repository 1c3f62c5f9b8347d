"""`archtool batch`: many packages in one run, which can be interrupted and gone on with."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from archtool.batch.pack_each import Existing
from archtool.batch.run import BatchRequest, run_batch
from archtool.cli import clock, options, screen
from archtool.cli.batch_runner import make_runner, runner_options
from archtool.cli.batch_source import find_plan
from archtool.cli.batch_tell import tell_outcomes
from archtool.cli.batch_verb import make_packing
from archtool.cli.secrets import passphrase_file_option

_PATH = click.Path(path_type=Path)


@click.command("batch")
@click.argument("source", type=_PATH, metavar="SOURCE")
@click.option("-o", "--output", type=_PATH, required=True, metavar="DIR", help="Where the packages go.")
@click.option("--match", "pattern", metavar="PATTERN", help="How descriptions are called, as '*.yaml'.")
@options.sign_option
@click.option(
    "--signer", "names", multiple=True, metavar="NAME", help="Who signs; default: the key's comment."
)
@passphrase_file_option
@click.option(
    "--algorithm", "algorithms", multiple=True, metavar="A", help="Digest algorithm; default: sha512."
)
@click.option("--date", metavar="DATE", help="The date of all packages; default: that of the first run.")
@options.files_option
@options.library_option
@click.option(
    "--existing",
    type=click.Choice([one.value for one in Existing]),
    default=Existing.ERROR.value,
    help="What to do with a package that is there and is not of this batch; default: error.",
)
@click.option("--retry", type=click.Choice(["failed"]), help="Try again what failed with the same inputs.")
@runner_options
@click.option("--fail-fast", is_flag=True, help="Begin no further job after the first failure.")
@click.option(
    "--max-failures", type=click.IntRange(min=1), metavar="N", help="Begin no further job after N failures."
)
@click.option("--check", "check_only", is_flag=True, help="Look at everything, write nothing.")
@click.option("--no-sync", is_flag=True, help="Do not wait for the disk: a power cut may leave empty files.")
@options.wait_option
@options.strict_option
def command(source: Path, **given: Any) -> int:
    """Make a package below DIR from each description below the folder SOURCE.

    A description is called description.yaml (or .yml, .json): its package is called like the folder that it
    lies in. Or it is called NAME.description.yaml, for the package NAME.

    One JSON object for each job goes to stdout as the job ends, with its own exit code. DIR keeps a journal:
    the same command again does what is left and what has changed since. What failed is tried again once its
    inputs change, or with --retry failed. A job that crashes or hangs is one failed job. All packages bear
    the date of the first run.

    Exit codes: 0 all is done, 6 some jobs failed (each has its own code in its line).
    """
    started = time.monotonic()
    plan = find_plan(source, given["output"], given)
    request = BatchRequest(
        plan=plan,
        output=given["output"],
        verb=make_packing(given),
        runner=make_runner(given),
        packaged_at=clock.packaging_date(given["date"]),
        is_dated=given["date"] is not None or clock.fixed_date() is not None,
        wait_seconds=given["wait_seconds"],
        max_failures=1 if given["fail_fast"] else given["max_failures"],
        sync=not given["no_sync"],
        check_only=given["check_only"],
    )
    outcomes = run_batch(request, screen.message)
    return tell_outcomes(outcomes, plan.count, "packing", lambda: time.monotonic() - started)
