"""`archtool holdings events`: what happened to a holding, or to all, the newest first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import click

from archtool.cli.options import clock, common
from archtool.cli.options.registers.register import open_to_read, reading_options
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.holdings.event import Event, EventOutcome, format_time
from archtool.holdings.event_types import EventType, is_event_name
from archtool.holdings.limits import MAX_INTEGER
from archtool.holdings.queries import EventFilter, newest_events
from archtool.nearest_names import did_you_mean, nearest_name
from archtool.operations.holdings.find import find_named
from archtool.operations.holdings.results import event_result
from archtool.report.holdings.event_lines import format_event
from archtool.report.numbers import counted
from archtool.report.result_json import result_object

PAGE = 50  # events: some screens


@click.command("events")
@click.argument("name", required=False, metavar="[HOLDING]")
@click.option("--since", metavar="DATE", help="Only events from this date on (UTC), or of so many days: 30d.")
@click.option("--event", metavar="TYPE", help="Only events of this type, such as fixity-check.")
@click.option(
    "--outcome",
    type=click.Choice([outcome.value for outcome in EventOutcome]),
    help="Only events that ended so.",
)
@click.option(
    "--limit", type=click.IntRange(1, MAX_INTEGER), metavar="N", help=f"At most N events; default: {PAGE}."
)
@click.option("--all", "is_all", is_flag=True, help="All events.")
@reading_options
@common.json_option
def command(name: str | None, limit: int | None, *, is_all: bool, as_json: bool, **given: Any) -> int:
    """List the events of a HOLDING, or of the whole register, the newest first.

    \b
    archtool holdings events letter-1932
    archtool holdings events --outcome failure
    """  # noqa: D301 - `\b` keeps the lines
    if is_all and limit is not None:
        raise UsageError("--all and --limit contradict each other", hint="give one of them")
    bound = None if is_all else limit or PAGE
    since = _since(given["since"]) if given["since"] is not None else None
    if given["event"] is not None:
        _require_type(given["event"])
    count, width, has_more = 0, output.width(), False
    with open_to_read(given) as register, register.reading() as connection:
        holding = find_named(connection, name).name if name is not None else None
        wanted = EventFilter(holding, since, given["event"], given["outcome"])
        for number, record in newest_events(connection, wanted, None if bound is None else bound + 1):
            if count == bound:
                has_more = True
                break
            event, count = Event.parse(record)[0], count + 1
            if as_json:
                output.json_line(result_object(event_result(number, event)))
            else:
                output.lines(format_event(number, event, width, with_holding=holding is None))
    if not as_json:
        more = " · there are more: --limit N, or --all" if has_more else ""
        output.lines([f"\n{counted(count, 'event')}{more}" if count else "no such events"])
    return 0


def _since(text: str) -> str:
    """Return the time that an option means: a date, a time, or so many days ago."""
    try:
        if text.endswith("d") and text[:-1].isdecimal():
            return format_time(clock.now() - timedelta(days=int(text[:-1])))
        time = datetime.fromisoformat(text)
        return format_time(time if time.tzinfo is not None else time.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise UsageError(
            f"not a date: --since {shown(text)!r}", hint="write 2026-11-22, 2026-11-22T18:30:00Z, or 30d"
        ) from None


def _require_type(name: str) -> None:
    if not is_event_name(name):
        nearest = nearest_name(name, [str(event) for event in EventType])
        hint = did_you_mean(nearest) if nearest else f"the types: {', '.join(EventType)}, and x-… of your own"
        raise UsageError(f"no such type of event: {shown(name)!r}", hint=hint)
