"""Starts writing data to the disk early, and flushes a whole file system with one call.

With one fsync after another the disk and the program wait for each other. `syncfs` waits once for all files.
Since Linux 5.8 it also reports earlier writes that failed; on older kernels it is not used.

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

EARLY_BYTES = 32 * 1024 * 1024  # after so much new data the disk begins to write a file
_RANGE_WRITE = 2  # SYNC_FILE_RANGE_WRITE: begin, and do not wait
_FIRST_KERNEL = (5, 8)  # the first whose `syncfs` reports all failures


@cache
def _libc() -> ctypes.CDLL | None:
    """Return the C library of a Linux that has both calls; `None` elsewhere."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes  # lazy: slow to import, only Linux needs it

    with contextlib.suppress(OSError):
        library = ctypes.CDLL(None, use_errno=True)
        if hasattr(library, "syncfs") and hasattr(library, "sync_file_range"):
            return library
    return None


def begin_writing(descriptor: int, offset_bytes: int, size_bytes: int) -> None:
    """Make the disk begin to write a range of a file, without waiting and without any guarantee."""
    library = _libc()
    if library is not None:
        import ctypes  # lazy: slow to import, only Linux needs it

        offset, size = ctypes.c_int64(offset_bytes), ctypes.c_int64(size_bytes)
        library.sync_file_range(descriptor, offset, size, _RANGE_WRITE)


def _kernel() -> tuple[int, ...]:
    numbers: Any = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return tuple(map(int, numbers.groups())) if numbers else (0, 0)


def flush_file_system_of(folder: Path) -> bool:
    """Flush everything that was written to the folder's file system; return when it is on the disk.

    Return False, and do nothing, where no system call does this and reports every failure.

    Raises:
        OSError: the flush fails, or an earlier write since mounting failed that was not reported yet.
    """
    library = _libc()
    if library is None or _kernel() < _FIRST_KERNEL:
        return False
    import ctypes  # lazy: slow to import, only Linux needs it

    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if library.syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(descriptor)
    return True
