"""Writes the two files of a key pair: both exist, complete and on the disk, or neither does.

1. A staging folder next to the key contains both files until they are flushed (`staging`), and the public
   half a second time, as the receipt.
2. The public half gets its name first, then the private half; signals wait until both have their names.
3. A run that is killed between the two leaves a public half without a private one, and its staging folder.
   The next run for the same name finds the receipt in the folder and removes that public half. It was
   useless: its private half never got a name.

Existing files are never overwritten.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from archtool.errors import StorageError
from archtool.files.paths import shell_word, shown
from archtool.files.writing import atomic_rename
from archtool.files.writing.blocked import while_blocked
from archtool.files.writing.durability import uninterrupted
from archtool.files.writing.leftovers import clear_leftovers, read_abandoned_receipts
from archtool.files.writing.new_files import WRITE_FLAGS
from archtool.files.writing.staging import stage_beside
from archtool.files.writing.storage_errors import cannot_write
from archtool.files.writing.tree_operations import flush, flush_folder

PUBLIC_SUFFIX = ".pub"
_OWNER_ONLY = 0o600
_DEFAULT_MODE = 0o666  # restricted by the umask
_MAX_PUBLIC_BYTES = 4096  # the line of an Ed25519 key takes about a hundred; archtool writes no longer ones


def public_half_of(private: Path) -> Path:
    """Return the path of the public half next to a private key, as OpenSSH names it."""
    return private.with_name(private.name + PUBLIC_SUFFIX)


def clear_half_pair(private: Path) -> None:
    """Remove what a killed run left of a key pair of this name.

    Raises:
        StorageError: the folder for the key does not exist.
    """
    if not private.parent.is_dir():
        raise StorageError(
            f"the folder for the key does not exist: {shown(str(private.parent))}",
            hint=f"make it first: mkdir -p {shown(str(private.parent))}",
        )
    public = public_half_of(private)
    if not os.path.lexists(private) and _read_small(public) in read_abandoned_receipts(private):
        with contextlib.suppress(OSError):
            public.unlink()
    clear_leftovers(private)


def write_key_pair(private: Path, private_data: bytes, public_line: str) -> None:
    """Write both halves; only the owner can read the private one.

    Raises:
        FileExistsError: one of the two files exists; nothing was changed.
        StorageError: a write fails; the hint says whether the pair is in place.
    """
    is_placed = False
    try:
        with stage_beside(private, clear=False) as stage:
            made = stage.path / "private"
            _write(made, private_data, _OWNER_ONLY)
            _write(public_half_of(made), public_line.encode("utf-8"), _DEFAULT_MODE)
            try:
                stage.write_receipt(public_line)
                flush_folder(stage.path)
                _place(made, private)
                is_placed = True
            finally:
                if not _is_half(private):
                    stage.drop_receipt()
            flush(private.parent)
    except FileExistsError:
        raise
    except OSError as error:
        raise (_not_confirmed if is_placed else cannot_write)(private, error) from error


def _not_confirmed(private: Path, error: OSError) -> StorageError:
    name = shown(str(private))
    return StorageError(
        f"{name} and its .pub are in place, but may not be on the disk yet: {error.strerror or error}",
        hint=f"check the disk, then check the key with: archtool keys show {shell_word(name)}",
    )


def _place(made: Path, private: Path) -> None:
    public = public_half_of(private)
    with uninterrupted():
        atomic_rename.rename_to_new(public_half_of(made), public)
        try:
            atomic_rename.rename_to_new(made, private)
        except OSError:
            while_blocked(os.unlink, public)
            raise


def _is_half(private: Path) -> bool:
    return os.path.lexists(public_half_of(private)) and not os.path.lexists(private)


def _write(path: Path, data: bytes, mode: int) -> None:
    with os.fdopen(os.open(path, WRITE_FLAGS, mode), "wb") as file:
        file.write(data)


def _read_small(path: Path) -> str | None:
    try:
        if path.is_symlink() or path.stat().st_size > _MAX_PUBLIC_BYTES:
            return None
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
