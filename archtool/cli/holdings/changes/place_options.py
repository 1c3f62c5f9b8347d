"""The options that name a place on a medium: `--medium`, `--path`, `--at`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from archtool.cli.options.paths import ANY_PATH
from archtool.errors import UsageError
from archtool.holdings.places import MediumPlace
from archtool.operations.holdings.changes.copies import NewPlace


def medium_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for a copy on a medium that is not always connected."""
    for option in (
        click.option(
            "--at", "mounted_at", type=ANY_PATH, metavar="DIR",
            help="Where the medium is mounted now; without it, nothing is compared.",
        ),
        click.option("--path", "medium_path", metavar="PATH", help="With --medium: the path on the medium."),
        click.option(
            "--medium", "label", metavar="LABEL", help="The copy is on a medium: a tape, a disk."
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def new_place(path: Path | None, given: dict[str, Any]) -> NewPlace | None:
    """Return the place that a path or the options for a medium name; `None` if they name none.

    Raises:
        UsageError: both are given, or only a part of the options for a medium.
        InputError: the label or the path cannot be used.
    """
    label, inside, mounted_at = (given.pop(name) for name in ("label", "medium_path", "mounted_at"))
    if label is None:
        if inside is not None or mounted_at is not None:
            raise UsageError("--path and --at need --medium", hint="name the medium with --medium LABEL")
        return NewPlace.at_path(path) if path is not None else None
    if path is not None:
        raise UsageError("a path and --medium are given", hint="give one of them")
    if inside is None:
        raise UsageError("--medium needs --path", hint="name the path on the medium with --path PATH")
    return NewPlace.on_medium(MediumPlace.parse(label, inside), mounted_at)
