"""The options of `pack` and `batch` that decide what happens to an old package that has attestations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from archtool.errors import UsageError
from archtool.operations.pack.predecessor import OldAttestations

_KEEP = click.option(
    "--keep-predecessor",
    is_flag=True,
    help="Replace an old package, and keep it unchanged beside the new one, as NAME.predecessor-1.",
)
_DISCARD = click.option(
    "--discard-attestations",
    is_flag=True,
    help="Replace an old package even if it has attestations beyond its packaging; delete them.",
)


def replacement_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `pop_old_attestations` reads."""
    return _KEEP(_DISCARD(command))


def pop_old_attestations(given: dict[str, Any]) -> OldAttestations:
    """Return what to do with old attestations, and remove both options from `given`.

    Raises:
        UsageError: both options are given.
    """
    keep, discard = given.pop("keep_predecessor"), given.pop("discard_attestations")
    if keep and discard:
        raise UsageError(
            "--keep-predecessor and --discard-attestations contradict each other", hint="give one of them"
        )
    if keep:
        return OldAttestations.KEEP
    return OldAttestations.DISCARD if discard else OldAttestations.REFUSE
