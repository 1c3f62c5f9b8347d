"""`archtool holdings init`: creates a register."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import click

from archtool.cli.options import clock, common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.event_text import EVENT_TEXT
from archtool.cli.options.registers.register import agent_option, event_source, warn_of_network
from archtool.cli.options.registers.register_path import REGISTER_VARIABLE
from archtool.cli.terminal import output
from archtool.files.paths import shown
from archtool.holdings.event_types import EventType
from archtool.holdings.limits import MAX_CHECK_DAYS
from archtool.holdings.register import create_register
from archtool.operations.holdings.results import register_result
from archtool.operations.open_package.enclosing_bag import refuse_inside_package
from archtool.report.numbers import counted
from archtool.report.result_json import result_object


@click.command("init")
@click.argument("path", type=ANY_PATH, metavar="FILE")
@click.option("--archive", type=EVENT_TEXT, metavar="NAME", help="Name of the archive, for reports.")
@click.option(
    "--check-every", "days", type=click.IntRange(1, MAX_CHECK_DAYS), default=90, metavar="DAYS",
    help="Every copy must be checked once in so many days; default: 90.",
)  # fmt: skip
@agent_option
@common.json_option
def command(path: Path, archive: str | None, days: int, *, as_json: bool, **given: Any) -> int:
    """Create a register: one file, for all packages of an archive.

    \b
    archtool holdings init archive.register --check-every 90

    Keep it on a local disk, and copies of it elsewhere.
    """  # noqa: D301 - `\b` keeps the lines
    refuse_inside_package(path.absolute().parent, "the register")
    settings = {"id": str(uuid.uuid4()), "archive": archive, "check-every-days": days}
    create_register(path, event_source(given).event(EventType.REGISTER, clock.now(), detail=settings))
    warn_of_network(path)
    name = shown(str(path))
    if as_json:
        output.json_line(result_object(register_result(str(path), settings)))
    else:
        variable = f"{REGISTER_VARIABLE}={shown(str(path.absolute()))}"
        output.lines(
            [
                f"created {name}: every copy must be checked once in {counted(days, 'day')}",
                f"so that the commands find it: export {variable}, or `register` in config.toml",
                "register packages with: archtool holdings adopt DIR",
            ]
        )
    return 0
