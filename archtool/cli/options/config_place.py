"""Finds the configuration file; a small module, because every run of `verify` needs it.

Source: XDG Base Directory Specification; on Windows, the folder in APPDATA.
"""

from __future__ import annotations

import os

CONFIG_VARIABLE = "ARCHTOOL_CONFIG"
_RELATIVE_PATH = os.path.join("archtool", "config.toml")  # noqa: PTH118 - before pathlib is needed


def find_config() -> str | None:
    """Return the path of the configuration: the value of ARCHTOOL_CONFIG, else the platform's, if it exists.

    An empty ARCHTOOL_CONFIG means that there is no configuration. The path in ARCHTOOL_CONFIG is not checked
    here: the function that reads the file reports a missing one.
    """
    named = os.environ.get(CONFIG_VARIABLE)
    if named is not None:
        return named or None
    folder = _config_folder()
    path = os.path.join(folder, _RELATIVE_PATH) if folder else ""  # noqa: PTH118
    return path if path and os.path.lexists(path) else None


def _config_folder() -> str:
    if os.name == "nt":
        return os.environ.get("APPDATA", "")
    named = os.environ.get("XDG_CONFIG_HOME", "")
    if os.path.isabs(named):  # noqa: PTH117 - the specification requires that a relative path is ignored
        return named
    home = os.path.expanduser("~")  # noqa: PTH111
    return os.path.join(home, ".config") if os.path.isabs(home) else ""  # noqa: PTH117, PTH118
