"""Finds the configuration files; a small module, because every run of `verify` needs it.

The paths are few and fixed by the XDG Base Directory Specification (on Windows, the folder in APPDATA), so
they are put together here: platformdirs 4.14 takes 6 ms (`python -X importtime`, the median of 40 starts).
"""

from __future__ import annotations

import os

CONFIG_VARIABLE = "ARCHTOOL_CONFIG"
PROJECT_FILE = "archtool.toml"
_USER_FILE = os.path.join("archtool", "config.toml")  # noqa: PTH118 - before pathlib is needed


def find_config() -> str | None:
    """Return the path of the user's configuration: ARCHTOOL_CONFIG, else the platform's, if it exists.

    An empty ARCHTOOL_CONFIG means that there is no configuration. The path in ARCHTOOL_CONFIG is not checked
    here: the function that reads the file reports a missing one.
    """
    named = os.environ.get(CONFIG_VARIABLE)
    if named is not None:
        return named or None
    path = user_config_path()
    return path if path and os.path.lexists(path) else None


def find_project_config() -> str | None:
    """Return the nearest archtool.toml in the working folder or above it; `None` if there is none.

    With ARCHTOOL_CONFIG, no other file than the one in the variable is read.
    """
    if CONFIG_VARIABLE in os.environ:
        return None
    try:
        folder = os.getcwd()  # noqa: PTH109
    except FileNotFoundError:  # the folder was deleted
        return None
    while True:
        path = os.path.join(folder, PROJECT_FILE)  # noqa: PTH118
        if os.path.lexists(path):
            return path
        above = os.path.dirname(folder)  # noqa: PTH120
        if above == folder:
            return None
        folder = above


def user_config_path() -> str | None:
    """Return where the user's configuration belongs, also if it does not exist; `None` without a home."""
    folder = _config_folder()
    return os.path.join(folder, _USER_FILE) if folder else None  # noqa: PTH118


def _config_folder() -> str:
    if os.name == "nt":
        return os.environ.get("APPDATA", "")
    named = os.environ.get("XDG_CONFIG_HOME", "")
    if os.path.isabs(named):  # noqa: PTH117 - the specification requires that a relative path is ignored
        return named
    home = os.path.expanduser("~")  # noqa: PTH111
    return os.path.join(home, ".config") if os.path.isabs(home) else ""  # noqa: PTH117, PTH118
