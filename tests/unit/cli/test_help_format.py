"""Help is broken at spaces only: a name with hyphens stays whole, at every width."""

from __future__ import annotations

import re

import click
import pytest

from archtool.cli.main import cli


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("name", ["export", "pack", "attest", "holdings"])
def test_no_line_of_a_help_ends_inside_a_name(name: str, width: int) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    shown = command.get_help(click.Context(command, terminal_width=width, max_content_width=width))
    assert not re.findall(r".*\w-$", shown, re.MULTILINE)
    assert shown.isascii() or "\u2011" not in shown
