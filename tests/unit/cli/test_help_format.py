"""Help is broken at spaces only: a name with hyphens stays whole, at every width."""

from __future__ import annotations

import re
from typing import Any

import click
import pytest

from archtool.cli.main import cli
from archtool.cli.setup.command_tree import all_commands

HELP: dict[str, Any] = {"help_option_names": ["-h", "--help"]}  # a command keeps its first help option


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("name", ["export", "pack", "attest", "holdings"])
def test_no_line_of_a_help_ends_inside_a_name(name: str, width: int) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    shown = command.get_help(click.Context(command, terminal_width=width, max_content_width=width, **HELP))
    assert not re.findall(r".*\w-$", shown, re.MULTILINE)
    assert shown.isascii() or "\u2011" not in shown


def test_every_line_of_every_help_fits_into_80_columns() -> None:
    for named in all_commands(cli):
        context = click.Context(
            named.command, info_name=named.path, terminal_width=80, max_content_width=80, **HELP
        )
        assert [line for line in named.command.get_help(context).splitlines() if len(line) > 80] == []
