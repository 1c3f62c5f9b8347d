"""`archtool holdings export`: writes all events, and on request the tables, of a register."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli.options import common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.register import open_to_read
from archtool.cli.options.registers.register_path import register_option
from archtool.cli.terminal import output
from archtool.files.paths import shown
from archtool.operations.holdings.export_register import export_register
from archtool.report.numbers import counted


@click.command("export")
@click.argument("target", type=ANY_PATH, metavar="FILE.jsonl|DIR")
@register_option
@common.json_option
def command(target: Path, *, as_json: bool, **given: Any) -> None:
    """Write all events of the register to FILE.jsonl, or to the new folder DIR with tables for spreadsheets.

    \b
    archtool holdings export register.jsonl
    archtool holdings export tables

    The JSON Lines contain every event byte for byte as it was hashed, its digest, and the signatures on
    heads: `archtool holdings import` rebuilds the register from them. DIR contains them as register.jsonl,
    and holdings.csv, copies.csv and events.csv.
    """  # noqa: D301 - `\b` keeps the lines
    with open_to_read(given) as register:
        done = export_register(register, target)
    header = done.header
    if as_json:
        output.json_line(
            {
                "schema": "archtool/register-export/1", "path": str(target), "register": header.register,
                "events": header.events, "head": f"{header.events} sha256:{header.digest}",
                "signatures": header.signatures, "holdings": done.holdings, "copies": done.copies,
            }
        )  # fmt: skip
        return
    counts = (counted(header.events, "event"), counted(header.signatures, "signature"))
    output.lines([f"exported to {shown(str(target))}: {' · '.join(counts)}"])
    output.message("exported as it is, not verified; to verify the register: archtool holdings verify")
