"""Flushes what many processes wrote with one system call, which covers all packages ready at its beginning.

A package that is flushed separately waits for the disk about twenty times. Where many packages are made in
parallel, one `syncfs` is enough for all that were ready when it began.
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

# the file system; when the last successful call began; when the last failed call began
_STATE = struct.Struct("=QQQ")


class FlushTogether:
    """State of common flushes, shared by the processes that are forked after it was made.

    The system releases its lock when the holder dies, and a call counts only after it has returned: a process
    that is killed during the call leaves no state that another process could rely on wrongly.
    """

    def __init__(self) -> None:
        import tempfile  # lazy: brings `shutil` and `random`, only a batch that packs needs it

        with tempfile.TemporaryFile() as file:
            self._descriptor = os.dup(file.fileno())
        os.ftruncate(self._descriptor, _STATE.size)

    def __del__(self) -> None:
        os.close(self._descriptor)

    def __reduce__(self) -> tuple[type[FlushTogether], tuple[()]]:
        """Make a new state in a process that was not forked, possibly on another machine."""
        return FlushTogether, ()

    def flush(self, folder: Path, flush_separately: Callable[[Path], None]) -> None:
        """Flush all that this process wrote to the folder's file system; return when it is on the disk.

        Where one call for all is not possible, `flush_separately` does it for this folder.

        Raises:
            OSError: the flush fails, or failed for what other processes wrote at the same time: the system
                does not report which process a failure concerns.
        """
        ready_at = time.monotonic_ns()
        if not IS_POSIX or not self._flush_all(folder, ready_at):
            flush_separately(folder)

    def _flush_all(self, folder: Path, ready_at: int) -> bool:
        """Flush the file system, unless a call that began after `ready_at` did; False where impossible."""
        device, descriptor = folder.stat().st_dev, self._descriptor
        fcntl.lockf(descriptor, fcntl.LOCK_EX)
        try:
            shared, done_at, failed_at = _STATE.unpack(os.pread(descriptor, _STATE.size, 0))
            if shared not in (0, device):
                return False
            if failed_at >= ready_at:
                raise OSError(errno.EIO, os.strerror(errno.EIO), str(folder))
            if done_at >= ready_at:
                return True
            begun_at = time.monotonic_ns()
            try:
                if not flush_file_system_of(folder):
                    return False
            except OSError:
                os.pwrite(descriptor, _STATE.pack(device, done_at, begun_at), 0)
                raise
            os.pwrite(descriptor, _STATE.pack(device, begun_at, failed_at), 0)
            return True
        finally:
            fcntl.lockf(descriptor, fcntl.LOCK_UN)
