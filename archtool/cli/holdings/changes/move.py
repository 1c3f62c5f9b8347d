"""`archtool holdings move`: records that a copy is at another place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from archtool.cli.holdings.changes.copies import COMPARED, NOT_COMPARED
from archtool.cli.holdings.changes.place_options import medium_options, new_place
from archtool.cli.holdings.changes.recorded import print_recorded, recorder_of
from archtool.cli.options import common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.register import open_to_write, writing_options
from archtool.errors import UsageError
from archtool.files.paths import shell_word, shown
from archtool.operations.holdings.changes.copies import move_copy


@click.command("move")
@click.argument("holding", metavar="HOLDING")
@click.argument("new", type=ANY_PATH, required=False, metavar="[NEW]")
@click.option(
    "--from",
    "old",
    metavar="PLACE",
    help="Which of several copies was moved; default: the one that is not at its place.",
)
@medium_options
@writing_options
@common.limits_options
@common.json_option
def command(holding: str, new: Path | None, old: str | None, *, as_json: bool, **given: Any) -> int:
    """Record that a copy of a HOLDING is at NEW, or on a medium.

    \b
    archtool holdings move letter-1932 /srv/new/letter-1932

    Move the files first: this command moves none. What is at the new place must have the registered
    manifests. A disk that is mounted elsewhere is one command: archtool holdings shelf move OLD NEW.
    """  # noqa: D301 - `\b` keeps the lines
    limits = common.pop_limits(given)
    place = new_place(new, given)
    if place is None:
        raise UsageError("the new place is missing", hint="give NEW, or --medium LABEL --path PATH")
    with open_to_write(given) as register:
        move = move_copy(register, holding, old, place, recorder_of(given), limits)
    name, before = shown(move.recorded[1].holding or ""), move.recorded[1].detail["from"]
    sentences = [
        f"{name}: moved in the register from {shown(before)} to {shown(place.place)}; no file was moved",
        COMPARED if place.readable is not None else NOT_COMPARED,
    ]
    if move.is_inferred:
        sentences.insert(
            1, "It is the only one of the copies that is not at its place, so this one was meant."
        )
    if os.path.lexists(before):
        sentences.append(
            f"There is still something at {shown(before)}: if it is a copy, register it with: archtool"
            f" holdings copies {shell_word(name)} --add {shell_word(before)}"
        )
    print_recorded(move.recorded, sentences, as_json=as_json)
    return 0
