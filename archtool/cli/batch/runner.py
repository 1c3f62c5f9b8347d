"""Who does the jobs of a batch: the options that say it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from archtool.batch.journal.shards import Shard
from archtool.batch.run import PACK
from archtool.batch.runner import InProcess, Runner
from archtool.cli import defaults
from archtool.cli.terminal import output
from archtool.errors import UsageError

_PATH = click.Path(path_type=Path)
_READ = ("source", "files_root", "library")
_WAITING_PER_CORE = 8


def runner_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `make_runner` and `take_shard` understand."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option(
        "--jobs", type=click.IntRange(1, defaults.MAX_JOBS), metavar="N",
        help="Processes; default: one for each core, or more where they wait for the disk.",
    ),
    click.option(
        "--job-timeout", "timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
        help="End a job that takes longer, and go on with the others.",
    ),
    click.option(
        "--shard", metavar="I/N",
        help="Do only the Ith of N shares of the jobs: N such runs, on any machines, make up the batch.",
    ),
    click.option(
        "--cluster", metavar="ADDRESS",
        help="Let the workers of a Dask scheduler do the jobs: tcp://HOST:PORT, tls://HOST:PORT, or the file"
        " of its --scheduler-file.",
    ),
    click.option("--tls-ca", type=_PATH, metavar="FILE", help="Who vouches for the cluster, in PEM."),
    click.option("--tls-cert", type=_PATH, metavar="FILE", help="Your certificate for the cluster, in PEM."),
    click.option("--tls-key", type=_PATH, metavar="FILE", help="The key of that certificate, in PEM."),
)  # fmt: skip


def make_runner(given: dict[str, Any]) -> Runner:
    """The runner that was asked for: this process, a pool of them, or a cluster.

    Who waits for the disk keeps no core busy: where nobody chose their number, there are more processes than
    cores then. For a cluster the paths in `given` are made to mean the same everywhere.

    Raises:
        InputError: the scheduler's file, a certificate or a key cannot be used.
        UsageError: options that do not go together.
    """
    if given["cluster"] is not None:
        return _make_cluster(given)
    if any(given[name] is not None for name in ("tls_ca", "tls_cert", "tls_key")):
        raise UsageError("certificates are for --cluster, and none is named", hint="give --cluster tls://…")
    waits = given["verb"] == PACK and not given["no_sync"] and not given["check_only"]
    jobs = given["jobs"] or defaults.default_jobs() * (_WAITING_PER_CORE if waits else 1)
    timeout = given["timeout"]
    if jobs == 1 and timeout is None:
        return InProcess()
    from archtool.batch.pool import Pool

    return Pool(jobs, timeout)


def take_shard(given: dict[str, Any]) -> Shard | None:
    """The share of the jobs that was asked for.

    Raises:
        UsageError: there is no such share.
    """
    return None if given["shard"] is None else Shard.parse(given["shard"])


def _make_cluster(given: dict[str, Any]) -> Runner:
    from archtool.batch.cluster.cluster import Cluster
    from archtool.cli.batch.cluster import find_keys, find_place, refuse_secret_address

    for name in ("jobs", "shard"):
        if given[name] is not None:
            raise UsageError(
                f"--{name} says who does the jobs, and so does --cluster",
                hint="leave one of them out: a cluster has as many processes as it has workers",
            )
    refuse_secret_address(given)
    place = find_place(given["cluster"], given)
    for name in ("output", *_READ):
        if given.get(name) is not None and str(given[name]) != "-":
            given[name] = given[name].absolute()
    return Cluster(
        place=place,
        output=None if given["check_only"] else given["output"],
        reads=tuple(given[name] for name in _READ if given.get(name) is not None and given[name].exists()),
        keys=find_keys(given),
        say=output.message,
        timeout_seconds=given["timeout"],
        wait_seconds=given["wait_seconds"],
    )
