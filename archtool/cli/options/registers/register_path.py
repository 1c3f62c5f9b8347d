"""The option that names the register; a small module, because every run of `verify` needs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from archtool.cli.options.configuration.settings import configurable

REGISTER_VARIABLE = "ARCHTOOL_REGISTER"


class _RegisterPath(click.Path):
    """A path that click does not check; an empty one means no register."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path, or `None`."""
        return None if value == "" else super().convert(value, param, ctx)


register_option = click.option(
    "--register", "register_path", type=_RegisterPath(path_type=Path, readable=False),
    metavar="FILE", **configurable("register"),
    help=f"The register (also: {REGISTER_VARIABLE}, config.toml).",
)  # fmt: skip
_no_register_option = click.option(
    "--no-register", is_flag=True, help="Leave the register out, also if one is configured."
)


def heads_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a command that takes heads from the register or writes them into it."""
    return register_option(_no_register_option(command))


def pop_register(given: dict[str, Any]) -> Path | None:
    """Return the configured register, and remove its options from `given`; `None` if it is left out.

    It is left out with --no-register, or with an empty --register.
    """
    path: Path | None = given.pop("register_path")
    return None if given.pop("no_register") else path
