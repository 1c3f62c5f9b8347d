"""`archtool holdings custody`: records that another custodian answers for holdings."""

from __future__ import annotations

from typing import Any

import click

from archtool.cli import defaults
from archtool.cli.holdings.changes.recorded import print_recorded, recorder_of
from archtool.cli.options import common
from archtool.cli.options.registers.event_text import EVENT_TEXT
from archtool.cli.options.registers.register import open_to_write, writing_options
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.operations.holdings.changes.holding_changes import names_of_others, transfer_custody
from archtool.report.numbers import counted


@click.command("custody")
@click.argument("holdings", nargs=-1, metavar="[HOLDING...]")
@click.option("--all", "is_all", is_flag=True, help="All holdings that NAME does not answer for yet.")
@click.option(
    "--to",
    "to",
    type=EVENT_TEXT,
    required=True,
    metavar="NAME",
    help="Who answers for the holdings from now on.",
)
@click.option(
    "--from",
    "giver",
    type=EVENT_TEXT,
    metavar="NAME",
    help="Who answered for them; default: the registered custodian.",
)
@click.option(
    "--note",
    type=EVENT_TEXT,
    metavar="TEXT",
    help="Deed, letter, place: what an heir of the archive must know.",
)
@writing_options
@common.json_option
def command(
    holdings: tuple[str, ...], to: str, giver: str | None, note: str | None, *, is_all: bool, as_json: bool,
    **given: Any,
) -> int:  # fmt: skip
    """Record a transfer of custody: NAME answers for each HOLDING from now on.

    \b
    archtool holdings custody letter-1932 --to "City archive"
    """  # noqa: D301 - `\b` keeps the lines
    if bool(holdings) == is_all:
        raise UsageError(
            "no holding is named" if not holdings else "holdings are named, and --all is given",
            hint="name the holdings, or give --all",
        )
    count = 0
    with open_to_write(given) as register:
        names = names_of_others(register.connection, to) if is_all else holdings
        recorder = recorder_of(given)
        for recorded in transfer_custody(register, names, to, recorder, giver=giver, note=note):
            count += 1
            if as_json or not is_all:
                detail = recorded[1].detail
                before = f"from {shown(detail['from'])} to" if detail.get("from") else "to"
                name = shown(recorded[1].holding or "")
                print_recorded(recorded, [f"{name}: custody passed {before} {shown(to)}"], as_json=as_json)
    defaults.note(f"{counted(count, 'transfer')} of custody recorded", as_json=as_json)
    return 0
