"""The program's entry point: answers `--version` before any module that reads options is imported."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from archtool import __version__
from archtool.cli.terminal import output


def run() -> None:
    """Run the command line and end the process with its exit code."""
    _require_utf8()
    gc.set_threshold(50_000, 20, 20)  # imports and manifests create many objects and no garbage
    try:
        _run(sys.argv[1:])
    finally:
        output.finish()
        gc.freeze()  # or the interpreter searches all remaining objects for garbage before it exits


def _require_utf8() -> None:
    """Start Python again in its UTF-8 mode if the locale is another: names in manifests are UTF-8.

    Otherwise a file `é.txt` would be looked for under another name, and not be found. Python decides the
    encoding of file names when it starts, so it cannot be changed later.

    Source: PEP 540; Python, `sys.orig_argv`.
    """
    if sys.getfilesystemencoding() != output.ENCODING and not sys.flags.utf8_mode and sys.executable:
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606 - no shell


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
