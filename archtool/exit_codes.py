"""Exit codes: what a script can rely on, and which code wins where several subjects differ."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """What a script may rely on; documented in `docs/exit-codes.md`."""

    DONE = 0
    PROBLEMS_FOUND = 1
    USAGE = 2
    INPUT_UNUSABLE = 3
    NOT_TRUSTED = 4
    SURROUNDINGS = 5
    BATCH_HAS_FAILURES = 6
    BUG = 70
    INTERRUPTED = 130


# The worst wins; what stands first is worst. A code that is not here (2, 6) never competes.
_WORST_FIRST = (
    ExitCode.INTERRUPTED,
    ExitCode.BUG,
    ExitCode.SURROUNDINGS,
    ExitCode.INPUT_UNUSABLE,
    ExitCode.PROBLEMS_FOUND,
    ExitCode.NOT_TRUSTED,
)


def worst_exit_code(codes: Iterable[ExitCode]) -> ExitCode:
    """The code that a run over several subjects ends with."""
    seen = set(codes)
    if not seen:  # nearly always
        return ExitCode.DONE
    return next((code for code in _WORST_FIRST if code in seen), ExitCode.DONE)
