"""What becomes of an old package that carries attestations: the options of `pack` and `batch` that say it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from archtool.errors import UsageError
from archtool.operations.pack.predecessor import OldAttestations

_KEEP = click.option(
    "--keep-predecessor",
    is_flag=True,
    help="Replace an old package, and keep it whole beside the new one, as NAME.predecessor-1.",
)
_DISCARD = click.option(
    "--discard-attestations",
    is_flag=True,
    help="Replace an old package even if it carries attestations beyond its packaging; they are given up.",
)


def replacement_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `take_old_attestations` understands."""
    return _KEEP(_DISCARD(command))


def take_old_attestations(given: dict[str, Any]) -> OldAttestations:
    """Return what the options say, and take them out of `given`.

    Raises:
        UsageError: both were given.
    """
    keep, discard = given.pop("keep_predecessor"), given.pop("discard_attestations")
    if keep and discard:
        raise UsageError(
            "--keep-predecessor and --discard-attestations contradict each other", hint="give one of them"
        )
    if keep:
        return OldAttestations.KEEP
    return OldAttestations.DISCARD if discard else OldAttestations.REFUSE
