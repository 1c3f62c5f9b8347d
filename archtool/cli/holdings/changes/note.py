"""`archtool holdings note`: appends an event of the archive's own."""

from __future__ import annotations

from typing import Any

import click

from archtool.cli.holdings.changes.recorded import print_recorded, recorder_of
from archtool.cli.options import common
from archtool.cli.options.registers.event_text import EVENT_TEXT
from archtool.cli.options.registers.register import open_to_write, writing_options
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.holdings.event import EventOutcome
from archtool.holdings.event_types import CUSTOM_PREFIX, is_event_name
from archtool.operations.holdings.changes.holding_changes import add_note

DEFAULT_EVENT = f"{CUSTOM_PREFIX}note"


@click.command("note")
@click.argument("text", type=EVENT_TEXT, metavar="TEXT")
@click.option(
    "--holding", metavar="HOLDING", help="The holding that the event is about; default: the whole register."
)
@click.option(
    "--event", default=DEFAULT_EVENT, metavar="x-NAME",
    help=f"Type of the event; it begins with x-; default: {DEFAULT_EVENT}.",
)  # fmt: skip
@click.option(
    "--outcome", type=click.Choice([outcome.value for outcome in EventOutcome]), default="success",
    help="How the event ended; default: success.",
)  # fmt: skip
@writing_options
@common.json_option
def command(text: str, holding: str | None, event: str, outcome: str, *, as_json: bool, **given: Any) -> int:
    """Append an event that archtool does not know: a fire drill, a loan, a change of staff.

    \b
    archtool holdings note "fire drill: all staff left the building"

    Events are never changed or deleted; neither is this one.
    """  # noqa: D301 - `\b` keeps the lines
    if not event.startswith(CUSTOM_PREFIX) or not is_event_name(event):
        raise UsageError(
            f"not a type for an event of your own: {shown(event)!r}",
            hint="begin it with x-, then small letters, digits and hyphens: x-fire-drill",
        )
    with open_to_write(given) as register:
        recorded = add_note(register, holding, event, text, EventOutcome(outcome), recorder_of(given))
    about = shown(recorded[1].holding) if recorded[1].holding is not None else "the register"
    print_recorded(recorded, [f"{about}: event {recorded[0]:,} recorded, {event}"], as_json=as_json)
    return 0
