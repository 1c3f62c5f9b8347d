"""`archtool new`: a commented description to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from archtool.cli import screen
from archtool.fixity.paths import shown
from archtool.operations.draft import draft


@click.command("new")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--force", is_flag=True, help="Write over a description that is there.")
def command(folder: Path, *, force: bool) -> None:
    """Write DIR/description.yaml, a commented description to fill in.

    It names the files that are in DIR. Nothing about the document is guessed.
    """
    path, _ = draft(folder, force=force)
    screen.data(f"wrote {shown(str(path))}\n")
    screen.message(f"fill it in, then look at it with: archtool check {shown(str(path))}")
