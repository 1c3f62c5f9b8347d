"""Empties the file system's caches, so that the next reader reads from the disk."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path

_SWITCH = Path("/proc/sys/vm/drop_caches")


class Cold(Enum):
    """How the cache is emptied; the value is the text for the table."""

    DROP = "the kernel dropped its caches of data, names and inodes (programs were cold too)"
    ADVISE = "the kernel was advised to drop the files' data (names and inodes stayed)"


def choose_cold(wanted: str) -> Cold:
    """Return the method that is permitted on this machine: `drop` falls back to `advise`."""
    if wanted == "drop" and _drop():
        return Cold.DROP
    return Cold.ADVISE


def make_cold(folder: Path, cold: Cold) -> None:
    """Empty the cache, at least of the files in a folder."""
    os.sync()
    if cold is Cold.DROP:
        if not _drop():
            raise PermissionError("the caches can no longer be dropped")
        return
    for path in folder.rglob("*"):
        if path.is_file():
            _advise(path)


def _drop() -> bool:
    os.sync()
    try:
        _SWITCH.write_text("3\n", encoding="ascii")
    except OSError:
        return False
    return True


def _advise(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)
