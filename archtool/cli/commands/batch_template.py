"""`archtool batch template`: writes tables to fill in."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click

from archtool.batch.sources.template import FORMATS, write_templates
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output as terminal
from archtool.files.paths import shown
from archtool.operations.pack.targets import check_name


@click.command("template")
@click.option(
    "-o", "--output", type=ANY_PATH, required=True, metavar="DIR",
    help="Folder to write the tables into.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default=FORMATS[0],
    help="Format of the tables: csv (default), tsv, or xlsx, one workbook with both as sheets.",
)  # fmt: skip
def template(output: Path, form: str) -> None:
    """Write tables to fill in: a table of packages, a table of annexes, and defaults for all packages.

    They contain an example that can be packed as it is. Existing files are never overwritten. docs/tables.md
    lists all columns.
    """
    check_name(output, None)
    written = write_templates(output, form)
    terminal.lines(f"wrote {shown(str(path))}" for path in written)
    table, *others = (quote(shown(str(path))) for path in written)
    annexes = f"--annexes {others[0]} " if form != "xlsx" else ""
    defaults = others[0] if form == "xlsx" else others[1]
    terminal.message("fill them in, then check them with:")
    terminal.message(f"  archtool batch {table} {annexes}--defaults {defaults} -o packages --check")
