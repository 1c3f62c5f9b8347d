"""`archtool holdings policy`: how often every copy must be checked."""

from __future__ import annotations

from typing import Any

import click

from archtool.cli.holdings.changes.recorded import print_recorded, recorder_of
from archtool.cli.options import common
from archtool.cli.options.registers.event_text import EVENT_TEXT
from archtool.cli.options.registers.register import (
    open_to_read,
    open_to_write,
    register_path_of,
    writing_options,
)
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.holdings.limits import MAX_CHECK_DAYS
from archtool.holdings.queries import read_settings
from archtool.operations.holdings.changes.holding_changes import set_policy
from archtool.operations.holdings.results import register_result
from archtool.report.numbers import counted
from archtool.report.result_json import result_object


@click.command("policy")
@click.option(
    "--check-every", "days", type=click.IntRange(1, MAX_CHECK_DAYS), metavar="DAYS",
    help="From now on, every copy must be checked once in so many days.",
)  # fmt: skip
@click.option("--archive", type=EVENT_TEXT, metavar="NAME", help="Change the name of the archive.")
@click.option("--reason", type=EVENT_TEXT, metavar="TEXT", help="Why the policy is changed.")
@writing_options
@common.json_option
def command(days: int | None, archive: str | None, reason: str | None, *, as_json: bool, **given: Any) -> int:
    """Show or change the policy of the register: how often every copy must be checked.

    \b
    archtool holdings policy
    archtool holdings policy --check-every 60
    """  # noqa: D301 - `\b` keeps the lines
    if days is None and archive is None:
        if reason is not None:
            raise UsageError(
                "--reason is for a change, and none is given",
                hint="add --check-every DAYS or --archive NAME, or leave --reason out",
            )
        _show(given, as_json=as_json)
        return 0
    changed = {"check-every-days": days, "archive": archive, "reason": reason}
    with open_to_write(given) as register:
        recorded = set_policy(register, changed, recorder_of(given))
    sentences = [f"every copy must be checked once in {counted(days, 'day')}"] if days is not None else []
    sentences += [f"the archive is named {shown(archive)}"] if archive is not None else []
    print_recorded(recorded, sentences, as_json=as_json)
    return 0


def _show(given: dict[str, Any], *, as_json: bool) -> None:
    with open_to_read(given) as register, register.reading() as connection:
        settings = read_settings(connection)
    days = int(settings["check-every-days"])
    if as_json:
        output.json_line(result_object(register_result(str(register_path_of(given)), settings)))
        return
    output.lines(
        [
            f"archive      {shown(settings.get('archive', 'not named; --archive NAME'))}",
            f"check every  {counted(days, 'day')}",
            f"register id  {shown(settings['id'])}",
        ]
    )
