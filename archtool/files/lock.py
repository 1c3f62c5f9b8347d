"""Locks a folder or a file for one run; the system releases the lock when the process ends or is killed."""

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
RETRY_SECONDS = 0.05  # between two attempts: short enough for a person, long enough for the processor
_LOCKS = Path("/proc/locks")
_MAX_LOCKS_BYTES = 16 * 1024 * 1024
_NOT_SUPPORTED = frozenset((errno.ENOLCK, errno.EBADF, errno.ENOTSUP))  # some network file systems
Notify = Callable[[str], None]


@contextmanager
def locked_folder(folder: Path) -> Iterator[os.stat_result | None]:
    """Lock a folder and yield its status; `None` where folders cannot be locked (Windows).

    Raises:
        BlockingIOError: another run holds the lock.
        OSError: the folder is missing, a link, or must not be opened.
    """
    with _locked(folder, getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)) as status:
        yield status


@contextmanager
def wait_for_lock(
    path: Path, wait_seconds: float, notify: Notify, *, is_shared: bool = False, is_written: bool = False
) -> Iterator[os.stat_result | None]:
    """Lock a folder or a file and yield its status; wait while other runs hold the lock.

    `notify` is called once with a message that names the run that holds the lock. The path is checked after
    locking: where another run replaced the package meanwhile, the new one is locked. `is_shared` takes a lock
    that other shared locks do not exclude. `is_written` is for archtool's own lock files, which are created
    if missing; network file systems support locks only on files opened for writing.

    Raises:
        InputError: the path does not exist or cannot be opened.
        StorageError: another run holds the lock for longer, or the file system has no locks.
    """
    until = time.monotonic() + wait_seconds
    has_notified = False
    while True:
        with contextlib.ExitStack() as locks:
            is_locked, status = _try_lock(path, locks, is_shared=is_shared, is_written=is_written)
            if is_locked:
                yield status
                return
        if time.monotonic() >= until:
            raise lock_timeout_error(path)
        if not has_notified:
            notify(waiting_message(path, wait_seconds))
            has_notified = True
        time.sleep(RETRY_SECONDS)


def try_lock(path: Path, locks: contextlib.ExitStack) -> bool:
    """Lock one of archtool's own files without waiting; it is created if missing. Return whether it worked.

    Raises:
        InputError: the file cannot be opened.
        StorageError: the file system has no locks.
    """
    return _try_lock(path, locks, is_shared=False, is_written=True)[0]


def lock_timeout_error(path: Path) -> StorageError:
    """Return the error for a lock that was not released in time."""
    return StorageError(
        f"{shown(str(path))} is locked by {_holder(path)}; nothing was changed",
        hint="wait until it has finished, or wait longer with --wait SECONDS",
    )


def waiting_message(path: Path, wait_seconds: float) -> str:
    """Return the message for a user who has to wait for a lock."""
    return f"waiting for {_holder(path)}, which has locked {shown(str(path))} (at most {wait_seconds:g} s)"


def _try_lock(
    path: Path, locks: contextlib.ExitStack, *, is_shared: bool, is_written: bool
) -> tuple[bool, os.stat_result | None]:
    """Return whether the file at the path is locked now, and its status."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) if is_written else 0
    try:
        status = locks.enter_context(_locked(path, flags, is_shared=is_shared))
    except BlockingIOError:
        return False, None
    except OSError as error:
        raise _cannot_lock(path, error) from error
    try:
        return status is None or os.path.samestat(status, path.stat()), status
    except FileNotFoundError as error:
        if is_written:  # the run that held the lock has removed the file: the next attempt creates it
            return False, None
        raise _cannot_lock(path, error) from error


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


def _cannot_lock(path: Path, error: OSError) -> InputError | StorageError:
    name = shown(str(path))
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return InputError(f"{name}: there is no such folder or archive", hint="check the path")
    if error.errno in _NOT_SUPPORTED:
        return StorageError(
            f"{name} cannot be locked against other runs: {error.strerror}",
            hint="this file system has no locks: work on a copy on another file system",
        )
    message = f"{name}: it cannot be opened: {error.strerror}"
    return cannot_read(message, error, hint="check the path and the permissions")


def _holder(path: Path) -> str:
    """Describe the run that holds a lock; with its process number where the system reports it (Linux)."""
    try:
        status = path.stat()
        with _LOCKS.open(encoding="ascii", errors="replace") as file:
            lines = file.read(_MAX_LOCKS_BYTES).splitlines()
    except OSError:
        return "another run"
    wanted = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    for words in map(str.split, lines):
        # "1: FLOCK ADVISORY WRITE 4711 08:01:131090 0 EOF"; a waiting process has an arrow before FLOCK
        if len(words) > 5 and words[1] == "FLOCK" and words[5] == wanted and words[4].isdecimal():
            return f"another run (process {words[4]})"
    return "another run"
