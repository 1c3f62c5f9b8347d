"""`archtool holdings adopt`: registers all packages below a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli import defaults
from archtool.cli.holdings.intake import IntakePrinter, intake_of, intake_options
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.register import open_to_write
from archtool.cli.terminal import output
from archtool.cli.terminal.count_bar import CountBar
from archtool.files.paths import shell_word, shown
from archtool.operations.holdings.intake.adopt import Adoption


@click.command("adopt")
@click.argument("folder", type=ANY_PATH, metavar="DIR")
@intake_options
def command(folder: Path, jobs: int | None, *, as_json: bool, **given: Any) -> int:
    """Register all packages below DIR, and DIR as a shelf.

    \b
    archtool holdings adopt packages
    archtool holdings adopt packages --dry-run

    Packages are folders or archives, of archtool or of other tools. Those at registered places are skipped:
    run it again whenever there are new ones, or after an interruption. The packages of a shelf belong into
    the register, so archtool audit reports those that are not.

    A holding gets the name that its External-Identifier states, or else its path below DIR. Only metadata is
    read; archtool audit reads the files.
    """  # noqa: D301 - `\b` keeps the lines
    printer = IntakePrinter(as_json=as_json, names_each=False, is_rehearsal=given["is_rehearsal"])
    with open_to_write(given) as register:
        bar = CountBar("registering", "packages")
        adoption = Adoption(register, folder, intake_of(given, readmits=False), bar.count)
        with bar:
            for done in adoption.run(defaults.concurrency_of(jobs)):
                printer.add(done)
                bar.count()
    exit_code = printer.finish(skipped=adoption.known)
    _say_what_is_watched(adoption, printer, as_json=as_json, is_rehearsal=given["is_rehearsal"])
    return exit_code


def _say_what_is_watched(
    adoption: Adoption, printer: IntakePrinter, *, as_json: bool, is_rehearsal: bool
) -> None:
    """Say that the folder is a shelf now, or that another one contains it, and what to do next."""
    place, shelf = shown(adoption.place), adoption.shelf
    if shelf is None:
        return
    if shelf != adoption.place:
        output.message(
            f"archtool: warning: {place} is a part of the shelf {shown(shelf)}, and no shelf of its own: its"
            " packages get names by their paths below the folder that is adopted"
        )
        output.message(f"archtool: hint: next time, adopt the whole shelf: {_command('adopt', shelf)}")
    elif is_rehearsal:
        defaults.note(f"{place} would be a shelf: each audit searches it for new packages", as_json=as_json)
    else:
        defaults.note(
            f"{place} is a shelf: each audit searches it for packages that are not registered",
            as_json=as_json,
        )
    if printer.has_new and not is_rehearsal:
        defaults.note("nothing was checked yet; next: archtool audit --plan", as_json=as_json)


def _command(name: str, place: str) -> str:
    return f"archtool holdings {name} {shell_word(place)}"
