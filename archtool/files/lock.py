"""Holds a folder or a file for one run: a killed process lets go of it by itself."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archtool.errors import InputError, StorageError
from archtool.files.directory_handles import close_handle
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.files.writing.tree_operations import IS_POSIX

if IS_POSIX:
    import fcntl

DEFAULT_WAIT_SECONDS = 10.0
MAX_WAIT_SECONDS = 24 * 60 * 60.0  # who waits longer has forgotten it
LOOK_SECONDS = 0.05  # between two tries: short enough for a person, long enough for the processor
_LOCKS = Path("/proc/locks")
_MAX_LOCKS_BYTES = 16 * 1024 * 1024
_CANNOT = frozenset((errno.ENOLCK, errno.EBADF, errno.ENOTSUP))  # some network file systems
Say = Callable[[str], None]


@contextmanager
def locked_folder(folder: Path) -> Iterator[os.stat_result | None]:
    """Hold the lock of a folder and give its status; where folders cannot be locked (Windows), `None`.

    Raises:
        BlockingIOError: another run holds it.
        OSError: it is missing, a link, or may not be opened.
    """
    with _locked(folder, getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)) as status:
        yield status


@contextmanager
def locked_when_free(
    path: Path, wait_seconds: float, say: Say, *, is_shared: bool = False, is_written: bool = False
) -> Iterator[os.stat_result | None]:
    """Hold a folder or a file that others may hold too, each for a short time; wait for them.

    `say` is told once, in words, who is waited for. What is held at last is what the path leads to then: a
    package that another run replaced meanwhile is not waited for in vain. `is_shared` lets others share it.
    `is_written` is for files of ours, which are made where they are not there; network file systems know of
    the locks of such files only.

    Raises:
        InputError: there is no such thing, or it cannot be opened.
        StorageError: it is held longer than that, or nothing can be held there.
    """
    until = time.monotonic() + wait_seconds
    has_said = False
    while True:
        with contextlib.ExitStack() as held:
            is_free, status = _try_to_hold(path, held, is_shared=is_shared, is_written=is_written)
            if is_free:
                yield status
                return
        if time.monotonic() >= until:
            raise still_held(path)
        if not has_said:
            say(waiting_for(path, wait_seconds))
            has_said = True
        time.sleep(LOOK_SECONDS)


def try_lock(path: Path, held: contextlib.ExitStack) -> bool:
    """Hold a file of ours, if nobody else does; it is made where it is not there.

    Raises:
        InputError: it cannot be opened.
        StorageError: nothing can be held there.
    """
    return _try_to_hold(path, held, is_shared=False, is_written=True)[0]


def still_held(path: Path) -> StorageError:
    """What to say when nobody let go of it in time."""
    return StorageError(
        f"{shown(str(path))} is held by {_holder(path)}; nothing was changed",
        hint="wait until it is done, or give it more time with --wait SECONDS",
    )


def waiting_for(path: Path, wait_seconds: float) -> str:
    """What to say to whoever has to wait."""
    return f"waiting for {_holder(path)}, which holds {shown(str(path))} (at most {wait_seconds:g} s)"


def _try_to_hold(
    path: Path, held: contextlib.ExitStack, *, is_shared: bool, is_written: bool
) -> tuple[bool, os.stat_result | None]:
    """Whether it is ours now, and is still what the path leads to; and its status."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) if is_written else 0
    try:
        status = held.enter_context(_locked(path, flags, is_shared=is_shared))
    except BlockingIOError:
        return False, None
    except OSError as error:
        raise _cannot_hold(path, error) from error
    try:
        return status is None or os.path.samestat(status, path.stat()), status
    except FileNotFoundError as error:
        if is_written:  # the run that held it has removed it: the next try makes it again
            return False, None
        raise _cannot_hold(path, error) from error


@contextmanager
def _locked(path: Path, flags: int, *, is_shared: bool = False) -> Iterator[os.stat_result | None]:
    if not IS_POSIX:
        yield None
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | flags, 0o666)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        yield os.fstat(descriptor)
    finally:
        close_handle(descriptor)


def _cannot_hold(path: Path, error: OSError) -> InputError | StorageError:
    name = shown(str(path))
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return InputError(f"{name}: there is no such folder or archive", hint="check the path")
    if error.errno in _CANNOT:
        return StorageError(
            f"{name} cannot be held against other runs: {error.strerror}",
            hint="this file system has no locks: work on a copy elsewhere",
        )
    message = f"{name}: it cannot be opened: {error.strerror}"
    return cannot_read(message, error, hint="check the path and the permissions")


def _holder(path: Path) -> str:
    """Who holds a lock, as far as the system tells (Linux does)."""
    try:
        status = path.stat()
        with _LOCKS.open(encoding="ascii", errors="replace") as file:
            lines = file.read(_MAX_LOCKS_BYTES).splitlines()
    except OSError:
        return "another run"
    wanted = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    for words in map(str.split, lines):
        # "1: FLOCK ADVISORY WRITE 4711 08:01:131090 0 EOF"; those who wait have an arrow before FLOCK
        if len(words) > 5 and words[1] == "FLOCK" and words[5] == wanted and words[4].isdecimal():
            return f"another run (process {words[4]})"
    return "another run"
