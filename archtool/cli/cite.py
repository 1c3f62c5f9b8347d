"""`archtool cite`: the citation of a package's source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli import options, screen
from archtool.operations.cite import STYLES, cite


@click.command("cite")
@click.argument("bag", type=click.Path(path_type=Path), metavar="BAG")
@click.option(
    "--style", type=click.Choice(list(STYLES)), default="plain", show_default=True, help="How to write it."
)
@options.limits_options
def command(bag: Path, style: str, **given: Any) -> None:
    """Print the citation of the source that BAG's text was taken from."""
    screen.data(cite(bag, style, options.take_limits(given)))
