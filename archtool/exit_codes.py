"""Defines the exit codes, and which of them wins when several subjects end differently."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes that scripts can rely on; documented in `docs/exit-codes.md`."""

    DONE = 0
    PROBLEMS_FOUND = 1
    USAGE = 2
    INPUT_UNUSABLE = 3
    NOT_TRUSTED = 4
    SURROUNDINGS = 5
    BATCH_HAS_FAILURES = 6
    BUG = 70
    INTERRUPTED = 130


# The first code in this order wins. Codes 2 and 6 are not listed: they are never combined with others.
_WORST_FIRST = (
    ExitCode.INTERRUPTED,
    ExitCode.BUG,
    ExitCode.SURROUNDINGS,
    ExitCode.INPUT_UNUSABLE,
    ExitCode.PROBLEMS_FOUND,
    ExitCode.NOT_TRUSTED,
)


def worst_exit_code(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the exit code of a run over several subjects."""
    distinct = set(codes)
    if not distinct:  # the usual case
        return ExitCode.DONE
    return next((code for code in _WORST_FIRST if code in distinct), ExitCode.DONE)
