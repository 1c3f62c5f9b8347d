"""The options for the register of holdings: which one, and who is responsible for what is written into it."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from archtool import __version__
from archtool.cli.options.configuration.settings import configurable
from archtool.cli.options.registers.event_text import EVENT_TEXT
from archtool.cli.options.registers.register_path import REGISTER_VARIABLE, register_option
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.limits import MAX_WAIT_SECONDS
from archtool.files.mounts import network_file_system
from archtool.files.paths import shown
from archtool.holdings.event_source import EventSource
from archtool.holdings.register import DEFAULT_WAIT_SECONDS, Register, open_register

AGENT_VARIABLE = "ARCHTOOL_AGENT"

agent_option = click.option(
    "--agent", type=EVENT_TEXT, metavar="NAME", **configurable("agent"),
    help=f"Who is responsible for this change; default: your user name (also: {AGENT_VARIABLE}).",
)  # fmt: skip
wait_option = click.option(
    "--wait", "wait_seconds", type=click.FloatRange(0, MAX_WAIT_SECONDS), default=DEFAULT_WAIT_SECONDS,
    metavar="SECONDS", help="How long to wait for another run that writes into the register; default: 30.",
)  # fmt: skip


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a command that reads the register."""
    return register_option(command)


def writing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a command that writes into the register."""
    for option in (wait_option, agent_option, register_option):
        command = option(command)
    return command


def register_path_of(given: dict[str, Any]) -> Path:
    """Return the path of the register.

    Raises:
        UsageError: neither an option nor a variable nor the configuration names one.
    """
    path: Path | None = given["register_path"]
    if path is None:
        raise UsageError(
            "no register is named",
            hint=f"give --register FILE, set {REGISTER_VARIABLE}, or create one: archtool holdings init FILE",
        )
    return path


def open_to_read(given: dict[str, Any]) -> Register:
    """Open the register without a right to write."""
    return open_register(register_path_of(given), read_only=True)


def open_to_write(given: dict[str, Any]) -> Register:
    """Open the register to append events; warn about one on a network file system."""
    path = register_path_of(given)
    register = open_register(path, wait_seconds=given["wait_seconds"])
    warn_of_network(path)
    return register


def warn_of_network(path: Path) -> None:
    """Warn about a register on a network file system, where two machines can damage it.

    Source: SQLite, https://www.sqlite.org/wal.html: all processes must be on the same machine.
    """
    kind = network_file_system(path)
    if kind is not None:
        output.message(
            f"archtool: warning: {shown(str(path))} is on a network file system ({kind}): if two machines"
            " write into it, it can be damaged"
        )
        output.message(
            "archtool: hint: keep the register on a local disk, and put a copy on the network with: archtool"
            " holdings export"
        )


def event_source(given: dict[str, Any], run: str | None = None) -> EventSource:
    """Return who makes the events of this command, and with which software.

    Raises:
        UsageError: the system does not know the user's name, and --agent is not given.
    """
    return EventSource(given["agent"] or _user_name(), f"{output.PROGRAM} {__version__}", run)


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise UsageError(
            "the system has no name for this user", hint="say who is responsible: --agent NAME"
        ) from None
