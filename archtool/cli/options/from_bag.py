"""The option `--from-bag`: the files of a document are the payload of a bag that another tool made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from archtool.cli.options.paths import ANY_PATH
from archtool.errors import UsageError


def from_bag_option(help_text: str) -> Callable[..., Any]:
    """Return the option, with the help for one command."""
    return click.option("--from-bag", type=ANY_PATH, metavar="BAG", help=help_text)


def refuse_files_and_bag(files_root: Path | None, from_bag: Path | None) -> None:
    """Refuse two places of the same files.

    Raises:
        UsageError: both a folder and a bag are given.
    """
    if files_root is not None and from_bag is not None:
        raise UsageError("--files and --from-bag contradict each other", hint="give one of them")
