"""Where the program begins: a question that needs nothing is answered before anything is imported."""

from __future__ import annotations

import gc
import sys

from archtool import __version__
from archtool.cli import screen


def run() -> None:
    """Run the command line and end the process with its exit code."""
    gc.set_threshold(50_000, 20, 20)  # imports and manifests make many objects, and no garbage
    if sys.argv[1:] == ["--version"]:  # scripts ask it before every run; click alone takes longer
        _tell_version()
        return
    from archtool.cli.main import run as run_command

    run_command()


def _tell_version() -> None:
    try:
        screen.data(f"{screen.PROGRAM} {__version__}\n")
    except screen.ReaderGoneError:
        sys.exit(5)  # as `boundary` has it
