"""Recognises what killed runs left beside a target, and cleans it up.

A staging folder has a name that no other program gives, and is locked by the run that uses it; the system
releases the lock of a killed process.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from archtool.errors import StorageError
from archtool.files.directory_handles import close_handle
from archtool.files.paths import shown
from archtool.files.writing import atomic_rename
from archtool.files.writing.tree_operations import IS_POSIX, flush, remove_folder

if IS_POSIX:
    import fcntl

STAGED_PREFIX = ".archtool-"
PARTIAL_SUFFIX = ".partial"
KEPT_SUFFIX = ".kept"
RECEIPT = "receipt"
"""The file in a staging folder that says which packages its run has made."""
_MAX_RECEIPT_BYTES = 64 * 1024  # it can name some hundred packages


def is_staged(name: str) -> bool:
    """Return whether a name is that of a staging folder, in use or left by a killed run."""
    return name.startswith(STAGED_PREFIX)


def stage_prefix(target: Path) -> str:
    """Return the beginning of the names of all staging folders for a target."""
    # a digest and not the name: a name of 255 bytes leaves no room for a longer one
    return f"{STAGED_PREFIX}{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]}-"


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Lock a folder or an archive; the system releases the lock of a killed process.

    Raises:
        BlockingIOError: another run has locked it.
    """
    if not IS_POSIX:  # the folder of a running pack cannot be distinguished from a leftover there
        yield
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        close_handle(descriptor)


def abandoned_in(folder: Path) -> list[Path]:
    """Return the staging folders in a folder that ended runs left; no running process has locked them."""
    found: list[Path] = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not is_staged(entry.name):
                continue
            try:
                with locked(folder / entry.name):
                    found.append(folder / entry.name)
            except BlockingIOError:
                continue  # another run uses it
            except OSError:
                found.append(folder / entry.name)
    return sorted(found)


def read_receipts(target: Path) -> frozenset[str]:
    """Return the receipts of runs for a target that were killed, or failed, before they finished."""
    receipts: set[str] = set()
    with contextlib.suppress(OSError):
        for path in target.parent.glob(f"{stage_prefix(target)}*{PARTIAL_SUFFIX}/{RECEIPT}"):
            with path.open(encoding="utf-8", errors="replace") as file:
                receipts.add(file.read(_MAX_RECEIPT_BYTES))
    return frozenset(receipts)


def read_abandoned_receipts(target: Path) -> frozenset[str]:
    """Return the receipts in folders that runs for a target left and that no run uses any more."""
    return frozenset(receipt for _, receipt in abandoned_with_receipt(target))


def abandoned_with_receipt(target: Path) -> Iterator[tuple[Path, str]]:
    """Yield the staging folders that killed runs for a target left with a receipt, and the receipts."""
    for path in abandoned_in(target.parent):
        if path.name.startswith(stage_prefix(target)):
            try:
                with (path / RECEIPT).open(encoding="utf-8", errors="replace") as file:
                    receipt = file.read(_MAX_RECEIPT_BYTES)
            except OSError:
                continue
            yield path, receipt


def clear_leftovers(target: Path, keep: Collection[Path] = ()) -> None:
    """Remove what killed runs for a target left, and put back a package that one of them had set aside.

    Of the staging folders in `keep` only the contents are removed, not the receipt.

    Raises:
        StorageError: the parent folder of the target is missing.
    """
    folder, prefix = target.parent, stage_prefix(target)
    refuse_missing_folder(folder)
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if entry.name.startswith(prefix)]
    for name in names:
        if name.endswith(PARTIAL_SUFFIX):
            with contextlib.suppress(OSError), locked(folder / name):
                _remove_contents(folder / name) if folder / name in keep else remove_folder(folder / name)
        elif name.endswith(KEPT_SUFFIX):
            with contextlib.suppress(OSError), locked(folder / name):
                settle_kept(folder / name, target)
        elif name.endswith(atomic_rename.OLD_SUFFIX):
            with contextlib.suppress(OSError):
                atomic_rename.rename_to_new(folder / name, target)


def _remove_contents(staged: Path) -> None:
    for path in staged.iterdir():
        if path.is_dir() and not path.is_symlink():
            remove_folder(path)
        elif path.name != RECEIPT:
            path.unlink()


def settle_kept(kept: Path, target: Path) -> None:
    """Give an old package that was to be kept its numbered name; remove a new one that was not placed."""
    inode = kept.name.removesuffix(KEPT_SUFFIX).rpartition(".")[2]
    with contextlib.suppress(OSError):
        for made in (kept, *kept.iterdir()):
            if str(os.lstat(made).st_ino) == inode:
                atomic_rename.rename_to_new(made, free_predecessor_name(target))
                flush(target.parent)
                break
    remove_folder(kept)


def free_predecessor_name(target: Path) -> Path:
    """Return the first free numbered name next to the target: `letter.predecessor-1`.

    An archive keeps its suffix: `letter.predecessor-1.tar`.
    """
    ending = "" if target.is_dir() else target.suffix
    stem = target.name.removesuffix(ending) if ending else target.name
    names = (target.with_name(f"{stem}.predecessor-{number}{ending}") for number in itertools.count(1))
    return next(path for path in names if not os.path.lexists(path))


def refuse_missing_folder(folder: Path) -> None:
    """Check that the folder of a target exists.

    Raises:
        StorageError: it does not exist.
    """
    if not folder.is_dir():
        raise StorageError(
            f"the folder for the package does not exist: {shown(str(folder))}",
            hint=f"make it first: mkdir -p {shown(str(folder))}",
        )
