"""The command that installs an optional part of archtool: it must work for how archtool itself was installed.

The project's name on the package index is `archtool-bagit`: `archtool` there is another project.

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
    """The command for this machine, with the interpreter that runs archtool now."""
    return f"{_pip()} install {shlex.quote(_requirement(extra))}"


def install_command_elsewhere(extra: str, version: str) -> str:
    """The command for another machine, which must have the same version."""
    return f"python -m pip install '{DISTRIBUTION}[{extra}]=={version}'"


def _pip() -> str:
    here = shlex.quote(sys.executable)
    if util.find_spec("pip") is not None:
        return f"{here} -m pip"
    base = shlex.quote(getattr(sys, "_base_executable", sys.executable))  # an environment without pip
    return f"{base} -m pip --python {here}"


def _requirement(extra: str) -> str:
    origin = _origin()
    if origin is None:
        return f"{DISTRIBUTION}[{extra}]"
    if origin.is_dir():
        return f"{origin}[{extra}]"
    return f"{DISTRIBUTION}[{extra}] @ {origin.as_uri()}"


def _origin() -> Path | None:
    """The checkout, or the file, that archtool was installed from; `None`: a package index."""
    try:
        said = metadata.distribution(DISTRIBUTION).read_text("direct_url.json")
    except metadata.PackageNotFoundError:  # run in a checkout, and not installed
        checkout = Path(__file__).resolve().parent.parent
        return checkout if (checkout / "pyproject.toml").is_file() else None
    parts = urlsplit(json.loads(said)["url"]) if said is not None else None
    if parts is None or parts.scheme != "file":
        return None
    path = Path(url2pathname(parts.path))
    return path if path.exists() else None
