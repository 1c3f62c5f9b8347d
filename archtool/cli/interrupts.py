"""Ctrl-C and a polite kill: both end a command in the same way, and neither is lost.

Source: Python's library, `signal` ("Note on Signal Handlers and Exceptions"), `sys.unraisablehook`.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

AGAIN_AFTER_SECONDS = 0.01  # what swallowed an interrupt has ended by then, or swallows it once more


class Interrupt(KeyboardInterrupt):
    """Ctrl-C or a kill.

    A class of our own: a plain `KeyboardInterrupt` that leaves code which is run from text (`dataclass` does
    so) makes Python end itself by SIGINT at last, whoever caught it, and not with our exit code.
    """


def listen() -> None:
    """Let both signals raise `Interrupt`; where Python swallows it, it comes again."""
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # so shells start what runs in the background
        signal.signal(signal.SIGINT, _interrupt)
    if hasattr(signal, "setitimer"):  # elsewhere a second Ctrl-C is needed in that rare case
        sys.unraisablehook = partial(_hear_again, sys.unraisablehook)


def forget() -> None:
    """Nothing comes again from here on: the command has ended."""
    if hasattr(signal, "setitimer") and signal.getsignal(signal.SIGALRM) is _interrupt:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise Interrupt


def _hear_again(report: Callable[[UnraisableHookArgs], object], swallowed: UnraisableHookArgs) -> None:
    """An exception that nobody can catch: raised in a finaliser, or in the callback of a weak reference."""
    if issubclass(swallowed.exc_type, Interrupt):
        signal.signal(signal.SIGALRM, _interrupt)
        signal.setitimer(signal.ITIMER_REAL, AGAIN_AFTER_SECONDS)
    else:
        report(swallowed)
