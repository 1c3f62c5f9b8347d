"""`archtool holdings import`: rebuilds a register from an export."""

from __future__ import annotations

from pathlib import Path

import click

from archtool.cli.options import common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output
from archtool.files.paths import shown
from archtool.operations.holdings.import_register import import_register
from archtool.report.numbers import counted


@click.command("import")
@click.argument("export", type=ANY_PATH, metavar="EXPORT")
@click.option(
    "--register", "target", type=ANY_PATH, required=True, metavar="NEW", help="The new register's file."
)
@common.json_option
def command(export: Path, target: Path, *, as_json: bool) -> None:
    """Rebuild a register from EXPORT: the file, or the folder, that `archtool holdings export` made.

    \b
    archtool holdings import register.jsonl --register new.register

    Every event is checked: its form, its digest, that it follows the one before. The new register has the
    same events byte for byte, so heads and signatures that were kept elsewhere stay valid.
    """  # noqa: D301 - `\b` keeps the lines
    header = import_register(export, target)
    head = f"{header.events} sha256:{header.digest}"
    if as_json:
        output.json_line(
            {
                "schema": "archtool/register-import/1", "path": str(target), "register": header.register,
                "events": header.events, "head": head, "signatures": header.signatures,
            }
        )  # fmt: skip
        return
    counts = (counted(header.events, "event"), counted(header.signatures, "signature"))
    output.lines([f"rebuilt {shown(str(target))}: {' · '.join(counts)}", f"head: {head}"])
