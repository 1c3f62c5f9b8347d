"""Signals: Ctrl-C and SIGTERM end a command in the same way, and neither is lost.

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
    from sys import UnraisableHookArgs  # exists for type checkers only

AGAIN_AFTER_SECONDS = 0.01  # by then the code that swallowed an interrupt has ended, or swallows it again


_REPEATED_SECONDS = 1.0  # two signals within this time are one request: `timeout` and a shell send both


class Interrupt(KeyboardInterrupt):
    """Ctrl-C or a SIGTERM.

    A subclass, because a plain `KeyboardInterrupt` that leaves code which is run from text (as in
    `dataclass`) makes Python end itself by SIGINT, even if it was caught, and not with archtool's exit code.
    """


def install() -> None:
    """Let both signals raise `Interrupt`; if Python swallows the exception, it is raised again."""
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # shells start background jobs like this
        signal.signal(signal.SIGINT, _interrupt)
    if hasattr(signal, "setitimer"):  # without it, the user must press Ctrl-C again in that rare case
        sys.unraisablehook = partial(_raise_again, sys.unraisablehook)


def ignore() -> None:
    """Ignore both signals: the command is ending, and a second signal must not cause a traceback."""
    for number in (signal.SIGTERM, signal.SIGINT):
        if signal.getsignal(number) is _interrupt:
            signal.signal(number, signal.SIG_IGN)


def remove() -> None:
    """Ignore both signals and stop the timer that raises an interrupt again: the command has ended."""
    ignore()
    if hasattr(signal, "setitimer") and signal.getsignal(signal.SIGALRM) is _interrupt:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    now = time.monotonic()
    is_repeated = now - _last_signal.at < _REPEATED_SECONDS and number != getattr(signal, "SIGALRM", None)
    if is_repeated:  # it must not interrupt the clean-up that the first one started
        return
    _last_signal.at = now
    raise Interrupt


class _LastSignal:
    """The time of the last signal, by `time.monotonic`."""

    at = -_REPEATED_SECONDS


_last_signal = _LastSignal()


def _raise_again(report: Callable[[UnraisableHookArgs], object], swallowed: UnraisableHookArgs) -> None:
    """Handle an exception that no code can catch: one from a finaliser, or a weak reference's callback."""
    if issubclass(swallowed.exc_type, Interrupt):
        signal.signal(signal.SIGALRM, _interrupt)
        signal.setitimer(signal.ITIMER_REAL, AGAIN_AFTER_SECONDS)
    else:
        report(swallowed)
