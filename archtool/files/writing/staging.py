"""Builds a folder next to its target and moves it into place with one rename: complete, or not at all.

What a killed run leaves is recognised by its name and by its free lock, and is removed by the next run for
the same target.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archtool.errors import StorageError
from archtool.files.paths import shell_word, shown
from archtool.files.writing import atomic_rename
from archtool.files.writing.flush import FlushTogether
from archtool.files.writing.leftovers import (
    KEPT_SUFFIX,
    PARTIAL_SUFFIX,
    RECEIPT,
    clear_leftovers,
    locked,
    settle_kept,
    stage_prefix,
)
from archtool.files.writing.storage_errors import cannot_write, storage_errors
from archtool.files.writing.tree_operations import flush, flush_folder, remove_folder

_WHOLE_FILE = "file"  # in the staging folder


@dataclass(frozen=True, slots=True)
class Replacement:
    """How an existing package at the target is replaced."""

    before: Callable[[], None] | None = None
    """Called while the old package is locked, just before the exchange; an error that it raises stops it."""
    keep_at: Path | None = None
    """The path next to the target that the old package gets; `None`: it is removed after the exchange."""


class Stage:
    """A folder under construction; `path` is where to write, `commit` moves it into place."""

    def __init__(self, target: Path, path: Path) -> None:
        self.target = target
        self.path = path
        self.is_committed = False
        self.has_replaced = False

    def write_receipt(self, receipt: str) -> None:
        """Record what is about to be put in place; `read_receipts` finds it after a kill or a failure.

        Raises:
            OSError: the receipt cannot be written.
        """
        (self.path / RECEIPT).write_text(receipt, encoding="utf-8")

    def drop_receipt(self) -> None:
        """Remove the receipt: nothing was put in place, or the run has finished."""
        with contextlib.suppress(OSError):
            (self.path / RECEIPT).unlink(missing_ok=True)

    def commit(
        self,
        *,
        replacing: Replacement | None = None,
        sync: bool = True,
        together: FlushTogether | None = None,
        file: Path | None = None,
    ) -> None:
        """Flush every file and folder, then rename: at this instant the target appears, complete.

        `file` is a file in the staging folder that becomes the target instead of the folder itself.
        `replacing` allows an exchange with an existing target; without it that is an error.
        `sync=False` leaves the flushing to the system: after a power failure files can be empty.
        `together` also flushes what other processes have written at the same time.

        Raises:
            StorageError: the target appeared meanwhile, or a write fails.
        """
        made = file or self.path
        try:
            if sync:
                _flush(self.path, flush_folder, together)
            self._put_in_place(made, replacing)
        except BlockingIOError as error:
            raise StorageError(
                f"{shown(str(self.target))} is being changed by another run; it was not replaced",
                hint="wait until that run has finished, then run the same command again",
            ) from error
        except FileExistsError as error:
            raise StorageError(
                f"{shown(str(self.target))} appeared while the package was being made",
                hint="another run made it; check it, then run again with --force if it may be replaced",
            ) from error
        except OSError as error:
            raise cannot_write(self.target, error) from error
        self.is_committed = True
        if sync:
            self._flush_names(together)

    def _flush_names(self, together: FlushTogether | None) -> None:
        """Flush the new names; if that fails, the package is in place all the same."""
        try:
            _flush(self.target.parent, flush, together)
        except OSError as error:
            state = "has replaced the old package" if self.has_replaced else "is in place"
            raise StorageError(
                f"{shown(str(self.target))} {state}, but may not be on the disk yet: "
                f"{error.strerror or error}",
                hint="check the disk, then check the package with: "
                f"archtool verify {shell_word(str(self.target))}",
            ) from error

    def _put_in_place(self, made: Path, replacing: Replacement | None) -> None:
        try:
            atomic_rename.rename_to_new(made, self.target)
        except FileExistsError:
            if replacing is None or not self.target.exists():
                raise
            with _locked_package(self.target):
                if replacing.before is not None:
                    replacing.before()
                self._exchange(made, replacing.keep_at)
            self.has_replaced = True

    def _exchange(self, made: Path, keep_at: Path | None) -> None:
        """Exchange the new package and the old one; an old one to be kept never has a name that is removed.

        Before the exchange the staging folder gets the inode of the old package in its name. By it a run that
        finds it after a kill knows whether it contains the old package (kept) or the new one (removed).
        """
        if keep_at is None:
            atomic_rename.exchange(made, self.target)
            return
        inode = os.lstat(self.target).st_ino
        kept = self.path.with_name(f"{self.path.name.removesuffix(PARTIAL_SUFFIX)}.{inode}{KEPT_SUFFIX}")
        made = kept if made == self.path else kept / made.name
        atomic_rename.rename_to_new(self.path, kept)
        self.path = kept
        atomic_rename.exchange(made, self.target)
        with contextlib.suppress(OSError):  # if this fails, it gets a numbered name when the stage is removed
            atomic_rename.rename_to_new(made, keep_at)


def _flush(folder: Path, flush_separately: Callable[[Path], None], together: FlushTogether | None) -> None:
    if together is None:
        flush_separately(folder)
    else:
        together.flush(folder, flush_separately)


@contextlib.contextmanager
def stage_beside(target: Path, *, clear: bool = True) -> Iterator[Stage]:
    """Make a staging folder next to the target, and remove it at the end of the block in every case.

    `clear=False` does not remove what killed runs for this target left: the search takes longer the more
    files the folder contains, and a caller that knows of no such run can do without it.

    Raises:
        StorageError: the parent folder of the target is missing or cannot be written.
    """
    prefix = stage_prefix(target)
    if clear:
        clear_leftovers(target)
    with contextlib.ExitStack() as stack:
        try:
            path = _make_locked(target.parent, prefix, stack)
        except OSError as error:
            raise cannot_write(target, error) from error
        stage = Stage(target, path)
        try:
            yield stage
            stage.drop_receipt()
        finally:
            if stage.path != path:
                settle_kept(stage.path, target)


def _remove_unless_receipt(path: Path) -> None:
    if not (path / RECEIPT).exists():
        remove_folder(path)


def _make_locked(folder: Path, prefix: str, stack: contextlib.ExitStack) -> Path:
    """Make a staging folder and lock it.

    Between the two steps another run can remove the folder as a leftover: then another one is made.
    """
    while True:
        path = folder / f"{prefix}{secrets.token_hex(6)}{PARTIAL_SUFFIX}"
        # registered before the folder is made: an interrupt can come just between. After an exchange this
        # removes the old package, otherwise the unfinished one
        stack.callback(_remove_unless_receipt, path)
        path.mkdir()
        try:
            stack.enter_context(locked(path))
        except (BlockingIOError, FileNotFoundError):
            continue
        except OSError:
            path.rmdir()
            raise
        if path.is_dir():
            return path


def _locked_package(target: Path) -> contextlib.AbstractContextManager[None]:
    """Lock the package that is to be replaced, folder or archive; `attest` takes this lock as well."""
    return contextlib.nullcontext() if target.is_symlink() else locked(target)


def write_whole(target: Path, data: bytes, *, replaces: bool = False, sync: bool = True) -> None:
    """Write one file beside its place, and put it there with one rename: it appears whole or not at all.

    Raises:
        StorageError: it cannot be written; or it exists, and `replaces` is not given.
    """
    with stage_beside(target) as stage:
        staged = stage.path / _WHOLE_FILE
        with storage_errors(target):
            staged.write_bytes(data)
        stage.commit(replacing=Replacement() if replaces else None, file=staged, sync=sync)
