"""Where the program begins: `--version` is answered before anything is imported that reads options."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from archtool import __version__
from archtool.cli.terminal import output


def run() -> None:
    """Run the command line and end the process with its exit code."""
    gc.set_threshold(50_000, 20, 20)  # imports and manifests make many objects, and no garbage
    try:
        _run(sys.argv[1:])
    finally:
        gc.freeze()  # or all that is left is searched for garbage before it goes with the process


def _run(words: Sequence[str]) -> None:
    if words == ["--version"]:
        _tell_version()
    else:
        from archtool.cli.main import run as run_command

        run_command()


def _tell_version() -> None:
    try:
        output.data(f"{output.PROGRAM} {__version__}\n")
    except output.ReaderGoneError:
        sys.exit(5)  # as `boundary` has it
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the last flush fails once more
        output.message(f"{output.PROGRAM}: error: the version cannot be printed: {error.strerror}")
        sys.exit(5)
