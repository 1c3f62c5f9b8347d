"""`archtool batch`: many packages in one run, which can be interrupted and gone on with."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

import click

from archtool import __version__
from archtool.batch.discovery import find_jobs
from archtool.batch.job import Job, Outcome
from archtool.batch.pool import Pool
from archtool.batch.run import BatchRequest, refused, run_batch
from archtool.batch.runners import InProcess, Runner
from archtool.batch.verbs import Existing, PackEach
from archtool.cli import clock, options, outfit, screen
from archtool.cli.job_bar import JobBar
from archtool.cli.pack import parse_algorithms
from archtool.cli.secrets import load_signers, passphrase_file_option
from archtool.errors import ExitCode
from archtool.report.batch_text import format_batch_summary
from archtool.report.result_json import finding_object

RESULT_SCHEMA = "archtool/batch/1"
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
@click.option("--jobs", type=click.IntRange(1, 1024), metavar="N", help="Processes; default: the cores.")
@click.option(
    "--job-timeout", "timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
    help="End a job that takes longer, and go on with the others.",
)  # fmt: skip
@click.option("--fail-fast", is_flag=True, help="Begin no further job after the first failure.")
@click.option(
    "--max-failures", type=click.IntRange(min=1), metavar="N", help="Begin no further job after N failures."
)
@click.option("--check", "check_only", is_flag=True, help="Look at everything, write nothing.")
@click.option("--no-sync", is_flag=True, help="Do not wait for the disk: a power cut may leave empty files.")
@options.wait_option
@options.strict_option
def command(
    source: Path, keys: tuple[str, ...], names: tuple[str, ...], passphrase_file: Path | None, **given: Any
) -> int:
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
    signers = load_signers(keys, names, passphrase_file)
    now = clock.now()
    jobs = find_jobs(source, given["output"], given["pattern"])

    def verb(packaged_at: datetime) -> PackEach:
        return PackEach(
            output=given["output"], packaged_at=packaged_at, now=now,
            software_version=__version__, signers=signers,
            algorithms=parse_algorithms(given["algorithms"]), files_root=given["files_root"],
            library=given["library"], existing=Existing(given["existing"]),
            retry_failed=given["retry"] is not None, sync=not given["no_sync"], strict=given["strict"],
            check_only=given["check_only"],
        )  # fmt: skip

    request = BatchRequest(
        jobs=jobs,
        output=given["output"],
        verb=verb,
        runner=_runner(given["jobs"] or outfit.default_jobs(), given["timeout"]),
        packaged_at=clock.packaging_date(given["date"]),
        is_dated=given["date"] is not None or clock.fixed_date() is not None,
        wait_seconds=given["wait_seconds"],
        max_failures=1 if given["fail_fast"] else given["max_failures"],
        sync=not given["no_sync"],
        check_only=given["check_only"],
    )
    return _tell(jobs, request, started)


def _runner(jobs: int, timeout: float | None) -> Runner:
    return InProcess() if jobs == 1 and timeout is None else Pool(jobs, timeout)


def _tell(jobs: Sequence[Job], request: BatchRequest, started: float) -> int:
    counts = Counter({"done": 0, "failed": 0, "left": 0, "not-begun": len(jobs)})
    size_bytes = 0
    with JobBar(len(jobs)) as bar:
        for outcome in chain(refused(jobs), run_batch(request, screen.message)):
            screen.json_line(outcome_object(outcome))
            bar.advance(outcome.size_bytes, is_failure=outcome.is_failure)
            counts[_counted_as(outcome)] += 1
            counts["not-begun"] -= 1
            size_bytes += outcome.size_bytes
    screen.message(format_batch_summary(counts, size_bytes, time.monotonic() - started))
    return ExitCode.BATCH_HAS_FAILURES if counts["failed"] or counts["not-begun"] else ExitCode.DONE


def _counted_as(outcome: Outcome) -> str:
    return "failed" if outcome.is_failure else outcome.ending.value


def outcome_object(outcome: Outcome) -> dict[str, Any]:
    """The line of one job."""
    return {
        "schema": RESULT_SCHEMA,
        "job": outcome.key,
        "ending": outcome.ending.value,
        "exit_code": outcome.exit_code,
        "message": outcome.message,
        "hint": outcome.hint,
        "findings": [finding_object(finding) for finding in outcome.findings],
        "facts": outcome.facts,
        "seconds": round(outcome.seconds, 3),
        "bytes": outcome.size_bytes,
    }
