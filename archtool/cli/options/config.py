"""The configuration: the trust files and the register to use if neither options nor variables name them.

    trust     = "allowed_signers"
    revoked   = "~/keys/revoked_keys"
    tsa-roots = "tsa-roots.pem"
    policy    = "policy.yaml"
    register  = "archive.register"

The keys are named like the options. A relative path starts at the configuration's folder. The configuration
never names a key to sign with: a command signs only if an option requests it.
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

REGISTER = "register"
KEYS = ("trust", "revoked", "tsa-roots", "policy", REGISTER)
MAX_CONFIG_BYTES = 64 * 1024  # five paths and some comments
_META = "archtool.config"


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration that was read."""

    path: Path | None
    """The configuration's file; `None` if there is none."""
    files: dict[str, Path]
    """The files by configuration key."""


def from_config(key: str) -> Callable[[], Path | None]:
    """Return the default of an option: click calls it only if no option and no variable gives a value."""

    def default() -> Path | None:
        context = click.get_current_context()
        if context.resilient_parsing:  # shell completion must not report errors
            return None
        return _config_of(context).files.get(key)

    return default


def config_in_use() -> Path | None:
    """Return the path of the configuration if this command has read one."""
    config = click.get_current_context().meta.get(_META)
    return config.path if config is not None else None


def _config_of(context: click.Context) -> Config:
    if _META not in context.meta:
        found = find_config()
        context.meta[_META] = read_config(Path(found)) if found is not None else Config(None, {})
    config: Config = context.meta[_META]
    return config


def read_config(path: Path) -> Config:
    """Read a configuration strictly: a misspelt key would silently trust no key, or every key.

    Raises:
        InputError: it cannot be read, is not TOML, or has an unknown key; or a file that it names is missing,
            except the register.
    """
    where = shown(str(path))
    table = _parse(read_text_input(path, MAX_CONFIG_BYTES, "the configuration"), where)
    for key in table:
        if key not in KEYS:
            raise InputError(f"{where}: unknown key: {key!r}", hint=f"the known keys are: {', '.join(KEYS)}")
    folder = path.absolute().parent
    files = {key: _path(value, folder, f"{where}: {key}") for key, value in table.items()}
    for key, file in files.items():
        if key != REGISTER:  # a command that needs the register reports that it is missing
            _require_file(file, f"{where}: {key}")
    return Config(path, files)


def _parse(data: bytes, where: str) -> dict[str, Any]:
    import tomllib  # lazy: 2 ms, only a run with a configuration needs it

    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{where} is not TOML: {error}", hint='write: trust = "allowed_signers"') from None
    except RecursionError:
        raise InputError(
            f"{where} is nested too deeply for a configuration", hint='write: trust = "allowed_signers"'
        ) from None


def _path(value: object, folder: Path, where: str) -> Path:
    if not isinstance(value, str) or not value:
        raise InputError(
            f"{where}: not a file name: {str(value)[:80]!r}", hint="write the path of a file in quotes"
        )
    return folder / os.path.expanduser(value)  # noqa: PTH111 - without a home folder, `~` stays as it is


def _require_file(path: Path, where: str) -> None:
    if not path.is_file():
        raise InputError(
            f"{where}: no such file: {shown(str(path))}",
            hint="correct the path; a relative path starts at the configuration's folder",
        )
