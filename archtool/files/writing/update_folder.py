"""Changes a folder that other processes can be reading: one rename adds a folder, or replaces a file.

Every step goes through a handle of its parent folder, as in `tree`: no link is followed. Each change is on
the disk when its call returns, so that a later change never exists without an earlier one.
"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from archtool.files.directory_handles import DirectoryHandles
from archtool.files.file_kinds import FileKind, NotAFileError
from archtool.files.writing import atomic_rename
from archtool.files.writing.blocked import while_blocked
from archtool.files.writing.durability import NotOnDiskError, confirming, flush_name
from archtool.files.writing.tree_operations import IS_POSIX, flush

HAS_HANDLES = {os.open, os.rename, os.stat} <= os.supports_dir_fd
_EXISTS = frozenset((errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR))  # a folder that is not empty, or a file
_ROOT = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_DIRECTORY", 0)


def add_folder(made: Path, root: Path, above: str, name: str) -> None:
    """Move a finished, flushed folder to `name` in the folder `above` of the root ("" is the root).

    Raises:
        FileExistsError: something is there; nothing was changed.
        NotAFileError: a step on the way is a link, or something else that is not a folder.
        NotOnDiskError: the folder is in place, but the disk did not confirm it.
        OSError: the move fails; nothing was changed.
    """
    if not HAS_HANDLES:
        _refuse_other(root / above)
        atomic_rename.rename_to_new(made, root / above / name)
        return
    handles = DirectoryHandles(os.open(root, _ROOT))
    try:
        handle = handles.handle(above)
        # renaming a folder replaces an empty folder, and fails where anything else is
        while_blocked(os.rename, made, name, dst_dir_fd=handle)
        with confirming(name):
            os.fsync(handle)
    except NotOnDiskError:
        raise
    except OSError as error:
        if error.errno in _EXISTS:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name) from error
        raise
    finally:
        handles.close()


def replace_file(made: Path, root: Path, name: str) -> None:
    """Move a finished file to `name` at the root, replacing an existing file and keeping its permissions.

    Raises:
        NotOnDiskError: the file is in place, but the disk did not confirm it.
        OSError: the move fails; nothing was changed.
    """
    old = root / name
    if os.path.lexists(old):
        _refuse_other(old, FileKind.FILE)
        shutil.copymode(old, made, follow_symlinks=False)
    flush(made)
    while_blocked(os.replace, made, old)
    flush_name(root, name)


def can_be_changed(folder: Path) -> bool:
    """Return whether names in a folder can be changed: its permissions and its storage medium allow it."""
    is_effective = os.access in os.supports_effective_ids
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=is_effective)


def is_same_file_system(one: Path, other: Path) -> bool:
    """Return whether two folders are on one file system, so that a rename between them works."""
    return not IS_POSIX or one.stat().st_dev == other.stat().st_dev


def _refuse_other(path: Path, wanted: FileKind = FileKind.FOLDER) -> None:
    kind = FileKind.of_mode(os.lstat(path).st_mode)
    if kind is not wanted:
        raise NotAFileError(str(path), kind, wanted)
