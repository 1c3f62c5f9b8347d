"""Reads the configuration: `archtool.toml` in the working folder or above, and the user's own `config.toml`.

    trust     = "allowed_signers"
    revoked   = "~/keys/revoked_keys"
    register  = "archive.register"
    jobs      = 8

The keys are named like the options (`config_keys`). A relative path starts at the file's folder. An option
comes before its variable, the variable before the project's file, the project's file before the user's.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archtool.cli.options.byte_size import parse_size
from archtool.cli.options.configuration.config_keys import (
    KEYS,
    TRUSTED_FOLDERS,
    ConfigKey,
    ValueKind,
    unknown_key_hint,
)
from archtool.cli.options.configuration.config_place import find_config, find_project_config, user_config_path
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.operations.describe.inputs import read_text_input

MAX_CONFIG_BYTES = 64 * 1024  # a dozen values and some comments
Value = Path | str | int | tuple[Path, ...]
_EXAMPLE = 'write: trust = "allowed_signers"'


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A configuration file that was read."""

    path: Path
    values: dict[str, Value]
    lines: dict[str, int]
    """The line of each key."""


@dataclass(frozen=True, slots=True)
class Config:
    """The files that apply, the nearest first."""

    files: tuple[ConfigFile, ...] = ()

    def file_with(self, key: str) -> ConfigFile | None:
        """Return the file whose value of a key counts; `None` if no file has one."""
        return next((file for file in self.files if key in file.values), None)

    def value(self, key: str) -> Value | None:
        """Return the value of a key; `None` if no file has one."""
        file = self.file_with(key)
        return file.values[key] if file is not None else None


def read_configuration() -> Config:
    """Find and read all files.

    Raises:
        InputError: a file cannot be read or is not valid, or a project's file names whom to trust and the
            user's file does not list its folder.
    """
    user_path, project_path = find_config(), find_project_config()
    user = read_config(Path(user_path)) if user_path is not None else None
    files = [user] if user is not None else []
    if project_path is not None:
        project = read_config(Path(project_path))
        _require_trusted_folder(project, user)
        files.insert(0, project)
    return Config(tuple(files))


def read_config(path: Path) -> ConfigFile:
    """Read a file strictly: a misspelt key would silently trust no key, or every key.

    Raises:
        InputError: it cannot be read, is not TOML, has an unknown key or a value of another kind; or a trust
            file that it names is missing.
    """
    where = shown(str(path))
    data = read_text_input(path, MAX_CONFIG_BYTES, "the configuration")
    table = _parse(data, where)
    lines = {key: _line_of(key, data) for key in table}
    for name in table:
        if name not in KEYS:
            raise InputError(f"{where}:{lines[name]}: unknown key: {name!r}", hint=unknown_key_hint(name))
    folder = path.absolute().parent
    values = {
        name: _value(KEYS[name], value, folder, f"{where}:{lines[name]}: {name}")
        for name, value in table.items()
    }
    return ConfigFile(path, values, lines)


def _require_trusted_folder(project: ConfigFile, user: ConfigFile | None) -> None:
    wanted = [name for name in project.values if KEYS[name].needs_trust or name == TRUSTED_FOLDERS]
    if not wanted:
        return
    folder = project.path.absolute().parent.resolve()
    name = shown(str(project.path))
    if TRUSTED_FOLDERS in wanted:
        raise InputError(
            f"{name}: {TRUSTED_FOLDERS} counts only in your own configuration",
            hint=f"move it to {shown(user_config_path() or 'your own configuration')}",
        )
    trusted = user.values.get(TRUSTED_FOLDERS) if user is not None else None
    if not isinstance(trusted, tuple) or folder not in [one.resolve() for one in trusted]:
        raise InputError(
            f"{name} sets {', '.join(wanted)}, and your own configuration does not trust this folder",
            hint=f'if the file is yours, write {TRUSTED_FOLDERS} = ["{shown(str(folder))}"] into'
            f" {shown(user_config_path() or 'your own configuration')}; to use no configuration, set"
            " ARCHTOOL_CONFIG=",
        )


def _parse(data: bytes, where: str) -> dict[str, Any]:
    import tomllib  # lazy: 2 ms, only a run with a configuration needs it

    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{where} is not TOML: {error}", hint=_EXAMPLE) from None
    except RecursionError:
        raise InputError(f"{where} is nested too deeply for a configuration", hint=_EXAMPLE) from None


def _line_of(key: str, data: bytes) -> int:
    """Return the line on which a key stands, for messages: tomllib does not tell it."""
    name = re.escape(key)
    found = re.search(rf"^[ \t\[]*[\"']?{name}[\"']?[ \t]*[=.\]]", data.decode("utf-8"), re.MULTILINE)
    return data[: len(data.decode("utf-8")[: found.start()].encode())].count(b"\n") + 1 if found else 1


def _value(key: ConfigKey, value: object, folder: Path, where: str) -> Value:
    """Return a value as its option takes it.

    Raises:
        InputError: it is of another kind.
    """
    match key.kind:
        case ValueKind.FILE:
            path = _path(value, folder, where)
            if key.must_exist:
                _require_file(path, where)
            return path
        case ValueKind.FOLDERS:
            if not isinstance(value, list):
                raise InputError(f"{where}: not a list of paths", hint='write: ["~/archive"]')
            return tuple(_path(one, folder, where) for one in value)
        case ValueKind.NUMBER:
            if type(value) is not int or not key.least <= value <= key.most:
                raise InputError(
                    f"{where}: not a number from {key.least} to {key.most}: {str(value)[:80]!r}",
                    hint="write it without quotes",
                )
            return value
        case ValueKind.SIZE:
            return _size(value, where)
        case _:
            return parse_text(key, value, where)


def _size(value: object, where: str) -> int:
    size_bytes = parse_size(str(value)) if type(value) in (str, int) else None
    if not size_bytes:
        raise InputError(f"{where}: not a size: {str(value)[:80]!r}", hint='write: "50M"')
    return size_bytes


def parse_text(key: ConfigKey, value: object, where: str) -> str:
    """Return a text that is allowed for a key; `where` begins the message about another one.

    Raises:
        InputError: it is empty, cannot be printed, or is not among the choices.
    """
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise InputError(f"{where}: not {key.kind.value}: {str(value)[:80]!r}", hint="write a text in quotes")
    if not key.choices:
        return value
    plain = value.lower().replace("-", "") if key.kind is ValueKind.ALGORITHM else value
    if plain not in key.choices:
        weak = " strong enough to be the usual one" if key.kind is ValueKind.ALGORITHM else ""
        raise InputError(
            f"{where}: not {key.kind.value}{weak}: {value[:80]!r}",
            hint=f"use one of: {', '.join(key.choices)}",
        )
    return plain


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
