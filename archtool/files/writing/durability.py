"""Flushes names to the disk: after a rename the file is in place, even where the flush that follows fails."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

from archtool.files.writing.tree_operations import flush

_ENDING = {signal.SIGINT, signal.SIGTERM}


class NotOnDiskError(OSError):
    """A file or folder is in place under its name, but the disk did not confirm that it is stored."""

    def __init__(self, name: str, error: OSError) -> None:
        super().__init__(error.errno, error.strerror or str(error))
        self.name = name
        """The name of the file or folder."""


def flush_name(folder: Path, name: str) -> None:
    """Flush a folder's list of names to the disk after a file or folder in it got its name.

    Raises:
        NotOnDiskError: the flush fails; the file or folder is in place all the same.
    """
    with confirming(name):
        flush(folder)


@contextlib.contextmanager
def confirming(name: str) -> Iterator[None]:
    """Turn an `OSError` in the block into an error that says that `name` is in place.

    Raises:
        NotOnDiskError: the block raised an `OSError`.
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
