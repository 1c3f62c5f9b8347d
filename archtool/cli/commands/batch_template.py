"""`archtool batch template`: tables to fill in."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click

from archtool.batch.sources.template import FORMATS, write_templates
from archtool.cli.terminal import output as screen
from archtool.files.paths import shown
from archtool.operations.pack.targets import check_name


@click.command("template")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="DIR",
    help="The folder that they are written into.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default=FORMATS[0],
    help="Of the tables: csv (default), tsv, or xlsx, which has both as sheets.",
)  # fmt: skip
def template(output: Path, form: str) -> None:
    """Write tables to fill in: one row for each package, one for each annexe, and what holds for all.

    They hold an example, which is packed as it stands. Nothing that is there is ever written over. Which
    columns there may be: docs/tables.md.
    """
    check_name(output, None)
    written = write_templates(output, form)
    screen.lines(f"wrote {shown(str(path))}" for path in written)
    table, *others = (quote(shown(str(path))) for path in written)
    annexes = f"--annexes {others[0]} " if form != "xlsx" else ""
    defaults = others[0] if form == "xlsx" else others[1]
    screen.message("fill them in, then look at them with:")
    screen.message(f"  archtool batch {table} {annexes}--defaults {defaults} -o packages --check")
