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
    try:
        _run(sys.argv[1:])
    finally:
        gc.freeze()  # or all that is left is searched for garbage before it goes with the process


def _run(words: Sequence[str]) -> None:
    if words == ["--version"]:
        _tell_version()
    elif (plain := plain_verification(words)) is not None:
        _verify(words, *plain)
    else:
        from archtool.cli.main import run as run_command

        run_command()


def plain_verification(words: Sequence[str]) -> tuple[Sequence[str], int | None] | None:
    """The bags of `verify [--jobs N] BAG...`, and N; `None` where anything else decides what it does."""
    if len(words) < 2 or words[0] != "verify":
        return None
    from archtool.operations.places import may_be_by_product

    bags, jobs = words[1:], None
    if bags[0] == "--jobs" and len(bags) > 2:
        jobs, bags = _jobs_of(bags[1]), bags[2:]
        if jobs is None:
            return None
    if "" in bags or any(bag.startswith("-") or may_be_by_product(bag) for bag in bags):
        return None
    if any(os.environ.get(name) for name in _DECIDES_MORE):
        return None
    from archtool.cli.config_place import find_config

    return (bags, jobs) if find_config() is None else None


def _jobs_of(text: str) -> int | None:
    """What the option takes, in the form that everybody writes."""
    from archtool.cli.outfit import MAX_JOBS

    is_plain = text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_JOBS))
    return int(text) if is_plain and 1 <= int(text) <= MAX_JOBS else None


def _tell_version() -> None:
    try:
        screen.data(f"{screen.PROGRAM} {__version__}\n")
    except screen.ReaderGoneError:
        sys.exit(5)  # as `boundary` has it
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the last flush fails once more
        screen.message(f"{screen.PROGRAM}: error: the version cannot be printed: {error.strerror}")
        sys.exit(5)


def _verify(words: Sequence[str], bags: Sequence[str], jobs: int | None) -> None:
    from archtool.cli import boundary

    def verify() -> int:
        from archtool.cli.verify_plainly import verify_plainly  # within the boundary: it takes a while

        return verify_plainly(bags, jobs)

    screen.prepare()
    sys.exit(boundary.guard(verify, words))
