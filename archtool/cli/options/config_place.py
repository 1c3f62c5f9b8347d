"""Where the configuration lies; small, for every run of `verify` asks.

Source: XDG Base Directory Specification; on Windows the folder that APPDATA names.
"""

from __future__ import annotations

import os

CONFIG_VARIABLE = "ARCHTOOL_CONFIG"
_BELOW = os.path.join("archtool", "config.toml")  # noqa: PTH118 - before pathlib is needed


def find_config() -> str | None:
    """The configuration to be read: what ARCHTOOL_CONFIG names, else the platform's own, if it is there.

    An empty ARCHTOOL_CONFIG means that there is none. What it names is not looked for here: a name that
    leads nowhere is an error of whoever reads it.
    """
    named = os.environ.get(CONFIG_VARIABLE)
    if named is not None:
        return named or None
    folder = _folder()
    path = os.path.join(folder, _BELOW) if folder else ""  # noqa: PTH118
    return path if path and os.path.lexists(path) else None


def _folder() -> str:
    if os.name == "nt":
        return os.environ.get("APPDATA", "")
    named = os.environ.get("XDG_CONFIG_HOME", "")
    if os.path.isabs(named):  # noqa: PTH117 - a relative one is to be ignored, says the specification
        return named
    home = os.path.expanduser("~")  # noqa: PTH111
    return os.path.join(home, ".config") if os.path.isabs(home) else ""  # noqa: PTH117, PTH118
