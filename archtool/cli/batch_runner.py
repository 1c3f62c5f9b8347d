"""Who does the jobs of a batch: the options that say it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from archtool.batch.pool import Pool
from archtool.batch.run import PACK
from archtool.batch.runners import InProcess, Runner
from archtool.cli import outfit

_WAITING_PER_CORE = 8


def runner_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `make_runner` understands."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option(
        "--jobs", type=click.IntRange(1, 1024), metavar="N",
        help="Processes; default: one for each core, or more where they wait for the disk.",
    ),
    click.option(
        "--job-timeout", "timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
        help="End a job that takes longer, and go on with the others.",
    ),
)  # fmt: skip


def make_runner(given: dict[str, Any]) -> Runner:
    """The runner that was asked for: this process, or a pool of them.

    Who waits for the disk keeps no core busy: where nobody chose their number, there are more processes than
    cores then.
    """
    waits = given["verb"] == PACK and not given["no_sync"] and not given["check_only"]
    jobs = given["jobs"] or outfit.default_jobs() * (_WAITING_PER_CORE if waits else 1)
    timeout = given["timeout"]
    return InProcess() if jobs == 1 and timeout is None else Pool(jobs, timeout)
