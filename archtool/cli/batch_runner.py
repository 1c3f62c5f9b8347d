"""Who does the jobs of a batch: the options that say it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from archtool.batch.pool import Pool
from archtool.batch.runners import InProcess, Runner
from archtool.cli import outfit


def runner_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `make_runner` understands."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option("--jobs", type=click.IntRange(1, 1024), metavar="N", help="Processes; default: the cores."),
    click.option(
        "--job-timeout", "timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
        help="End a job that takes longer, and go on with the others.",
    ),
)  # fmt: skip


def make_runner(given: dict[str, Any]) -> Runner:
    """The runner that was asked for: this process, or a pool of them."""
    jobs, timeout = given["jobs"] or outfit.default_jobs(), given["timeout"]
    return InProcess() if jobs == 1 and timeout is None else Pool(jobs, timeout)
