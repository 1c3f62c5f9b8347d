"""`archtool config`: the configuration; one command so far."""

from __future__ import annotations

import click

from archtool.cli.lazy_group import LazyGroup


@click.group(
    "config", cls=LazyGroup,
    modules={"show": ("archtool.cli.setup.config_show", "Print every value, and with --origin who set it.")},
    other_words={"list": "show", "get": "show", "print": "show", "view": "show"},
)  # fmt: skip
def command() -> None:
    """Show the configuration: what is the same from run to run.

    \b
    archtool config show --origin

    A value comes from the command line, else from a variable (ARCHTOOL_ and the name of the option), else
    from archtool.toml in the working folder or above it, else from your own config.toml.
    """  # noqa: D301 - `\b` keeps the lines
