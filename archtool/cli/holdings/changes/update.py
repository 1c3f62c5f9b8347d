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
    "--copy", "place", metavar="PLACE", help="Which copy has the new content, if there are several."
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
    """Read a HOLDING again whose content was replaced on purpose.

    The event keeps the manifests that were registered before, and the reason. From then on, every copy of
    the holding must have the new manifests, and counts as never checked.
    """
    request = UpdateRequest(holding, reason, place, mounted_at, common.pop_limits(given))
    with open_to_write(given) as register:
        done = update(register, request, recorder_of(given))
    if done.recorded is None:
        name = shown(done.holding.name)
        defaults.note(f"{name}: the package records what is registered; nothing was changed", as_json=as_json)
    else:
        print_recorded(done.recorded, _sentences(done), as_json=as_json)
    return 0


def _sentences(done: Update) -> list[str]:
    facts, name = done.facts, shown(done.holding.name)
    size = f"{counted(facts.files, 'file')}, {format_size(facts.size_bytes)}"
    sentences = [f"{name}: its new content is registered ({size}); no copy of it has been checked"]
    if done.others and facts.manifests != done.holding.manifests:
        places = ", ".join(shown(copy.place) for copy in done.others)
        sentences.append(f"Replace the other copies too, audit will report them as changed: {places}")
    return sentences
