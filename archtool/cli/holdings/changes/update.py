"""`archtool holdings update`: registers the new content of a holding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli import defaults
from archtool.cli.holdings.changes.recorded import print_recorded, recorder_of
from archtool.cli.options import common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.event_text import EVENT_TEXT
from archtool.cli.options.registers.register import open_to_write, writing_options
from archtool.files.paths import shown
from archtool.operations.holdings.changes.holding_changes import Update, UpdateRequest, update
from archtool.report.numbers import counted, format_size


@click.command("update")
@click.argument("holding", metavar="HOLDING")
@click.option(
    "--reason", type=EVENT_TEXT, required=True, metavar="TEXT", help="Why the content was replaced."
)
@click.option(
    "--copy",
    "place",
    metavar="PLACE",
    help="Which copy has the new content; default: the one whose manifests are not the registered ones.",
)
@click.option(
    "--at", "mounted_at", type=ANY_PATH, metavar="DIR", help="Where the medium of that copy is mounted now."
)
@writing_options
@common.limits_options
@common.json_option
def command(
    holding: str, reason: str, place: str | None, mounted_at: Path | None, *, as_json: bool, **given: Any
) -> int:
    """Read a HOLDING again whose content was replaced on purpose, or whose attestations are lost.

    \b
    archtool holdings update letter-1932 --reason "page 3 was transcribed again"

    If the newest attestation that the register expects is not there any more, it is given up. The event
    keeps what was registered before, and the reason. From then on, every copy of the holding must have the
    new manifests, and counts as never checked. Of several copies, the one whose manifests differ from the
    registered ones is read; --copy names another.
    """  # noqa: D301 - `\b` keeps the lines
    request = UpdateRequest(holding, reason, place, mounted_at, common.pop_limits(given))
    with open_to_write(given) as register:
        done = update(register, request, recorder_of(given))
    if done.recorded is None:
        name = shown(done.holding.name)
        records = "the package records" if place is not None or not done.others else "all copies record"
        defaults.note(f"{name}: {records} what is registered; nothing was changed", as_json=as_json)
    else:
        print_recorded(done.recorded, _sentences(done), as_json=as_json)
    return 0


def _sentences(done: Update) -> list[str]:
    facts, name = done.facts, shown(done.holding.name)
    size = f"{counted(facts.files, 'file')}, {format_size(facts.size_bytes)}"
    where = f", as {shown(done.place)} has it" if done.others else ""
    sentences = [f"{name}: its new content is registered{where} ({size}); no copy of it has been checked"]
    if done.given_up is not None:
        gone, now = done.given_up.partition(" ")[0], (facts.head or "none").partition(" ")[0]
        sentences.append(
            f"attestation {gone} is given up: the newest one expected from now on is {now}; the event keeps"
            " the digest of what was given up"
        )
    if done.others and facts.manifests != done.holding.manifests:
        places = ", ".join(shown(copy.place) for copy in done.others)
        sentences.append(f"Replace the other copies too, audit will report them as changed: {places}")
    return sentences
