"""Puts one finished file into a folder that somebody else made: over no link, and over nothing that is there.

Every step goes through a handle of the folder above it, as reading does (`tree`). The file gets its name
by a hard link, which never replaces anything; where a file system has no such links, there is an instant
between the look and the rename.
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
from archtool.files.writing.durability import NotOnDiskError, confirming, flush_name

HAS_HANDLES = {os.open, os.mkdir, os.link, os.stat, os.rename, os.rmdir} <= os.supports_dir_fd
_NO_LINKS = frozenset((errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK))
_ROOT = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_DIRECTORY", 0)


def check_free(root: Path, path: str) -> None:
    """Make sure that nothing stands at a path below `root`, and that nothing but folders is on the way.

    Raises:
        FileExistsError: something is there.
        NotAFileError: a step is a link, or something else that is no folder.
        OSError: no such name can be.
    """
    with Tree(root) as tree:
        try:
            tree.stat(path)
        except FileNotFoundError:
            return
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)


def place_new(source: Path, root: Path, path: str) -> None:
    """Give a finished, flushed file its place below `root`; folders that are missing are made.

    It is there whole, or not at all, and its name is on the disk when this returns. The source is gone
    afterwards.

    Raises:
        FileExistsError: something is there; nothing was changed.
        NotAFileError: a step is a link, or something else that is no folder.
        NotOnDiskError: it has its name, and the disk did not confirm it.
        OSError: the system refuses; folders that were made for it are removed again.
    """
    if not HAS_HANDLES:
        _place_looking(source, root, path)
        return
    trail = DirectoryHandles(os.open(root, _ROOT))
    made: list[str] = []
    try:
        folder, _, name = path.rpartition("/")
        _make_folders(trail, folder, made)
        handle = trail.handle(folder)
        _link(source, handle, name)
        with confirming(path):
            os.fsync(handle)
    except NotOnDiskError:
        raise
    except OSError:
        _unmake(trail, made)
        raise
    finally:
        trail.close()


def _make_folders(trail: DirectoryHandles, folder: str, made: list[str]) -> None:
    parts = folder.split("/") if folder else []
    for count in range(1, len(parts) + 1):
        step = "/".join(parts[:count])
        try:
            trail.handle(step)
        except FileNotFoundError:
            above = trail.handle("/".join(parts[: count - 1]))
            with contextlib.suppress(FileExistsError):  # another thread was first
                os.mkdir(parts[count - 1], dir_fd=above)
                made.append(step)
            os.fsync(above)


def _link(source: Path, handle: int, name: str) -> None:
    try:
        os.link(source, name, dst_dir_fd=handle, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _rename(source, handle, name)
    else:
        source.unlink()


def _rename(source: Path, handle: int, name: str) -> None:
    try:
        os.stat(name, dir_fd=handle, follow_symlinks=False)
    except FileNotFoundError:
        os.rename(source, name, dst_dir_fd=handle)
    else:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)


def _unmake(trail: DirectoryHandles, made: list[str]) -> None:
    """Take away the folders that were made for a file that did not come; never one with something in it."""
    for step in reversed(made):
        above, _, name = step.rpartition("/")
        with contextlib.suppress(OSError):
            os.rmdir(name, dir_fd=trail.handle(above))


def _place_looking(source: Path, root: Path, path: str) -> None:
    """The same without handles: each step is looked at before it is taken."""
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
