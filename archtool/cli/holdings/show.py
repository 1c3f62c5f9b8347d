"""`archtool holdings show`: everything that the register knows about one holding."""

from __future__ import annotations

from typing import Any

import click

from archtool.cli.options import clock, common
from archtool.cli.options.registers.register import open_to_read, reading_options
from archtool.cli.terminal import output
from archtool.holdings.event import Event
from archtool.holdings.lookup.totals import check_interval
from archtool.holdings.queries import EventFilter, copies_of, newest_events
from archtool.operations.holdings.find import find_named
from archtool.operations.holdings.results import event_facts, holding_result
from archtool.report.holdings.holding_page import format_holding
from archtool.report.result_json import result_object

_EVENTS = 10  # the newest; `holdings events` has all


@click.command("show")
@click.argument("name", metavar="HOLDING")
@reading_options
@common.json_option
def command(name: str, *, as_json: bool, **given: Any) -> int:
    """Show a HOLDING: its content, its copies with their states and dates, its custody and newest events.

    \b
    archtool holdings show letter-1932

    HOLDING is the name of a holding, or the path of one of its copies. Nothing is checked: the states are
    those that the last audit found.
    """  # noqa: D301 - `\b` keeps the lines
    with open_to_read(given) as register, register.reading() as connection:
        holding = find_named(connection, name)
        copies = copies_of(connection, holding, removed=True)
        records = list(newest_events(connection, EventFilter(holding.name), _EVENTS))
        interval = check_interval(connection)
    events = [(number, Event.parse(record)[0]) for number, record in records]
    if as_json:
        facts = [event_facts(number, event) for number, event in events]
        output.json_line(result_object(holding_result(holding, copies, newest_events=facts)))
    else:
        kept = [copy for copy in copies if copy.removed_at is None] or copies
        output.data(format_holding(holding, kept, events, interval, clock.now(), output.width()))
    return 0
