"""`archtool holdings adopt`: registers all packages below a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli import defaults
from archtool.cli.holdings.intake import IntakePrinter, intake_of, intake_options
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.register import open_to_write
from archtool.operations.holdings.intake.adopt import Adoption


@click.command("adopt")
@click.argument("folder", type=ANY_PATH, metavar="DIR")
@intake_options
def command(folder: Path, jobs: int | None, *, as_json: bool, **given: Any) -> int:
    """Register all packages below DIR, and DIR as a shelf.

    Packages are folders or archives, of archtool or of other tools. Those at registered places are skipped:
    run it again whenever there are new ones, or after an interruption. The packages of a shelf belong into
    the register, so archtool audit reports those that are not.

    A holding gets the name that its External-Identifier states, or else its path below DIR. Only metadata is
    read; archtool audit reads the files.
    """
    printer = IntakePrinter(as_json=as_json, names_each=False, is_rehearsal=given["is_rehearsal"])
    with open_to_write(given) as register:
        adoption = Adoption(register, folder, intake_of(given))
        for done in adoption.run(defaults.concurrency_of(jobs)):
            printer.add(done)
    return printer.finish(skipped=adoption.known)
