"""Has the disk asked for many files before the first of them is read.

Whoever reads one small file after another waits for the disk each time, and the system's own reading ahead
ends with the file. Asked for some files at a time, the disk chooses the order, and a processor is busy with
some of them while others are on their way. What is in memory already is not read again.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress

from archtool.files.small_files import READ_FLAGS
from archtool.files.source import FileSource
from archtool.files.tree import Tree

NOT_OPEN = -1
CAN_ASK = hasattr(os, "posix_fadvise")
WINDOW_FILES = 128  # open at a time: 64 were slower, 512 no quicker, and some systems allow 256 in all
ASKED_BYTES = 64 * 1024  # of each: of a larger file the system itself reads on
_PATIENCE = 32  # windows without a wait; a quick disk is ahead of us now and then
_WORTH_FILES = 4  # tiny bags, of which there may be thousands, are spared the question


class StorageWait:
    """Whether this process has to wait for what it reads, as far as the last windows tell.

    Asking costs 6 % of the time where everything is in memory. The kernel counts how often a process gave up
    its processor by itself; one that has all that it wants nearly never does.
    """

    def __init__(self) -> None:
        self._times = -1
        self._quiet_windows = 0

    def is_likely(self) -> bool:
        """To be asked before each window."""
        import resource

        times = resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw
        self._quiet_windows = 0 if times != self._times else self._quiet_windows + 1
        self._times = times
        return self._quiet_windows < _PATIENCE


def open_ahead(tree: Tree, paths: Sequence[str], waiting: StorageWait) -> list[int]:
    """Open files for reading and have the disk asked for them; at most `WINDOW_FILES` at a time.

    Paths as for `bulk_check.check_in_bulk`; no link is followed. A file that cannot be opened is `NOT_OPEN`.
    The caller closes the files with `close_all`.
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
    if CAN_ASK and len(files) >= _WORTH_FILES and waiting.is_likely():
        _ask_for([file for file in files if file != NOT_OPEN])
    return files


def close_all(files: Sequence[int]) -> None:
    """Close those of the files that are open."""
    for file in files:
        if file != NOT_OPEN:
            os.close(file)


def _ask_for(files: Sequence[int]) -> None:
    # one after another, with nothing in between: the disk is woken once for many of them
    with suppress(OSError):  # a file system may not know how; it is read all the same
        for file in files:
            os.posix_fadvise(file, 0, ASKED_BYTES, os.POSIX_FADV_WILLNEED)


def request_readahead(source: FileSource, paths: Sequence[str], waiting: StorageWait) -> None:
    """Have the disk asked for files that the caller will open one by one; errors are left to the reader."""
    tree = getattr(source, "inner", source)  # of tag files that are remembered (`read_once`)
    if not CAN_ASK or not isinstance(tree, Tree) or len(paths) < _WORTH_FILES or not waiting.is_likely():
        return
    files: list[int] = []
    try:
        for path in paths:
            files.append(tree.open_file(path))  # noqa: PERF401 - those that are open are closed below
        _ask_for(files)
    except OSError:
        pass
    finally:
        close_all(files)
