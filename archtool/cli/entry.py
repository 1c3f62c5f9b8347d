"""Where the program begins: what needs no options is done before anything is imported that reads them.

Importing click takes a third of the time of a small command; scripts run these two by the thousand.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from archtool import __version__
from archtool.cli import screen

_DECIDES_MORE = (
    "ARCHTOOL_TRUST",
    "ARCHTOOL_REVOKED",
    "ARCHTOOL_TSA_ROOTS",
    "ARCHTOOL_POLICY",
    "_ARCHTOOL_COMPLETE",
)  # options by another way


def run() -> None:
    """Run the command line and end the process with its exit code."""
    gc.set_threshold(50_000, 20, 20)  # imports and manifests make many objects, and no garbage
    words = sys.argv[1:]
    if words == ["--version"]:
        _tell_version()
    elif names_only_bags(words):
        _verify(words)
    else:
        from archtool.cli.main import run as run_command

        run_command()


def names_only_bags(words: Sequence[str]) -> bool:
    """Whether this is `verify BAG...`, and nothing else decides what it does."""
    is_plain = len(words) > 1 and words[0] == "verify" and not any(w.startswith("-") for w in words)
    if not is_plain or "" in words or any(os.environ.get(name) for name in _DECIDES_MORE):
        return False
    from archtool.cli.config_place import find_config

    return find_config() is None


def _tell_version() -> None:
    try:
        screen.data(f"{screen.PROGRAM} {__version__}\n")
    except screen.ReaderGoneError:
        sys.exit(5)  # as `boundary` has it


def _verify(words: Sequence[str]) -> None:
    from archtool.cli import boundary
    from archtool.cli.verifying import verify_named

    screen.prepare()
    sys.exit(boundary.guard(lambda: verify_named(words[1:]), words))
