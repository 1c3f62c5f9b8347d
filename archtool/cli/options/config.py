"""The configuration: whom to believe where neither an option nor a variable says so.

    trust     = "allowed_signers"
    revoked   = "~/keys/revoked_keys"
    tsa-roots = "tsa-roots.pem"
    policy    = "policy.yaml"

The keys are called as the options are. A path counts from the folder of the configuration. It never says who
signs: that has to be asked for.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from archtool.cli.options.config_place import find_config
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.operations.describe.inputs import read_text_input

KEYS = ("trust", "revoked", "tsa-roots", "policy")
MAX_CONFIG_BYTES = 64 * 1024  # four paths and some comments
_META = "archtool.config"


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration that was read."""

    path: Path | None
    """Where it lies; `None` where there is none."""
    files: dict[str, Path]
    """By the keys that it has."""


def from_config(key: str) -> Callable[[], Path | None]:
    """What an option falls back to: evaluated only where nothing else says it."""

    def look() -> Path | None:
        context = click.get_current_context()
        if context.resilient_parsing:  # completing a command line is no time for complaints
            return None
        return _config_of(context).files.get(key)

    return look


def consulted() -> Path | None:
    """The configuration, if this command had to look into it."""
    read = click.get_current_context().meta.get(_META)
    return read.path if read is not None else None


def _config_of(context: click.Context) -> Config:
    if _META not in context.meta:
        found = find_config()
        context.meta[_META] = read_config(Path(found)) if found is not None else Config(None, {})
    config: Config = context.meta[_META]
    return config


def read_config(path: Path) -> Config:
    """Read a configuration, strictly: what is misspelt would silently believe nobody, or everybody.

    Raises:
        InputError: it cannot be read, is no TOML, or has a key that is not known; or a file that it names
            is not there.
    """
    where = shown(str(path))
    table = _parse(read_text_input(path, MAX_CONFIG_BYTES, "the configuration"), where)
    for key in table:
        if key not in KEYS:
            raise InputError(f"{where}: unknown key: {key!r}", hint=f"the known keys are: {', '.join(KEYS)}")
    folder = path.absolute().parent
    return Config(path, {key: _file(value, folder, f"{where}: {key}") for key, value in table.items()})


def _parse(data: bytes, where: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{where} is not TOML: {error}", hint='write: trust = "allowed_signers"') from None
    except RecursionError:
        raise InputError(f"{where} is nested too deeply for a configuration") from None


def _file(value: object, folder: Path, where: str) -> Path:
    if not isinstance(value, str) or not value:
        raise InputError(f"{where}: not the name of a file: {str(value)[:80]!r}", hint="write it in quotes")
    path = folder / os.path.expanduser(value)  # noqa: PTH111 - where there is no home, `~` stays as it is
    if not path.is_file():
        raise InputError(
            f"{where}: there is no such file: {shown(str(path))}",
            hint="a path counts from the folder of the configuration",
        )
    return path
