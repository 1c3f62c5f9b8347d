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

replay_option = click.option(
    "--replay",
    is_flag=True,
    help="Replay the repairs of texts from their originals, and undo them; both must give the same bytes.",
)


def depth_of(*, complete: bool, fast: bool) -> Depth:
    """Return how much of a bag to read.

    Raises:
        UsageError: both options are given.
    """
    if complete and fast:
        raise UsageError("--complete and --fast contradict each other", hint="give one of them")
    return Depth.COMPLETE if complete else Depth.FAST if fast else Depth.FULL


def replays(depth: Depth, *, replay: bool) -> bool:
    """Return whether repairs are to be replayed.

    Raises:
        UsageError: the payload is not read.
    """
    if replay and depth is not Depth.FULL:
        raise UsageError(
            f"--replay needs the texts themselves, but --{depth.name.lower()} does not read the payload",
            hint="give one of them",
        )
    return replay
