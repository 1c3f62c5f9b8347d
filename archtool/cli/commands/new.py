"""`archtool new`: writes a commented description to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output
from archtool.files.paths import shown
from archtool.operations.describe.draft import draft


@click.command("new")
@click.argument("folder", type=ANY_PATH, metavar="DIR")
@click.option("--force", is_flag=True, help="Overwrite an existing description.")
def command(folder: Path, *, force: bool) -> None:
    """Write DIR/description.yaml, a commented description to fill in.

    It lists the files in DIR. Nothing about the document is guessed.

    If DIR is a bag from another tool (a folder or an archive), the description is written beside it, as
    DIR.description.yaml, and lists its payload files: pack it with --from-bag. Nothing is written into a bag.
    """
    written = draft(folder, force=force)
    path = shown(str(written.path))
    output.data(f"wrote {path}\n")
    if written.bag is None:
        output.message(f"fill it in, then check it with: archtool check {path}")
        return
    bag = shown(str(written.bag))
    output.message(f"{bag} is a bag: nothing was written into it")
    output.message(f"fill it in, then make a package with: archtool pack {path} --from-bag {bag} -o PACKAGE")
