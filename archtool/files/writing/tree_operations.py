"""Flushes or removes a folder with all that is in it, however deep: without recursion."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from archtool.files.writing.writeback import flush_file_system_of

_MANY_FILES = 64  # one after another they take longer than all that others may have written meanwhile
IS_POSIX = os.name == "posix"  # elsewhere folders can be neither locked nor flushed


def flush_folder(root: Path) -> None:
    """Have every file and folder on the disk itself before this returns.

    Raises:
        OSError: the disk refuses.
    """
    folders = _folders_below(root)
    files = [_files_in(folder) for folder in folders]
    if sum(map(len, files)) >= _MANY_FILES and flush_file_system_of(root):
        return
    for folder, paths in zip(reversed(folders), reversed(files), strict=True):
        for path in paths:
            flush(path)
        flush(folder)


def flush(path: Path) -> None:
    """Have one file, or the list of names in a folder, on the disk itself.

    Raises:
        OSError: the disk refuses.
    """
    if not IS_POSIX and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY if IS_POSIX else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_folder(root: Path) -> None:
    """Remove as much of a folder as can be removed; links are removed, not followed."""
    with contextlib.suppress(OSError):
        for folder in reversed(_folders_below(root)):
            for path in _files_in(folder):
                with contextlib.suppress(OSError):
                    path.unlink()
            with contextlib.suppress(OSError):
                folder.rmdir()


def _folders_below(root: Path) -> list[Path]:
    """The folder and every one in it, each before what is in it."""
    folders = [root]
    for folder in folders:  # grows while it is gone through
        with os.scandir(folder) as entries:
            folders += [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
    return folders


def _files_in(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        return [Path(entry.path) for entry in entries if not entry.is_dir(follow_symlinks=False)]
