"""The point of no return: what got its name is there, whatever the disk says when it is asked to keep it."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

from archtool.files.writing.tree_operations import flush

_ENDING = {signal.SIGINT, signal.SIGTERM}


class NotOnDiskError(OSError):
    """A file or folder has its name, and the disk did not confirm that it will keep it."""

    def __init__(self, name: str, error: OSError) -> None:
        super().__init__(error.errno, error.strerror or str(error))
        self.name = name
        """What is in place."""


def flush_name(folder: Path, name: str) -> None:
    """Have a folder's list of names on the disk after something in it got its name.

    Raises:
        NotOnDiskError: the disk refuses; the name is there all the same.
    """
    with confirming(name):
        flush(folder)


@contextlib.contextmanager
def confirming(name: str) -> Iterator[None]:
    """Say of an `OSError` that what it is about is in place.

    Raises:
        NotOnDiskError: see above.
    """
    try:
        yield
    except OSError as error:
        raise NotOnDiskError(name, error) from error


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Delay Ctrl-C and SIGTERM until renames that belong together are all done."""
    can_block = hasattr(signal, "pthread_sigmask") and threading.current_thread() is threading.main_thread()
    if not can_block:
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
