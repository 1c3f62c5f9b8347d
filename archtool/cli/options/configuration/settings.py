"""Gives options their values of the configuration, and tells where each value comes from."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from archtool.cli.options.configuration.config import Config, Value, parse_text, read_configuration
from archtool.cli.options.configuration.config_keys import KEYS
from archtool.files.paths import shown

_META = "archtool.config"


@dataclass(frozen=True, slots=True)
class Setting:
    """A key and the value that counts if the command line says nothing."""

    key: str
    value: Value | None
    """`None` if nothing sets it."""
    origin: str
    """The variable, or the file with the line; `default` if nothing sets it."""

    @property
    def shown(self) -> str:
        """The value for a person; without one, what counts then."""
        if self.value is None:
            return KEYS[self.key].default
        if isinstance(self.value, tuple):
            return ", ".join(shown(str(one)) for one in self.value)
        return shown(str(self.value))


def configurable(key: str) -> dict[str, Any]:
    """Return the variable and the default of an option that the configuration can set, for `click.option`."""
    return {"envvar": KEYS[key].variable, "default": from_config(key)}


def from_config(key: str) -> Callable[[], Value | None]:
    """Return the default of an option: click calls it only if no option and no variable gives a value."""

    def default() -> Value | None:
        context = click.get_current_context()
        if context.resilient_parsing:  # shell completion must not report errors
            return None
        return _config_of(context).value(key)

    return default


def configured_text(key: str) -> str | None:
    """Return the value of a key from its variable, else from the files, for code without an option.

    Raises:
        InputError: the variable's value is not among the choices of the key, or a file is not valid.
    """
    variable = os.environ.get(KEYS[key].variable)
    if variable:
        return parse_text(KEYS[key], variable, KEYS[key].variable)
    value = _config_of(click.get_current_context()).value(key)
    return None if value is None else str(value)


def is_on_command_line(parameter: str) -> bool:
    """Whether the command line gives this parameter, which can contradict others; files do not count."""
    source = click.get_current_context().get_parameter_source(parameter)
    return source is click.core.ParameterSource.COMMANDLINE


def trusting_configs() -> tuple[Path, ...]:
    """Return the configuration files that this command has read and that say whom or what to trust."""
    config = click.get_current_context().meta.get(_META)
    files = config.files if config is not None else ()
    return tuple(file.path for file in files if any(KEYS[key].needs_trust for key in file.values))


def all_settings() -> tuple[Setting, ...]:
    """Return every key with its value and origin.

    Raises:
        InputError: a file is not valid.
    """
    config = _config_of(click.get_current_context())
    return tuple(_setting(key, config) for key in KEYS)


def _setting(key: str, config: Config) -> Setting:
    variable = KEYS[key].variable
    if os.environ.get(variable):
        return Setting(key, os.environ[variable], f"variable {variable}")
    file = config.file_with(key)
    if file is None:
        return Setting(key, None, "default")
    return Setting(key, file.values[key], f"{shown(str(file.path))}:{file.lines[key]}")


def _config_of(context: click.Context) -> Config:
    if _META not in context.meta:
        context.meta[_META] = read_configuration()
    config: Config = context.meta[_META]
    return config
