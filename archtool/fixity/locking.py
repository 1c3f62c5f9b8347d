"""Holds a folder for one run: a killed process lets go of it by itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archtool.fixity.whole_folders import IS_POSIX

if IS_POSIX:
    import fcntl


@contextmanager
def locked_folder(folder: Path) -> Iterator[os.stat_result | None]:
    """Hold the lock of a folder and give its status; where folders cannot be locked (Windows), `None`.

    Raises:
        BlockingIOError: another run holds it.
        OSError: it is missing, a link, or may not be opened.
    """
    if not IS_POSIX:
        yield None
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield os.fstat(descriptor)
    finally:
        os.close(descriptor)
