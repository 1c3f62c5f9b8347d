"""Returns the command that installs an optional part of archtool, from where archtool itself was installed.

The project's name on the package index is `archtool-bagit`; `archtool` is a different project there.

Source: PyPA, "Recording the Direct URL Origin of installed distributions" (direct_url.json).
"""

from __future__ import annotations

import json
import shlex
import sys
from importlib import metadata, util
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

DISTRIBUTION = "archtool-bagit"


def install_command(extra: str) -> str:
    """Return the command for this machine, with the interpreter that runs archtool."""
    return f"{_pip()} install {shlex.quote(_requirement(extra))}"


def install_requirement_command(requirement: str, *, again: bool = False) -> str:
    """Return the command that installs a library, as `click>=8.1`; with `again`, one that is broken."""
    forced = "--force-reinstall --no-deps " if again else ""
    return f"{_pip()} install {forced}{shlex.quote(requirement)}"


def install_command_elsewhere(extra: str, version: str) -> str:
    """Return the command for another machine, which needs the same version."""
    return f"python -m pip install '{DISTRIBUTION}[{extra}]=={version}'"


def _pip() -> str:
    interpreter = shlex.quote(sys.executable)
    if util.find_spec("pip") is not None:
        return f"{interpreter} -m pip"
    base = shlex.quote(getattr(sys, "_base_executable", sys.executable))  # an environment without pip
    return f"{base} -m pip --python {interpreter}"


def _requirement(extra: str) -> str:
    origin = _origin()
    if origin is None:
        return f"{DISTRIBUTION}[{extra}]"
    if origin.is_dir():
        return f"{origin}[{extra}]"
    return f"{DISTRIBUTION}[{extra}] @ {origin.as_uri()}"


def _origin() -> Path | None:
    """Return the checkout or the file that archtool was installed from; `None` means a package index."""
    try:
        direct_url = metadata.distribution(DISTRIBUTION).read_text("direct_url.json")
    except metadata.PackageNotFoundError:  # run from a checkout, not installed
        checkout = Path(__file__).resolve().parent.parent
        return checkout if (checkout / "pyproject.toml").is_file() else None
    parts = urlsplit(json.loads(direct_url)["url"]) if direct_url is not None else None
    if parts is None or parts.scheme != "file":
        return None
    path = Path(url2pathname(parts.path))
    return path if path.exists() else None
