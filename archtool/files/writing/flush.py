"""Flushes what many processes wrote with one call: whoever comes while one is at it waits for the next.

Each package that is flushed by itself waits for the disk some twenty times. Where many are made side by
side, one `syncfs` is enough for all that were ready when it began.
"""

from __future__ import annotations

import errno
import os
import struct
import time
from collections.abc import Callable
from pathlib import Path

from archtool.files.writing.tree_operations import IS_POSIX
from archtool.files.writing.writeback import flush_file_system_of

if IS_POSIX:
    import fcntl

_STATE = struct.Struct(
    "=QQQ"
)  # the file system; when the last call that held began, and the last that failed


class FlushTogether:
    """Shared by the processes that are forked after it was made.

    Their lock is one that the system lets go of when its holder dies, and a call counts only once it has come
    back: a process that is killed in the middle of it leaves nothing that another could rely on wrongly.
    """

    def __init__(self) -> None:
        import tempfile

        with tempfile.TemporaryFile() as file:
            self._descriptor = os.dup(file.fileno())
        os.ftruncate(self._descriptor, _STATE.size)

    def __del__(self) -> None:
        os.close(self._descriptor)

    def __reduce__(self) -> tuple[type[FlushTogether], tuple[()]]:
        """Sent to a process that was not forked, on another machine maybe, it is a new one there."""
        return FlushTogether, ()

    def flush(self, folder: Path, flush_alone: Callable[[Path], None]) -> None:
        """Have all that this process wrote to the folder's file system on the disk before this returns.

        Where one call cannot do that, `flush_alone` does it for this folder.

        Raises:
            OSError: the disk refuses, or has refused what others wrote at the same time: nobody can tell
                whose it was.
        """
        ready_at = time.monotonic_ns()
        if not IS_POSIX or not self._is_done(folder, ready_at):
            flush_alone(folder)

    def _is_done(self, folder: Path, ready_at: int) -> bool:
        device, descriptor = folder.stat().st_dev, self._descriptor
        fcntl.lockf(descriptor, fcntl.LOCK_EX)
        try:
            shared, held_at, failed_at = _STATE.unpack(os.pread(descriptor, _STATE.size, 0))
            if shared not in (0, device):
                return False
            if failed_at >= ready_at:
                raise OSError(errno.EIO, os.strerror(errno.EIO), str(folder))
            if held_at >= ready_at:
                return True
            begun_at = time.monotonic_ns()
            try:
                if not flush_file_system_of(folder):
                    return False
            except OSError:
                os.pwrite(descriptor, _STATE.pack(device, held_at, begun_at), 0)
                raise
            os.pwrite(descriptor, _STATE.pack(device, begun_at, failed_at), 0)
            return True
        finally:
            fcntl.lockf(descriptor, fcntl.LOCK_UN)
