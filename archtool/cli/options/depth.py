"""The options that say how much of a bag is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archtool.errors import UsageError

if TYPE_CHECKING:
    from archtool.operations.verify.request import Depth

complete_option = click.option(
    "--complete", is_flag=True, help="Presence and sizes only: the payload's bytes are not read."
)
fast_option = click.option(
    "--fast", is_flag=True, help="Structure and oxum only: no file is held against a digest."
)


def depth_of(*, complete: bool, fast: bool) -> Depth:
    """How much to read.

    Raises:
        UsageError: both options were given.
    """
    from archtool.operations.verify.request import Depth

    if complete and fast:
        raise UsageError("--complete and --fast contradict each other", hint="give one of them")
    return Depth.COMPLETE if complete else Depth.FAST if fast else Depth.FULL
