"""Says in words what each exit code means, and what to do; `docs/exit-codes.md` has the details."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass

from archtool.exit_codes import ExitCode

_SIGNAL_BASE = 128  # POSIX shells: the status of a program that a signal ended is 128 and its number


@dataclass(frozen=True, slots=True)
class ExitCodeWords:
    """The meaning of one exit code."""

    summary: str
    advice: str
    """What to do, in one sentence without its full stop."""


EXIT_CODE_WORDS: Mapping[ExitCode, ExitCodeWords] = {
    ExitCode.DONE: ExitCodeWords(
        "Done, and no problems were found; warnings are allowed, unless --strict counts them.",
        "nothing",
    ),
    ExitCode.PROBLEMS_FOUND: ExitCodeWords(
        "Done, and problems were found in the material: a changed or missing file, a broken signature.",
        "read the findings above; archtool explain CODE tells more about each",
    ),
    ExitCode.USAGE: ExitCodeWords(
        "The command line is wrong, or its target exists already; nothing was done.",
        "follow the hint, or see the command's --help",
    ),
    ExitCode.INPUT_UNUSABLE: ExitCodeWords(
        "An input cannot be used: missing, unreadable, changed while it was read, or not to its schema.",
        "correct the file that the message names, or its path",
    ),
    ExitCode.NOT_TRUSTED: ExitCodeWords(
        "The material is intact, but the trust that was asked for is not there.",
        "see which signer is missing: archtool show BAG; to trust a key: archtool keys trust KEY.pub",
    ),
    ExitCode.SURROUNDINGS: ExitCodeWords(
        "The surroundings failed: disk, permission, memory, network, a lock, the ssh-agent, a missing part.",
        "mend what the message names, and run the same command again; archtool doctor checks this machine",
    ),
    ExitCode.BATCH_HAS_FAILURES: ExitCodeWords(
        "A batch is done, and some of its jobs failed; each line of its output has its own exit code.",
        "mend these jobs; the same command runs only them again",
    ),
    ExitCode.BUG: ExitCodeWords(
        "A bug in archtool.",
        "report it, with what the same command prints under ARCHTOOL_DEBUG=1",
    ),
    ExitCode.INTERRUPTED: ExitCodeWords(
        "Interrupted by Ctrl-C or SIGTERM; nothing half-made is left.",
        "run the same command again",
    ),
}


def format_exit_code(code: ExitCode) -> list[str]:
    """Return the explanation of an exit code, line by line."""
    words = EXIT_CODE_WORDS[code]
    return [f"exit code {int(code)}", "", words.summary, f"What to do: {words.advice}."]


def explain_signal_status(status: int) -> str | None:
    """Return what a shell's status above 128 means, if a signal has that number."""
    try:
        name = signal.Signals(status - _SIGNAL_BASE).name
    except ValueError:
        return None
    return f"a shell gives {status} if the system ended a program with {name}; archtool did not choose it"
