"""Turns a failing write into a `StorageError` with a hint: the system failed, not the material."""

from __future__ import annotations

import errno
from contextlib import AbstractContextManager
from pathlib import Path

from archtool.errors import StorageError
from archtool.files.paths import shown
from archtool.files.writing.blocked import BlockedError
from archtool.files.writing.durability import NotOnDiskError

_ELSEWHERE = "choose a target on another file system"
_PERMISSIONS = "correct the permissions there or choose another target"
_SPACE = "free some space or choose another target"
_HINTS = {
    errno.ENOSPC: _SPACE,
    errno.EDQUOT: _SPACE,
    errno.EFBIG: f"allow larger files (`ulimit -f`), or {_ELSEWHERE}",
    errno.EACCES: _PERMISSIONS,
    errno.EPERM: _PERMISSIONS,
    errno.EROFS: _ELSEWHERE,
    errno.EMFILE: "allow more open files (`ulimit -n`), then run the same command again",
    errno.ENFILE: "end other programs that have many files open, then run the same command again",
    errno.EEXIST: "if two of the names differ only in capitals or accents, choose a target on a file system "
    "that distinguishes them",
    errno.EIO: "check the disk, or choose a target on another one",
}
"""Error number → what the user can do about it."""


def storage_errors(target: Path) -> AbstractContextManager[None]:
    """Turn an `OSError` in the block into a `StorageError` that names the target."""
    return _StorageErrors(target)


class _StorageErrors(AbstractContextManager[None]):
    # a class: a generator would take longer, and this is entered for every block
    def __init__(self, target: Path) -> None:
        self.target = target

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object, /) -> None:
        if isinstance(error, OSError):
            raise cannot_write(self.target, error) from error


def cannot_write(target: Path | str, error: OSError) -> StorageError:
    """Return the error instead of raising it, for hot loops."""
    if isinstance(error, NotOnDiskError):
        return not_confirmed(target, error)
    if error.errno == errno.ENAMETOOLONG:
        return _name_too_long(target, error)
    known = _HINTS.get(error.errno or 0, "check the space and the permissions there")
    hint = error.hint if isinstance(error, BlockedError) else known
    return StorageError(
        f"cannot write {shown(str(target))}: {error.strerror or error}",
        hint=f"{hint}; nothing was changed",
    )


def _name_too_long(target: Path | str, error: OSError) -> StorageError:
    path = str(error.filename or target)
    longest = max(path.split("/"), key=lambda name: len(name.encode()))
    return StorageError(
        f"cannot write {shown(path)}: the name is too long for this file system"
        f" ({len(longest.encode()):,} bytes; most hold 255 in a name and 4,096 in a path)",
        hint=f"{_ELSEWHERE} that allows longer names, or a shorter path; nothing was changed",
    )


def not_confirmed(target: Path | str, error: OSError) -> StorageError:
    """Return the error for a target that is in place but perhaps not on the disk: nothing is undone."""
    return StorageError(
        f"{shown(str(target))} is in place, but may not be on the disk yet: {error.strerror or error}",
        hint="check the disk, then run the same command again: it continues from what is in place",
    )
