"""Ends a forked process with its parent, so that after a `kill -9` no process continues and keeps locks.

Linux can do it itself (`PR_SET_PDEATHSIG`). Elsewhere a thread checks for the parent once in a second.

Source: prctl(2).
"""

from __future__ import annotations

import functools
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_CHECK_SECONDS = 1.0


def end_with_parent(parent: int, with_signal: signal.Signals = signal.SIGKILL) -> None:
    """Send this process a signal when its parent ends; `parent` is the parent's number before the fork.

    The child calls this first.
    """
    if not _set_death_signal(with_signal):
        threading.Thread(target=_watch, args=(parent, with_signal), daemon=True).start()
    if os.getppid() != parent:  # the parent ended before the signal was set
        os.kill(os.getpid(), with_signal)


def _set_death_signal(with_signal: signal.Signals) -> bool:
    call = load_prctl()
    return call is not None and call(_PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0) == 0


@functools.cache
def load_prctl() -> Callable[..., int] | None:
    """Return the system's `prctl`, or None; a parent calls this once, so that no child has to load it."""
    if sys.platform != "linux":
        return None
    import ctypes  # lazy: slow to import, only forked processes need it

    return getattr(ctypes.CDLL(None), "prctl", None)


def _watch(parent: int, with_signal: signal.Signals) -> None:
    while os.getppid() == parent:
        time.sleep(_CHECK_SECONDS)
    os.kill(os.getpid(), with_signal)
