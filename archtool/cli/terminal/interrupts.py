"""Ctrl-C and a polite kill: both end a command in the same way, and neither is lost.

Source: Python's library, `signal` ("Note on Signal Handlers and Exceptions"), `sys.unraisablehook`.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

AGAIN_AFTER_SECONDS = 0.01  # what swallowed an interrupt has ended by then, or swallows it once more


_REPEATED_SECONDS = 1.0  # two signals so close together are one wish: `timeout` and a shell send both


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


def ignore() -> None:
    """Hear nothing more: the command ends already, and a second signal must not end that in a traceback."""
    for number in (signal.SIGTERM, signal.SIGINT):
        if signal.getsignal(number) is _interrupt:
            signal.signal(number, signal.SIG_IGN)


def forget() -> None:
    """Nothing comes again from here on: the command has ended."""
    ignore()
    if hasattr(signal, "setitimer") and signal.getsignal(signal.SIGALRM) is _interrupt:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    now = time.monotonic()
    is_repeated = now - _heard.at < _REPEATED_SECONDS and number != getattr(signal, "SIGALRM", None)
    if is_repeated:  # it must not interrupt what the first one has begun to clear away
        return
    _heard.at = now
    raise Interrupt


class _Heard:
    """When the last signal was heard, in the time of `time.monotonic`."""

    at = -_REPEATED_SECONDS


_heard = _Heard()


def _hear_again(report: Callable[[UnraisableHookArgs], object], swallowed: UnraisableHookArgs) -> None:
    """An exception that nobody can catch: raised in a finaliser, or in the callback of a weak reference."""
    if issubclass(swallowed.exc_type, Interrupt):
        signal.signal(signal.SIGALRM, _interrupt)
        signal.setitimer(signal.ITIMER_REAL, AGAIN_AFTER_SECONDS)
    else:
        report(swallowed)
