"""Makes a forked process end with its parent, so that nothing goes on after a `kill -9` and holds locks.

Linux does it by itself when asked (`PR_SET_PDEATHSIG`). Elsewhere a thread looks for the parent now and then.

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
_LOOK_SECONDS = 1.0


def end_with_parent(parent: int, with_signal: signal.Signals = signal.SIGKILL) -> None:
    """Have this process sent a signal when its parent ends; `parent` is the parent's number before the fork.

    To be called by the child, first of all.
    """
    if not _ask_linux(with_signal):
        threading.Thread(target=_watch, args=(parent, with_signal), daemon=True).start()
    if os.getppid() != parent:  # it ended before we could ask
        os.kill(os.getpid(), with_signal)


def _ask_linux(with_signal: signal.Signals) -> bool:
    call = load_prctl()
    return call is not None and call(_PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0) == 0


@functools.cache
def load_prctl() -> Callable[..., int] | None:
    """The system's `prctl`, where there is one; a parent calls this once, so that no child has to load it."""
    if sys.platform != "linux":
        return None
    import ctypes  # slow to import, and needed only where processes are forked

    return getattr(ctypes.CDLL(None), "prctl", None)


def _watch(parent: int, with_signal: signal.Signals) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os.kill(os.getpid(), with_signal)
