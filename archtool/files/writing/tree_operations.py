"""Flushes or removes a folder with everything in it, without recursion: folders can be nested deeply."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from archtool.files.writing.blocked import Patience, while_blocked
from archtool.files.writing.writeback import flush_file_system_of

_MANY_FILES = 64  # flushing so many one by one takes longer than flushing the file system
IS_POSIX = os.name == "posix"  # elsewhere folders can be neither locked nor flushed


def flush_folder(root: Path) -> None:
    """Flush every file and folder below a folder, and the folder; return when all is on the disk.

    Raises:
        OSError: the flush fails.
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
    """Flush one file, or the list of names in a folder, to the disk.

    Raises:
        OSError: the flush fails.
    """
    if not IS_POSIX and path.is_dir():
        return
    descriptor = while_blocked(os.open, path, os.O_RDONLY if IS_POSIX else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_folder(root: Path) -> None:
    """Remove a folder and everything in it as far as possible; links are removed, not followed."""
    patience = Patience()  # for all files together: one that stays in use must not multiply the wait
    with contextlib.suppress(OSError):
        for folder in reversed(_folders_below(root)):
            for path in _files_in(folder):
                with contextlib.suppress(OSError):
                    patience.call(os.unlink, path)
            with contextlib.suppress(OSError):
                patience.call(os.rmdir, folder)


def _folders_below(root: Path) -> list[Path]:
    """Return the folder and all folders below it, each before its contents."""
    folders = [root]
    for folder in folders:  # the list grows during the loop
        with os.scandir(folder) as entries:
            folders += [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
    return folders


def _files_in(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        return [Path(entry.path) for entry in entries if not entry.is_dir(follow_symlinks=False)]
