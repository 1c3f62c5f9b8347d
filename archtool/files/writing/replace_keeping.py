"""Replaces one file below a root and keeps the old one under another name; follows no link.

The old file first gets a second name by a hard link, then the new one takes its place with a rename: at each
instant the old file or the new one is in place, and the old one is never without a name. Where a file system
has no hard links, and for what is not a file, the old one is renamed first; a kill between the two renames
leaves the place empty, and the old file under its new name.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from archtool.files.directory_handles import DirectoryHandles
from archtool.files.tree import Tree
from archtool.files.writing.blocked import while_blocked
from archtool.files.writing.durability import confirming, flush_name
from archtool.files.writing.place_file import place_new
from archtool.files.writing.tree_operations import flush

HAS_HANDLES = {os.open, os.link, os.stat, os.rename} <= os.supports_dir_fd
_NO_LINKS = frozenset((errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK))
_ROOT = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_DIRECTORY", 0)


def replace_keeping(made: Path, root: Path, path: str, keep_at: Path) -> None:
    """Move a finished, flushed file to a path below `root`; what is there gets the path `keep_at`.

    `keep_at` and the root are on one file system, and nothing is at `keep_at`; missing folders on the way to
    it are made. If nothing is at the path, the file is placed there. The new file gets the permissions of the
    old one.

    Raises:
        FileExistsError: something is at `keep_at`.
        NotAFileError: a step to the path is a link, or something else that is not a folder.
        NotOnDiskError: the file is in place, but the disk did not confirm it.
        OSError: a move fails; the old file exists at its place or at `keep_at`.
    """
    with Tree(root) as tree:
        try:
            status = tree.stat(path)
        except FileNotFoundError:
            place_new(made, root, path)
            return
    _make_folder(keep_at.parent)
    if os.path.lexists(keep_at):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(keep_at))
    if stat.S_ISREG(status.st_mode):
        made.chmod(stat.S_IMODE(status.st_mode) | stat.S_IRUSR)
        flush(made)
    if HAS_HANDLES:
        _replace(made, root, path, keep_at, is_file=stat.S_ISREG(status.st_mode))
    else:
        while_blocked(os.rename, root / path, keep_at)
        while_blocked(os.rename, made, root / path)
        flush_name((root / path).parent, path)


def _replace(made: Path, root: Path, path: str, keep_at: Path, *, is_file: bool) -> None:
    handles = DirectoryHandles(os.open(root, _ROOT))
    try:
        folder, _, name = path.rpartition("/")
        handle = handles.handle(folder)
        is_linked = is_file and _link(handle, name, keep_at)
        try:
            if not is_linked:
                while_blocked(os.rename, name, keep_at, src_dir_fd=handle)
            flush(keep_at.parent)
            while_blocked(os.rename, made, name, dst_dir_fd=handle)
        except OSError:
            if is_linked:  # the old file is in its place
                keep_at.unlink()
            raise
        with confirming(path):
            os.fsync(handle)
    finally:
        handles.close()


def _link(handle: int, name: str, keep_at: Path) -> bool:
    try:
        while_blocked(os.link, name, keep_at, src_dir_fd=handle, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return False
    return True


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, and flush the name of each."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir()
        flush(path.parent)
