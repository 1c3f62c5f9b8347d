"""`archtool holdings withdraw`: records that the archive gives a holding up."""

from __future__ import annotations

from typing import Any

import click

from archtool.cli.holdings.changes.recorded import print_recorded, recorder_of
from archtool.cli.options import common
from archtool.cli.options.registers.event_text import EVENT_TEXT
from archtool.cli.options.registers.register import open_to_write, writing_options
from archtool.files.paths import shown
from archtool.operations.holdings.changes.holding_changes import withdraw


@click.command("withdraw")
@click.argument("holdings", nargs=-1, required=True, metavar="HOLDING...")
@click.option(
    "--reason", type=EVENT_TEXT, required=True, metavar="TEXT", help="Why the archive gives the holdings up."
)
@writing_options
@common.json_option
def command(holdings: tuple[str, ...], reason: str, *, as_json: bool, **given: Any) -> int:
    """Record that the archive does not keep a HOLDING any more.

    \b
    archtool holdings withdraw letter-1932 --reason "returned to its owner"

    Nothing on a disk is deleted. The holding stays in the register with its history, and is not audited.
    """  # noqa: D301 - `\b` keeps the lines
    with open_to_write(given) as register:
        for recorded, copies in withdraw(register, holdings, reason, recorder_of(given)):
            name = shown(recorded[1].holding or "")
            places = ", ".join(shown(copy.place) for copy in copies)
            print_recorded(
                recorded,
                [f"{name}: withdrawn", f"Nothing on a disk was deleted. Registered until now: {places}"],
                as_json=as_json,
            )
    return 0
