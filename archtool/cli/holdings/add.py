"""`archtool holdings add`: registers packages that are named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli import defaults
from archtool.cli.holdings.intake import IntakePrinter, intake_of, intake_options
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.register import open_to_write
from archtool.cli.options.subjects import select_packages
from archtool.errors import UsageError
from archtool.operations.holdings.intake.adopt import add_packages
from archtool.operations.holdings.intake.holding_names import require_usable_name


@click.command("add")
@click.argument("packages", type=ANY_PATH, nargs=-1, required=True, metavar="PACKAGE...")
@click.option(
    "--name",
    metavar="NAME",
    help="Name of the holding; default: the External-Identifier, or the folder's name.",
)
@intake_options
def command(
    packages: tuple[Path, ...], name: str | None, jobs: int | None, *, as_json: bool, **given: Any
) -> int:
    """Register packages: folders, or archives, of archtool or of other tools.

    \b
    archtool holdings add packages/letter-1932 packages/letter-1933.tar

    Only metadata is read: what the package records, and the digests of its manifests. The files are read by
    archtool audit. A package with the name and the manifests of a registered holding is a further copy of it;
    if the holding was withdrawn, it is kept again, with its history.
    """  # noqa: D301 - `\b` keeps the lines
    if name is not None and len(packages) > 1:
        raise UsageError(
            f"--name is for one package, and {len(packages)} are given",
            hint="add them one by one, or leave --name",
        )
    if name is not None:
        require_usable_name(name)
    printer = IntakePrinter(as_json=as_json, names_each=True, is_rehearsal=given["is_rehearsal"])
    with open_to_write(given) as register:
        intake = intake_of(given, readmits=True)
        for done in add_packages(
            register, select_packages(packages), intake, defaults.concurrency_of(jobs), name
        ):
            printer.add(done)
    return printer.finish()
