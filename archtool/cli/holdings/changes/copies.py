"""`archtool holdings copies`: the copies of a holding; registers and removes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli.holdings.changes.place_options import medium_options, new_place
from archtool.cli.holdings.changes.recorded import print_recorded, recorder_of
from archtool.cli.options import clock, common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.event_text import EVENT_TEXT
from archtool.cli.options.registers.register import open_to_read, open_to_write, writing_options
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.holdings.lookup.totals import check_interval
from archtool.holdings.queries import copies_of
from archtool.operations.holdings.changes.copies import NewPlace, add_copy, remove_copy
from archtool.operations.holdings.find import find_named
from archtool.operations.holdings.results import holding_result
from archtool.report.holdings.holding_page import format_copies
from archtool.report.result_json import result_object

NOT_COMPARED = "It was not compared with the holding, because the medium is not connected."
COMPARED = "It has the registered manifests; its files are read by archtool audit."


@click.command("copies")
@click.argument("holding", metavar="HOLDING")
@click.option(
    "--add", "added", type=ANY_PATH, metavar="PLACE", help="Register a further copy: a folder or an archive."
)
@click.option(
    "--remove", "removed", metavar="PLACE", help="Record that there is no copy any more at this place."
)
@click.option("--reason", type=EVENT_TEXT, metavar="TEXT", help="Why the copy is removed.")
@medium_options
@writing_options
@common.limits_options
@common.json_option
def command(
    holding: str, added: Path | None, removed: str | None, reason: str | None, *, as_json: bool, **given: Any
) -> int:
    """List the copies of a HOLDING, or register or remove one.

    \b
    archtool holdings copies letter-1932
    archtool holdings copies letter-1932 --add /mnt/second/letter-1932

    HOLDING is the name of a holding, or the path of one of its copies. A copy is registered only if its
    manifests are those of the holding. Nothing on a disk is changed or deleted.
    """  # noqa: D301 - `\b` keeps the lines
    limits = common.pop_limits(given)
    new = new_place(added, given)
    if new is not None and removed is not None:
        raise UsageError("--remove and a new copy are given", hint="run the command once for each")
    if reason is not None and removed is None:
        raise UsageError("--reason is for --remove", hint="leave it out, or name a copy with --remove PLACE")
    if new is not None:
        _add(holding, new, limits, given, as_json=as_json)
    elif removed is not None:
        _remove(holding, removed, reason, given, as_json=as_json)
    else:
        _list(holding, given, as_json=as_json)
    return 0


def _add(holding: str, new: NewPlace, limits: Any, given: dict[str, Any], *, as_json: bool) -> None:
    with open_to_write(given) as register:
        recorded = add_copy(register, holding, new, recorder_of(given), limits)
    name = shown(recorded[1].holding or "")
    compared = COMPARED if new.readable is not None else NOT_COMPARED
    print_recorded(
        recorded, [f"{name}: registered a further copy, {shown(new.place)}", compared], as_json=as_json
    )


def _remove(holding: str, place: str, reason: str | None, given: dict[str, Any], *, as_json: bool) -> None:
    with open_to_write(given) as register:
        recorded = remove_copy(register, holding, place, reason, recorder_of(given))
    name, gone = shown(recorded[1].holding or ""), shown(recorded[1].detail["place"])
    print_recorded(
        recorded, [f"{name}: no copy any more at {gone}", "Nothing on the disk was deleted."], as_json=as_json
    )


def _list(name: str, given: dict[str, Any], *, as_json: bool) -> None:
    with open_to_read(given) as register, register.reading() as connection:
        holding = find_named(connection, name)
        copies = copies_of(connection, holding)
        interval = check_interval(connection)
    if as_json:
        output.json_line(result_object(holding_result(holding, copies)))
    else:
        output.lines(format_copies(copies, interval, clock.now(), output.width()))
