"""The options that choose a source of timestamps, for every command that requests them."""

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
_COMMAND_HELP = "Run this program for each timestamp: request on stdin, response on stdout; one at a time."
_URL_HELP = "Request timestamps from this authority (RFC 3161 over HTTP)."


def timestamp_options(url_name: str, command_name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that adds the two options, as `timestamp_url` and `timestamp_command`."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        command = click.option(command_name, "timestamp_command", metavar="CMD", help=_COMMAND_HELP)(command)
        return click.option(url_name, "timestamp_url", metavar="URL", help=_URL_HELP)(command)

    return add


def make_timestamp_client(given: dict[str, Any], authorities: Authorities | None) -> TimestampClient | None:
    """Return the client for the source of timestamps, and remove both options from `given`.

    Raises:
        UsageError: both options are given, or the command cannot be parsed.
    """
    url, command = given.pop("timestamp_url"), given.pop("timestamp_command")
    if url is None and command is None:
        return None
    # lazy: 14 ms (ssl, subprocess), only requests for timestamps need them
    from archtool.download.fetch_policy import FetchPolicy
    from archtool.operations.trust.timestamp_client import TimestampClient, TimestampProgram, TimestampServer

    if url is not None and command is not None:
        raise UsageError("a URL and a command for timestamps contradict each other", hint="give one of them")
    if url is not None:
        source: TimestampProgram | TimestampServer = TimestampServer(
            url, FetchPolicy(timeout_seconds=DEFAULT_TIMEOUT_SECONDS)
        )
    else:
        source = TimestampProgram(_words(command))
    return TimestampClient(source, clock.now, authorities)


def _words(command: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise UsageError(
            f"not a command line: {command!r}: {error}", hint="write it as in a shell, with matching quotes"
        ) from None
    if not words:
        raise UsageError("the command for timestamps is empty", hint="name a program and its arguments")
    return words
