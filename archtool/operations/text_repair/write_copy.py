"""Writes a repaired copy and its change log: both exist, complete and on the disk, or neither does.

1. A staging folder beside the copy contains both files until they are flushed, and the digest of the log as
   the receipt.
2. The log gets its name first, then the copy; signals wait until both have their names.
3. A run that is killed between the two leaves a log without a copy, and its staging folder. The next run for
   the same name finds the receipt there and removes that log.

Where the files exist and may be replaced, each is exchanged with the new one. A kill between the two
exchanges leaves a log that does not describe the copy, which every reader of it finds; the next run replaces
both.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

from archtool.errors import StorageError
from archtool.files.paths import shown
from archtool.files.writing import atomic_rename
from archtool.files.writing.blocked import while_blocked
from archtool.files.writing.durability import uninterrupted
from archtool.files.writing.leftovers import clear_leftovers, read_abandoned_receipts
from archtool.files.writing.staging import stage_beside
from archtool.files.writing.storage_errors import cannot_write, not_confirmed
from archtool.files.writing.tree_operations import flush, flush_folder
from archtool.text.repairing.change_log_file import SUFFIX

_COPY, _LOG = "copy", "log"  # names in the staging folder


def log_path_of(copy: Path) -> Path:
    """Return the path of the change log beside a copy."""
    return copy.with_name(copy.name + SUFFIX)


def clear_half_copy(copy: Path) -> None:
    """Remove what a killed run left for a copy of this name.

    Raises:
        StorageError: the folder of the copy does not exist.
    """
    log = log_path_of(copy)
    if not os.path.lexists(copy) and _digest(log) in read_abandoned_receipts(copy):
        with contextlib.suppress(OSError):
            log.unlink()
    clear_leftovers(copy)


def write_copy(copy: Path, data: bytes, log_data: bytes, *, force: bool) -> None:
    """Write the copy and its log; with `force`, existing files are replaced.

    Raises:
        StorageError: a file exists and may not be replaced, or a write fails; nothing was changed, unless the
            message says that the files are in place.
    """
    is_placed = False
    try:
        with stage_beside(copy, clear=False) as stage:
            (stage.path / _COPY).write_bytes(data)
            (stage.path / _LOG).write_bytes(log_data)
            try:
                stage.write_receipt(hashlib.sha512(log_data).hexdigest())
                flush_folder(stage.path)
                _place_both(stage.path, copy, force=force)
                is_placed = True
            finally:
                if is_placed or not _is_half(copy, log_data):
                    stage.drop_receipt()
            flush(copy.parent)
    except FileExistsError as error:
        raise StorageError(
            f"{shown(str(error.filename or copy))} appeared while the text was being repaired",
            hint="check it, then run again with --force if it may be replaced",
        ) from error
    except OSError as error:
        raise (not_confirmed if is_placed else cannot_write)(copy, error) from error


def _place_both(staged: Path, copy: Path, *, force: bool) -> None:
    log = log_path_of(copy)
    with uninterrupted():
        has_replaced = _place(staged / _LOG, log, force=force)
        try:
            _place(staged / _COPY, copy, force=force)
        except OSError:
            if has_replaced:
                atomic_rename.exchange(staged / _LOG, log)
            else:
                while_blocked(os.unlink, log)
            raise


def _place(made: Path, target: Path, *, force: bool) -> bool:
    """Give a file its name; return whether another one had it, which then has the name of the staged file."""
    try:
        atomic_rename.rename_to_new(made, target)
    except FileExistsError:
        if not force:
            raise
        atomic_rename.exchange(made, target)
        return True
    return False


def _is_half(copy: Path, log_data: bytes) -> bool:
    return not os.path.lexists(copy) and _digest(log_path_of(copy)) == hashlib.sha512(log_data).hexdigest()


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha512(path.read_bytes()).hexdigest() if path.is_file() else None
    except OSError:
        return None
