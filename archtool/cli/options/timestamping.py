"""The options that say who gives timestamps, for every command that asks for some."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from archtool.cli.options import clock
from archtool.errors import UsageError

if TYPE_CHECKING:
    from archtool.operations.trust.timestamp_client import TimestampClient
    from archtool.timestamps.certificates import Authorities

DEFAULT_TIMEOUT_SECONDS = 60.0
_COMMAND_HELP = "Ask a program: request on stdin, answer on stdout; never two at a time."


def timestamp_options(url_name: str, command_name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The two options; they come as `timestamp_url` and `timestamp_command`."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for name, destination, metavar, what in (
            (command_name, "timestamp_command", "CMD", _COMMAND_HELP),
            (url_name, "timestamp_url", "URL", "Ask this authority for timestamps (RFC 3161 over HTTP)."),
        ):
            command = click.option(name, destination, metavar=metavar, help=what)(command)
        return command

    return add


def make_stamper(given: dict[str, Any], authorities: Authorities | None) -> TimestampClient | None:
    """Who gives timestamps, from what the two options said; they are taken out of `given`.

    Raises:
        UsageError: both were given, or a command that cannot be read.
    """
    url, command = given.pop("timestamp_url"), given.pop("timestamp_command")
    if url is None and command is None:
        return None
    from archtool.download.fetch_policy import FetchPolicy
    from archtool.operations.trust.timestamp_client import TimestampClient, TimestampProgram, TimestampServer

    if url is not None and command is not None:
        raise UsageError("a URL and a command for timestamps contradict each other", hint="give one of them")
    if url is not None:
        source: TimestampProgram | TimestampServer = TimestampServer(
            url, FetchPolicy(patience_seconds=DEFAULT_TIMEOUT_SECONDS)
        )
    else:
        source = TimestampProgram(_words(command))
    return TimestampClient(source, clock.now, authorities)


def _words(command: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise UsageError(f"not a command line: {command!r}: {error}") from None
    if not words:
        raise UsageError("the command for timestamps is empty", hint="name a program, and its arguments")
    return words
