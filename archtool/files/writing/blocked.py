"""Repeats a rename or a removal that another program blocks for a moment.

An antivirus, an indexer or a synchronisation service opens each new file shortly after it was written, and
Windows and network shares refuse to rename or remove a file, or a folder around it, that is open. Such a
refusal passes. One that does not pass (a permission on POSIX, a mount point) is never repeated.

Flushing is not repeated: after a failed `fsync` the system may have dropped the data, and the next call would
report success.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from archtool.files.limits import MAX_BLOCKED_SECONDS

_P = ParamSpec("_P")
_T = TypeVar("_T")
# EBUSY and ETXTBSY: the file is in use (Linux reports a share's sharing violation so); ESTALE: an NFS server
# has restarted or moved the folder. EACCES and EPERM are not here: on POSIX they are permissions
_BLOCKED = frozenset((errno.EBUSY, errno.ETXTBSY, errno.ESTALE))
# access denied (also while an open file waits for its removal), sharing violation, lock violation, folder
# not empty (a file in it waits for its removal)
_BLOCKED_ON_WINDOWS = frozenset((5, 32, 33, 145))
_NO_MOUNT_POINT = "choose a target that is not a mount point, for instance a folder in it"
_END_THE_PROGRAM = (
    "end the program that uses it (an antivirus, an indexer, a synchronisation service), then run the same "
    "command again"
)
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.05, 1.0


class BlockedError(OSError):
    """A file or folder was in use by another program until the time for retries was over, or always is."""

    def __init__(self, error: OSError, reason: str, hint: str) -> None:
        super().__init__(error.errno, f"{reason} ({error.strerror or error})", error.filename)
        self.hint = hint
        """What the user can do about it."""


class Patience:
    """The time that is left for retries, shared by all calls that belong together."""

    def __init__(self, seconds: float = MAX_BLOCKED_SECONDS) -> None:
        self._seconds = seconds
        self._left_seconds = seconds

    def call(self, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Call a function with paths, again and again while it is blocked.

        Raises:
            BlockedError: it is still blocked when the time is over, or a path is a mount point.
            OSError: it fails for another reason.
        """
        pause_seconds = _FIRST_PAUSE_SECONDS
        while True:
            try:
                return call(*args, **kwargs)
            except OSError as error:
                if not is_blocked(error):
                    raise
                self._refuse_hopeless(error, args)
                time.sleep(min(pause_seconds, self._left_seconds))
                self._left_seconds -= pause_seconds
                pause_seconds = min(2 * pause_seconds, _LONGEST_PAUSE_SECONDS)

    def _refuse_hopeless(self, error: OSError, paths: tuple[object, ...]) -> None:
        if any(os.path.ismount(path) for path in paths if isinstance(path, str | os.PathLike)):
            raise BlockedError(error, "it is a mount point", _NO_MOUNT_POINT) from error
        if self._left_seconds <= 0:
            reason = f"another program has used it for {self._seconds:g} seconds"
            raise BlockedError(error, reason, _END_THE_PROGRAM) from error


def while_blocked(call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Call a function with paths; if another program blocks it, again for `MAX_BLOCKED_SECONDS`.

    Raises:
        BlockedError: it is still blocked when the time is over, or a path is a mount point.
        OSError: it fails for another reason.
    """
    return Patience().call(call, *args, **kwargs)


def is_blocked(error: OSError) -> bool:
    """Return whether a call failed because another program uses a file, which can pass."""
    number = getattr(error, "winerror", None)  # exists on Windows only
    return number in _BLOCKED_ON_WINDOWS if number is not None else error.errno in _BLOCKED
