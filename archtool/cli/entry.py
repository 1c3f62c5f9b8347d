"""The program's entry point: answers `--version` before any module that reads options is imported."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from archtool import __version__
from archtool.cli.terminal import output


def run() -> None:
    """Run the command line and end the process with its exit code."""
    gc.set_threshold(50_000, 20, 20)  # imports and manifests create many objects and no garbage
    try:
        _run(sys.argv[1:])
    finally:
        output.finish()
        gc.freeze()  # or the interpreter searches all remaining objects for garbage before it exits


def _run(arguments: Sequence[str]) -> None:
    if arguments == ["--version"]:
        _print_version()
    else:
        from archtool.cli.main import run as run_command  # lazy: click and more, --version needs none of it

        run_command()


def _print_version() -> None:
    try:
        output.data(f"{output.PROGRAM} {__version__}\n")
    except output.ReaderGoneError:
        sys.exit(5)  # as in `error_boundary`
    except OSError as error:
        output.message(f"{output.PROGRAM}: error: the version cannot be printed: {error.strerror}")
        sys.exit(5)
