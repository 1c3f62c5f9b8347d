"""Writes a folder beside its target and puts it in place with one rename: whole, or not at all.

What a killed run leaves behind is recognised by its name and by the lock that nobody holds any more,
and is cleaned up by the next run for the same target.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.errors import StorageError
from archtool.fixity import renaming
from archtool.fixity.paths import shown
from archtool.fixity.whole_folders import IS_POSIX, flush, flush_folder, remove_folder

if IS_POSIX:
    import fcntl

if TYPE_CHECKING:
    from archtool.fixity.flushing import FlushTogether

_STAGED = ".archtool-"


class Stage:
    """A folder in the making; `path` is where to write, `commit` puts it in place."""

    def __init__(self, target: Path, path: Path) -> None:
        self.target = target
        self.path = path
        self.is_committed = False

    def commit(
        self,
        *,
        replace: bool,
        sync: bool = True,
        together: FlushTogether | None = None,
        file: Path | None = None,
    ) -> None:
        """Flush every file and folder, then rename: from this instant the target is there, whole.

        `file` is one in the staging folder that becomes the target in the place of the folder itself.
        `replace` exchanges it with what stands there; the old one is removed only afterwards.
        `sync=False` leaves the flushing to the system: after a power cut files may be empty.
        `together` flushes what other processes make at the same time with it.

        Raises:
            StorageError: the target appeared meanwhile, or the disk refuses.
        """
        made = file or self.path
        try:
            if sync:
                _flush(self.path, flush_folder, together)
            self._put_in_place(made, replace=replace)
            if sync:
                _flush(self.target.parent, flush, together)
        except BlockingIOError as error:
            raise StorageError(
                f"{shown(str(self.target))} is being changed by another run; it was not replaced",
                hint="wait until that is done, then run this again",
            ) from error
        except FileExistsError as error:
            raise StorageError(
                f"{shown(str(self.target))} appeared while the package was being made",
                hint="another run made it; look at it, then run again with --force if it may be replaced",
            ) from error
        except OSError as error:
            raise _cannot_write(self.target, error) from error
        self.is_committed = True

    def _put_in_place(self, made: Path, *, replace: bool) -> None:
        try:
            renaming.rename_to_new(made, self.target)
        except FileExistsError:
            if not (replace and self.target.exists()):
                raise
            with _undisturbed(self.target):
                renaming.exchange(made, self.target)


def _flush(folder: Path, flush_alone: Callable[[Path], None], together: FlushTogether | None) -> None:
    if together is None:
        flush_alone(folder)
    else:
        together.flush(folder, flush_alone)


@contextlib.contextmanager
def stage_beside(target: Path, *, clear: bool = True) -> Iterator[Stage]:
    """Make a staging folder beside the target and clear it away whatever happens.

    `clear=False` leaves alone what killed runs for this target left: to look for it takes the longer the more
    lies there, and who knows that there was no such run need not.

    Raises:
        StorageError: the folder that shall hold the target is missing or cannot be written.
    """
    prefix = _stage_prefix(target)
    if clear:
        clear_leftovers(target)
    with contextlib.ExitStack() as held:
        try:
            path = _make_locked(target.parent, prefix, held)
        except OSError as error:
            raise _cannot_write(target, error) from error
        yield Stage(target, path)


def _make_locked(folder: Path, prefix: str, held: contextlib.ExitStack) -> Path:
    """Make a staging folder and hold its lock.

    Between the two another run may take the folder for a leftover and clear it: then one more is made.
    """
    while True:
        path = folder / f"{prefix}{secrets.token_hex(6)}.partial"
        # promised before it is made: an interrupt may fall just between. After an exchange this clears
        # the old package away, otherwise what was not finished
        held.callback(remove_folder, path)
        path.mkdir()
        try:
            held.enter_context(_locked(path))
        except (BlockingIOError, FileNotFoundError):
            continue
        except OSError:
            path.rmdir()
            raise
        if path.is_dir():
            return path


def _stage_prefix(target: Path) -> str:
    # a digest and not the name: a name of 255 bytes leaves no room for a longer one
    return f"{_STAGED}{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]}-"


def is_staged(name: str) -> bool:
    """Whether a name is one that something in the making bears, or that a killed run left."""
    return name.startswith(_STAGED)


def clear_leftovers(target: Path) -> None:
    """Clear away what killed runs for a target left, and put back what one had set aside.

    Raises:
        StorageError: the folder that shall hold the target is missing.
    """
    folder, prefix = target.parent, _stage_prefix(target)
    if not folder.is_dir():
        raise StorageError(
            f"the folder for the package does not exist: {shown(str(folder))}",
            hint=f"make it first: mkdir -p {shown(str(folder))}",
        )
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if entry.name.startswith(prefix)]
    for name in names:
        if name.endswith(".partial"):
            with contextlib.suppress(OSError), _locked(folder / name):
                remove_folder(folder / name)
        elif name.endswith(renaming.OLD_SUFFIX):
            with contextlib.suppress(OSError):
                renaming.rename_to_new(folder / name, target)


def _undisturbed(target: Path) -> contextlib.AbstractContextManager[None]:
    """Hold a folder that is to be exchanged: who appends an attestation to it holds it too."""
    return _locked(target) if target.is_dir() and not target.is_symlink() else contextlib.nullcontext()


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; a killed process lets go of it by itself.

    Raises:
        BlockingIOError: another run is at work in it.
    """
    if not IS_POSIX:  # leftovers of a running pack cannot be told apart there
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _cannot_write(target: Path, error: OSError) -> StorageError:
    return StorageError(
        f"cannot write {shown(str(target))}: {error.strerror or error}",
        hint="check the space and the permissions there; nothing was changed",
    )
