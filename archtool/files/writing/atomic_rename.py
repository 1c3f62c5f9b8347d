"""Two renames that the standard library lacks: without replacing a target, and exchanging two names.

Linux has both as one system call (`renameat2`). Elsewhere they are done in steps: a kill between two steps
can leave the old package under its staging name, and two runs for one target can conflict.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path

from archtool.files.writing.blocked import while_blocked

OLD_SUFFIX = ".old"  # a package set aside by an exchange in steps: never removed, only put back
_AT_FDCWD = -100
_NO_REPLACE = 1
_EXCHANGE = 2
_NOT_SUPPORTED = frozenset((errno.ENOSYS, errno.EINVAL, errno.ENOTSUP))


def rename_to_new(source: Path, target: Path) -> None:
    """Rename a file or folder; if the target exists, raise `FileExistsError` and change nothing."""
    while_blocked(_rename_to_new, source, target)


def _rename_to_new(source: Path, target: Path) -> None:
    if not _rename_with(source, target, _NO_REPLACE):
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
        source.rename(target)


def exchange(source: Path, target: Path) -> None:
    """Exchange the names of two files or folders, so that the target exists at every instant."""
    if not while_blocked(_rename_with, source, target, _EXCHANGE):
        aside = source.with_name(f"{source.name}{OLD_SUFFIX}")
        while_blocked(os.rename, target, aside)
        try:
            while_blocked(os.rename, source, target)
        except OSError:
            while_blocked(os.rename, aside, target)
            raise
        while_blocked(os.rename, aside, source)


def _rename_with(source: Path, target: Path, flag: int) -> bool:
    """Rename in one system call; return False where the system does not support it."""
    call = _renameat2()
    if call is None:
        return False
    if call(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), flag) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NOT_SUPPORTED:
        return False
    raise OSError(number, os.strerror(number), str(target))


@functools.cache
def _renameat2() -> Callable[..., int] | None:
    if sys.platform != "linux":
        return None
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is not None:
        call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    return call
