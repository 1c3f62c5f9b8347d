"""The options that choose how much of a bag is read."""

from __future__ import annotations

import click

from archtool.errors import UsageError
from archtool.operations.verify.request import Depth

complete_option = click.option(
    "--complete", is_flag=True, help="Check presence and sizes only; do not read the payload."
)
fast_option = click.option(
    "--fast", is_flag=True, help="Check structure and oxum only; compare no file with its digest."
)


def depth_of(*, complete: bool, fast: bool) -> Depth:
    """Return how much of a bag to read.

    Raises:
        UsageError: both options are given.
    """
    if complete and fast:
        raise UsageError("--complete and --fast contradict each other", hint="give one of them")
    return Depth.COMPLETE if complete else Depth.FAST if fast else Depth.FULL
