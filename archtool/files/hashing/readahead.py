"""Requests the contents of many files from the disk before the first of them is read.

A program that reads one small file after another waits for the disk each time, and the system's own readahead
ends with the file. When several files are requested at a time, the disk chooses the order, and the processor
works on some of them while others are being read. Files that are in memory already are not read again.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress

from archtool.files.small_files import READ_FLAGS
from archtool.files.source import FileSource
from archtool.files.tree import Tree

NOT_OPEN = -1
CAN_REQUEST = hasattr(os, "posix_fadvise")
WINDOW_FILES = 128  # open at a time: 64 were slower, 512 not faster, and some systems allow 256 in all
REQUESTED_BYTES = 64 * 1024  # of each file: the system itself reads ahead in a larger one
_QUIET_WINDOWS = 32  # windows without a wait before requests stop; a fast disk sometimes causes no wait
_MIN_FILES = 4  # fewer are not worth a request: there can be thousands of tiny bags


class StorageWait:
    """Estimates from the last windows whether this process waits for the storage.

    Requests cost 6 % of the time where everything is in memory. The kernel counts how often a process gave up
    its processor voluntarily; a process that does not wait nearly never does.
    """

    def __init__(self) -> None:
        self._switches = -1
        self._quiet_windows = 0

    def is_likely(self) -> bool:
        """Return whether the process waits for the storage; call this once before each window."""
        import resource  # lazy: Windows does not have it

        switches = resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw
        self._quiet_windows = 0 if switches != self._switches else self._quiet_windows + 1
        self._switches = switches
        return self._quiet_windows < _QUIET_WINDOWS


def open_ahead(tree: Tree, paths: Sequence[str], storage_wait: StorageWait) -> list[int]:
    """Open at most `WINDOW_FILES` files for reading and request their contents; return the descriptors.

    The paths must just have been listed as regular files; no link is followed. The descriptor of a file that
    cannot be opened is `NOT_OPEN`. The caller closes the files with `close_all`.
    """
    files: list[int] = []
    open_file, folder, handle = os.open, "", NOT_OPEN
    for path in paths:
        above, _, name = path.rpartition("/")
        try:
            if above != folder or handle == NOT_OPEN:
                folder, handle = above, NOT_OPEN
                handle = tree.folder_handle(above)
            files.append(open_file(name, READ_FLAGS, dir_fd=handle))
        except OSError:
            files.append(NOT_OPEN)
    if CAN_REQUEST and len(files) >= _MIN_FILES and storage_wait.is_likely():
        _request([file for file in files if file != NOT_OPEN])
    return files


def close_all(files: Sequence[int]) -> None:
    """Close the files that are open."""
    for file in files:
        if file != NOT_OPEN:
            os.close(file)


def _request(files: Sequence[int]) -> None:
    # one after another without other calls in between: the disk is woken once for many of them
    with suppress(OSError):  # some file systems do not support it; the files are read all the same
        for file in files:
            os.posix_fadvise(file, 0, REQUESTED_BYTES, os.POSIX_FADV_WILLNEED)


def request_readahead(source: FileSource, paths: Sequence[str], storage_wait: StorageWait) -> None:
    """Request files that the caller will open one by one; errors are left to the reader."""
    tree = getattr(source, "inner", source)  # a `ReadOnceSource` wraps a tree
    if not CAN_REQUEST or not isinstance(tree, Tree) or len(paths) < _MIN_FILES:
        return
    if not storage_wait.is_likely():
        return
    files: list[int] = []
    try:
        for path in paths:
            files.append(tree.open_file(path))  # noqa: PERF401 - the open ones are closed below
        _request(files)
    except OSError:
        pass
    finally:
        close_all(files)
