"""Gets what was written onto the disk itself at its true cost: begun early, and waited for once.

One fsync after another makes the disk wait for us and us for the disk. `syncfs` waits once for all files;
since Linux 5.8 it also says when a write that nobody waited for had failed, before that it is not used.

Source: syncfs(2), sync_file_range(2).
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ctypes

EARLY_BYTES = 32 * 1024 * 1024  # the disk begins to write a file when so much of it is there
_RANGE_WRITE = 2  # SYNC_FILE_RANGE_WRITE: begin, and do not wait
_TELLS_OF_FAILURES = (5, 8)


@cache
def _libc() -> ctypes.CDLL | None:
    """The C library of a Linux that has both calls; `None` elsewhere."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    with contextlib.suppress(OSError):
        library = ctypes.CDLL(None, use_errno=True)
        if hasattr(library, "syncfs") and hasattr(library, "sync_file_range"):
            return library
    return None


def begin_writing(descriptor: int, offset_bytes: int, size_bytes: int) -> None:
    """Let the disk begin to write a stretch of a file; nothing is promised, and nothing is waited for."""
    library = _libc()
    if library is not None:
        import ctypes

        offset, size = ctypes.c_int64(offset_bytes), ctypes.c_int64(size_bytes)
        library.sync_file_range(descriptor, offset, size, _RANGE_WRITE)


def _kernel() -> tuple[int, ...]:
    numbers: Any = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return tuple(map(int, numbers.groups())) if numbers else (0, 0)


def flush_file_system_of(folder: Path) -> bool:
    """Have everything that was written to the folder's file system on the disk before this returns.

    False, and nothing is done, where no call does this and tells of every failure.

    Raises:
        OSError: the disk refuses, or refused a write since it was mounted that nobody heard of.
    """
    library = _libc()
    if library is None or _kernel() < _TELLS_OF_FAILURES:
        return False
    import ctypes

    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if library.syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(descriptor)
    return True
