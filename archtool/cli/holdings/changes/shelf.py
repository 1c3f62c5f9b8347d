"""`archtool holdings shelf`: the folders whose packages belong into the register."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli.holdings.changes.recorded import print_recorded, recorder_of
from archtool.cli.options import common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.register import (
    open_to_read,
    open_to_write,
    reading_options,
    writing_options,
)
from archtool.cli.terminal import output
from archtool.files.paths import shown
from archtool.operations.holdings.changes.shelves import ShelfMove, list_shelves, move_shelf, remove_shelf
from archtool.report.numbers import counted
from archtool.report.result_json import result_object
from archtool.results import Result

SCHEMA = "archtool/shelf/1"


@click.group("shelf")
def command() -> None:
    """List, remove or move the shelves: folders whose packages belong into the register.

    \b
    archtool holdings shelf list
    archtool holdings shelf move /mnt/old /mnt/new

    `archtool holdings adopt DIR` makes DIR a shelf. `archtool audit` reports packages on a shelf that nobody
    registered.
    """  # noqa: D301 - `\b` keeps the lines


@command.command("list", short_help="List the shelves.")
@reading_options
@common.json_option
def list_command(*, as_json: bool, **given: Any) -> int:
    """List the shelves, with the number of copies that are registered on each.

    \b
    archtool holdings shelf list
    """  # noqa: D301 - `\b` keeps the lines
    with open_to_read(given) as register, register.reading() as connection:
        shelves = list_shelves(connection)
    for shelf in shelves:
        if as_json:
            facts = {"place": shelf.place, "copies": shelf.copies, "is_there": shelf.is_there}
            output.json_line(result_object(Result(SCHEMA, shelf.place, (), {}, facts)))
        else:
            absent = "" if shelf.is_there else "; the folder is not there now"
            output.lines([f"{shown(shelf.place)}: {_copies(shelf.copies)}{absent}"])
    if not shelves and not as_json:
        output.lines(["no shelves; archtool holdings adopt DIR makes one"])
    return 0


def _copies(count: int) -> str:
    return f"{count:,} {'copy' if count == 1 else 'copies'} registered"


@command.command("remove", short_help="Record that a folder is no shelf any more.")
@click.argument("folder", metavar="DIR")
@writing_options
@common.json_option
def remove_command(folder: str, *, as_json: bool, **given: Any) -> int:
    """Record that DIR is no shelf any more; copies on it stay registered, and nothing is deleted.

    \b
    archtool holdings shelf remove /srv/incoming
    """  # noqa: D301 - `\b` keeps the lines
    with open_to_write(given) as register:
        recorded, copies = remove_shelf(register, folder, recorder_of(given))
    place = shown(recorded[1].detail["place"])
    sentences = [f"{place} is no shelf any more: audit does not look there for new packages"]
    sentences += [f"{_copies(copies)} below it: they stay registered, and are audited"] if copies else []
    print_recorded(recorded, sentences, as_json=as_json)
    return 0


@command.command("move", short_help="Record that a disk is mounted elsewhere.")
@click.argument("old", metavar="OLD")
@click.argument("new", type=ANY_PATH, metavar="NEW")
@click.option(
    "--unmounted", "is_unmounted", is_flag=True, help="The disk is not mounted now: compare nothing."
)
@writing_options
@common.json_option
def move_command(old: str, new: Path, *, is_unmounted: bool, as_json: bool, **given: Any) -> int:
    """Record that everything registered below OLD is below NEW now: a disk is mounted elsewhere.

    \b
    archtool holdings shelf move /mnt/old /mnt/new

    No file is moved. What is at NEW is compared with the register first. The copies count as never checked
    until the next audit: what was found at the old place proves nothing about the new one.
    """  # noqa: D301 - `\b` keeps the lines
    with open_to_write(given) as register:
        done = move_shelf(register, old, new, recorder_of(given), is_unmounted=is_unmounted)
    print_recorded(done.recorded, _sentences(done, is_unmounted=is_unmounted), as_json=as_json)
    return 0


def _sentences(done: ShelfMove, *, is_unmounted: bool) -> list[str]:
    detail = done.recorded[1].detail
    places = f"from {shown(detail['from'])} to {shown(detail['to'])}"
    sentences = [f"moved in the register {places}: {_copies(done.copies)} there; no file was moved"]
    sentences.append("what was found at the old place proves nothing here: archtool audit checks them all")
    if is_unmounted:
        return [*sentences, "Nothing was compared, because the disk is not mounted."]
    there = counted(done.copies - done.missing, "package")
    sentences.append(f"{there} found there; the manifests of {done.compared:,} were compared and agree")
    if done.missing:
        sentences.append(f"{done.missing:,} missing there: audit will report them")
    return sentences
