"""Moves one finished file into a folder from outside, following no link and replacing nothing.

Every step goes through a handle of its parent folder, as in `tree`. The file gets its name by a hard link,
which never replaces anything; where a file system has no such links, something can appear between the check
and the rename.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from archtool.files.directory_handles import DirectoryHandles
from archtool.files.file_kinds import FileKind, NotAFileError
from archtool.files.tree import Tree
from archtool.files.writing import atomic_rename
from archtool.files.writing.blocked import while_blocked
from archtool.files.writing.durability import NotOnDiskError, confirming, flush_name

HAS_HANDLES = {os.open, os.mkdir, os.link, os.stat, os.rename, os.rmdir} <= os.supports_dir_fd
_NO_LINKS = frozenset((errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK))
_ROOT = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_DIRECTORY", 0)


def check_free(root: Path, path: str) -> None:
    """Check that nothing exists at a path below `root`, and that all steps to it are folders or missing.

    Raises:
        FileExistsError: something is there.
        NotAFileError: a step is a link, or something else that is not a folder.
        OSError: such a name is not possible.
    """
    with Tree(root) as tree:
        try:
            tree.stat(path)
        except FileNotFoundError:
            return
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)


def place_new(source: Path, root: Path, path: str) -> None:
    """Move a finished, flushed file to a path below `root`; missing folders are made.

    The file appears complete or not at all, and its name is on the disk when this returns. The source does
    not exist afterwards.

    Raises:
        FileExistsError: something is there; nothing was changed.
        NotAFileError: a step is a link, or something else that is not a folder.
        NotOnDiskError: the file is in place, but the disk did not confirm it.
        OSError: the move fails; folders that were made for it are removed again.
    """
    if not HAS_HANDLES:
        _place_without_handles(source, root, path)
        return
    handles = DirectoryHandles(os.open(root, _ROOT))
    made: list[str] = []
    try:
        folder, _, name = path.rpartition("/")
        _make_folders(handles, folder, made)
        handle = handles.handle(folder)
        _link(source, handle, name)
        with confirming(path):
            os.fsync(handle)
    except NotOnDiskError:
        raise
    except OSError:
        _remove_folders(handles, made)
        raise
    finally:
        handles.close()


def _make_folders(handles: DirectoryHandles, folder: str, made: list[str]) -> None:
    parts = folder.split("/") if folder else []
    for count in range(1, len(parts) + 1):
        step = "/".join(parts[:count])
        try:
            handles.handle(step)
        except FileNotFoundError:
            above = handles.handle("/".join(parts[: count - 1]))
            with contextlib.suppress(FileExistsError):  # another thread made it
                os.mkdir(parts[count - 1], dir_fd=above)
                made.append(step)
            os.fsync(above)


def _link(source: Path, handle: int, name: str) -> None:
    try:
        while_blocked(os.link, source, name, dst_dir_fd=handle, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _rename(source, handle, name)
    else:
        while_blocked(os.unlink, source)


def _rename(source: Path, handle: int, name: str) -> None:
    try:
        os.stat(name, dir_fd=handle, follow_symlinks=False)
    except FileNotFoundError:
        while_blocked(os.rename, source, name, dst_dir_fd=handle)
    else:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)


def _remove_folders(handles: DirectoryHandles, made: list[str]) -> None:
    """Remove the folders that were made for a file that could not be placed, if they are empty."""
    for step in reversed(made):
        above, _, name = step.rpartition("/")
        with contextlib.suppress(OSError):
            os.rmdir(name, dir_fd=handles.handle(above))


def _place_without_handles(source: Path, root: Path, path: str) -> None:
    """Move a file where the system has no folder handles: each step is checked before it is used."""
    check_free(root, path)
    folder = root
    for part in path.split("/")[:-1]:
        folder /= part
        folder.mkdir(exist_ok=True)
        kind = FileKind.of_mode(os.lstat(folder).st_mode)
        if kind is not FileKind.FOLDER:
            raise NotAFileError(str(folder), kind, FileKind.FOLDER)
    atomic_rename.rename_to_new(source, root / path)
    flush_name(folder, path)
