"""The options that choose where the jobs of a batch run: this process, a pool, or a cluster."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from archtool.batch.journal.shards import Shard
from archtool.batch.run import PACK
from archtool.batch.runner import InProcess, Runner
from archtool.cli import defaults
from archtool.cli.options.configuration.settings import configurable, is_on_command_line
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.progress import Meter

_INPUTS = ("source", "files_root", "library")
_WAITING_PER_CORE = 8  # a process that waits for the disk keeps no core busy


def runner_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `make_runner` and `parse_shard` read."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option(
        "--jobs", type=click.IntRange(1, defaults.MAX_JOBS), metavar="N", **configurable("jobs"),
        help="Number of processes; default: one per core, or more if they wait for the disk.",
    ),
    click.option(
        "--job-timeout", "timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
        help="Stop a job that takes longer, and continue with the others.",
    ),
    click.option(
        "--shard", metavar="I/N",
        help="Do only share I of N of the jobs: N such runs, on any machines, complete the batch.",
    ),
    click.option(
        "--cluster", metavar="ADDRESS",
        help="Run the jobs on the workers of a Dask scheduler: tcp://HOST:PORT, tls://HOST:PORT, or the file"
        " of its --scheduler-file.",
    ),
    click.option("--tls-ca", type=ANY_PATH, metavar="FILE", help="The cluster's authority, in PEM."),
    click.option(
        "--tls-cert", type=ANY_PATH, metavar="FILE", help="Your certificate for the cluster, in PEM."
    ),
    click.option("--tls-key", type=ANY_PATH, metavar="FILE", help="Private key of your certificate, in PEM."),
)  # fmt: skip


def make_runner(given: dict[str, Any]) -> Runner:
    """Return the runner that the options choose.

    Without --jobs, a pool whose processes wait for the disk has more processes than cores. For a cluster the
    paths in `given` are made absolute.

    Raises:
        InputError: the scheduler's file, a certificate or a key cannot be used.
        UsageError: options contradict each other.
    """
    if given["cluster"] is not None:
        return _make_cluster(given)
    _refuse_tls_files(given)
    waits = given["verb"] == PACK and not given["no_sync"] and not given["check_only"]
    jobs = given["jobs"] or defaults.default_jobs() * (_WAITING_PER_CORE if waits else 1)
    return _make_pool(jobs, given["timeout"])


def make_reading_runner(
    given: dict[str, Any],
    reads: tuple[Path, ...],
    meter: Meter | None = None,
    *,
    jobs_per_process: int = 1,
) -> Runner:
    """Return the runner for jobs that write nothing; `reads` are the folders that every worker must have.

    Raises:
        InputError: the scheduler's file, a certificate or a key cannot be used.
        UsageError: options contradict each other.
    """
    if given["cluster"] is None:
        _refuse_tls_files(given)
        jobs = given["jobs"] or defaults.default_jobs()
        return _make_pool(jobs, given["timeout"], meter, jobs_per_process)
    # lazy: 70 ms, only --cluster needs it
    from archtool.batch.cluster.cluster import Cluster
    from archtool.cli.batch.cluster import find_scheduler

    _refuse_local_options()
    return Cluster(
        scheduler=find_scheduler(given["cluster"], given),
        output=None,
        reads=reads,
        keys=None,
        say=output.message,
        timeout_seconds=given["timeout"],
        wait_seconds=given["wait_seconds"],
    )


def _make_pool(
    jobs: int, timeout: float | None, meter: Meter | None = None, jobs_per_process: int = 1
) -> Runner:
    if jobs == 1 and timeout is None:
        return InProcess()
    from archtool.batch.pool import Pool  # lazy: 22 ms (multiprocessing)

    return Pool(jobs, timeout, meter, jobs_per_process=jobs_per_process)


def _refuse_tls_files(given: dict[str, Any]) -> None:
    if any(given[name] is not None for name in ("tls_ca", "tls_cert", "tls_key")):
        raise UsageError(
            "--tls-ca, --tls-cert and --tls-key require --cluster", hint="give --cluster tls://HOST:PORT"
        )


def _refuse_local_options() -> None:
    for name in ("jobs", "shard"):
        if is_on_command_line(name):
            raise UsageError(
                f"--{name} and --cluster contradict each other",
                hint="leave one of them out: a cluster runs as many processes as it has workers",
            )


def parse_shard(given: dict[str, Any]) -> Shard | None:
    """Return the share of the jobs that `--shard` names; `None` for all jobs.

    Raises:
        UsageError: there is no such share.
    """
    return None if given["shard"] is None else Shard.parse(given["shard"])


def _make_cluster(given: dict[str, Any]) -> Runner:
    # lazy: 70 ms, only --cluster needs it
    from archtool.batch.cluster.cluster import Cluster
    from archtool.cli.batch.cluster import check_authority_address, find_keys, find_scheduler

    _refuse_local_options()
    check_authority_address(given)
    place = find_scheduler(given["cluster"], given)
    for name in ("output", *_INPUTS):
        if given.get(name) is not None and str(given[name]) != "-":
            given[name] = given[name].absolute()
    return Cluster(
        scheduler=place,
        output=None if given["check_only"] else given["output"],
        reads=tuple(given[name] for name in _INPUTS if given.get(name) is not None and given[name].exists()),
        keys=find_keys(given),
        say=output.message,
        timeout_seconds=given["timeout"],
        wait_seconds=given["wait_seconds"],
    )
