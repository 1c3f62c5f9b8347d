"""Changes a folder that others may be reading: by one rename a folder is added, or a file replaced.

Every step goes through a handle of the folder above it, as reading does (`tree`): no link leads elsewhere.
Each change is on the disk when its call returns, so that a later one is never there without an earlier one.
"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from archtool.files.directory_handles import DirectoryHandles
from archtool.files.file_kinds import FileKind, NotAFileError
from archtool.files.writing import atomic_rename
from archtool.files.writing.durability import NotOnDiskError, confirming, flush_name
from archtool.files.writing.tree_operations import IS_POSIX, flush

HAS_HANDLES = {os.open, os.rename, os.stat} <= os.supports_dir_fd
_TAKEN = frozenset((errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR))  # by a full folder, or by a file
_ROOT = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_DIRECTORY", 0)


def add_folder(made: Path, root: Path, above: str, name: str) -> None:
    """Give a finished, flushed folder its place: `name` in the folder `above` of the root ("" is the root).

    Raises:
        FileExistsError: something stands there; nothing was changed.
        NotAFileError: a step on the way is a link, or something else that is no folder.
        NotOnDiskError: it has its name, and the disk did not confirm it.
        OSError: the system refuses; nothing was changed.
    """
    if not HAS_HANDLES:
        _refuse_other(root / above)
        atomic_rename.rename_to_new(made, root / above / name)
        return
    trail = DirectoryHandles(os.open(root, _ROOT))
    try:
        handle = trail.handle(above)
        # a folder's rename replaces an empty folder, and is refused over anything else
        os.rename(made, name, dst_dir_fd=handle)
        with confirming(name):
            os.fsync(handle)
    except NotOnDiskError:
        raise
    except OSError as error:
        if error.errno in _TAKEN:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name) from error
        raise
    finally:
        trail.close()


def replace_file(made: Path, root: Path, name: str) -> None:
    """Let a finished file take the place of `name` at the root, or be new there; permissions are kept.

    Raises:
        NotOnDiskError: it has its name, and the disk did not confirm it.
        OSError: the system refuses; nothing was changed.
    """
    old = root / name
    if os.path.lexists(old):
        _refuse_other(old, FileKind.FILE)
        shutil.copymode(old, made, follow_symlinks=False)
    flush(made)
    made.replace(old)
    flush_name(root, name)


def can_be_changed(folder: Path) -> bool:
    """Whether names in a folder may be changed: by its permissions, and by the media it lies on."""
    is_effective = os.access in os.supports_effective_ids
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=is_effective)


def is_same_file_system(one: Path, other: Path) -> bool:
    """Whether a rename can lead from one folder to the other."""
    return not IS_POSIX or one.stat().st_dev == other.stat().st_dev


def _refuse_other(path: Path, wanted: FileKind = FileKind.FOLDER) -> None:
    kind = FileKind.of_mode(os.lstat(path).st_mode)
    if kind is not wanted:
        raise NotAFileError(str(path), kind, wanted)
