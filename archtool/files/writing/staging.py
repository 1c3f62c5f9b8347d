"""Writes a folder beside its target and puts it in place with one rename: whole, or not at all.

What a killed run leaves behind is recognised by its name and by the lock that nobody holds any more,
and is cleaned up by the next run for the same target.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.errors import StorageError
from archtool.files.directory_handles import close_handle
from archtool.files.paths import shown
from archtool.files.writing import atomic_rename
from archtool.files.writing.storage_errors import cannot_write
from archtool.files.writing.tree_operations import IS_POSIX, flush, flush_folder, remove_folder

if IS_POSIX:
    import fcntl

if TYPE_CHECKING:
    from archtool.files.writing.flush import FlushTogether

STAGED_PREFIX = ".archtool-"
_PARTIAL_SUFFIX = ".partial"
_RECEIPT = "receipt"
_MAX_RECEIPT_BYTES = 4096
_KEPT_SUFFIX = ".kept"


@dataclass(frozen=True, slots=True)
class Replacement:
    """How something that stands at the target may be replaced."""

    before: Callable[[], None] | None = None
    """Called while the old one is locked, just before the exchange; it raises to stop it."""
    keep_at: Path | None = None
    """The name beside the target that the old one gets; `None`: it is removed after the exchange."""


class Stage:
    """A folder in the making; `path` is where to write, `commit` puts it in place."""

    def __init__(self, target: Path, path: Path) -> None:
        self.target = target
        self.path = path
        self.is_committed = False
        self.replaced = False

    def sign_for(self, receipt: str) -> None:
        """Write down what is about to be put in place; after a kill or a failure `read_receipts` finds it.

        Raises:
            OSError: it cannot be written.
        """
        (self.path / _RECEIPT).write_text(receipt, encoding="utf-8")

    def drop_receipt(self) -> None:
        """Nothing is in place, or the run came to its end: the next run need not know."""
        with contextlib.suppress(OSError):
            (self.path / _RECEIPT).unlink(missing_ok=True)

    def commit(
        self,
        *,
        replacing: Replacement | None = None,
        sync: bool = True,
        together: FlushTogether | None = None,
        file: Path | None = None,
    ) -> None:
        """Flush every file and folder, then rename: from this instant the target is there, whole.

        `file` is one in the staging folder that becomes the target instead of the folder itself.
        `replacing` allows an exchange with what stands there; without it that is an error.
        `sync=False` leaves the flushing to the system: after a power cut files may be empty.
        `together` flushes what other processes make at the same time with it.

        Raises:
            StorageError: the target appeared meanwhile, or the disk refuses.
        """
        made = file or self.path
        try:
            if sync:
                _flush(self.path, flush_folder, together)
            self._put_in_place(made, replacing)
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
            raise cannot_write(self.target, error) from error
        self.is_committed = True
        if sync:
            self._flush_names(together)

    def _flush_names(self, together: FlushTogether | None) -> None:
        """Have the new names on the disk; if that fails, the package is in place all the same."""
        try:
            _flush(self.target.parent, flush, together)
        except OSError as error:
            what = "took the place of the old package" if self.replaced else "is in place"
            raise StorageError(
                f"{shown(str(self.target))} {what}, but it is not known to be on the disk: "
                f"{error.strerror or error}",
                hint="check the disk, then look at the package with: "
                f"archtool verify {shown(str(self.target))}",
            ) from error

    def _put_in_place(self, made: Path, replacing: Replacement | None) -> None:
        try:
            atomic_rename.rename_to_new(made, self.target)
        except FileExistsError:
            if replacing is None or not self.target.exists():
                raise
            with _undisturbed(self.target):
                if replacing.before is not None:
                    replacing.before()
                self._exchange(made, replacing.keep_at)
            self.replaced = True

    def _exchange(self, made: Path, keep_at: Path | None) -> None:
        """Exchange the new and the old; an old one that is to be kept is never under a name that is cleared.

        Before the exchange the staging folder is renamed after the old one's inode: a run that finds it after
        a kill knows by that whether it holds the old one (kept) or the new one (cleared).
        """
        if keep_at is None:
            atomic_rename.exchange(made, self.target)
            return
        inode = os.lstat(self.target).st_ino
        kept = self.path.with_name(f"{self.path.name.removesuffix(_PARTIAL_SUFFIX)}.{inode}{_KEPT_SUFFIX}")
        made = kept if made == self.path else kept / made.name
        atomic_rename.rename_to_new(self.path, kept)
        self.path = kept
        atomic_rename.exchange(made, self.target)
        with contextlib.suppress(OSError):  # else it gets another number when this stage is cleared away
            atomic_rename.rename_to_new(made, keep_at)


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
            raise cannot_write(target, error) from error
        stage = Stage(target, path)
        try:
            yield stage
            stage.drop_receipt()
        finally:
            if stage.path != path:
                _settle_kept(stage.path, target)


def _clear_unless_signed_for(path: Path) -> None:
    if not (path / _RECEIPT).exists():
        remove_folder(path)


def read_receipts(target: Path) -> frozenset[str]:
    """What runs for a target put in place that were killed, or failed, before they came to their end."""
    receipts: set[str] = set()
    with contextlib.suppress(OSError):
        for path in target.parent.glob(f"{_stage_prefix(target)}*{_PARTIAL_SUFFIX}/{_RECEIPT}"):
            with path.open(encoding="utf-8", errors="replace") as file:
                receipts.add(file.read(_MAX_RECEIPT_BYTES))
    return frozenset(receipts)


def read_abandoned_receipts(target: Path) -> frozenset[str]:
    """The receipts in folders that runs for a target left and that no run uses any more."""
    receipts: set[str] = set()
    for path in abandoned_in(target.parent):
        if path.name.startswith(_stage_prefix(target)):
            with (
                contextlib.suppress(OSError),
                (path / _RECEIPT).open(encoding="utf-8", errors="replace") as file,
            ):
                receipts.add(file.read(_MAX_RECEIPT_BYTES))
    return frozenset(receipts)


def _make_locked(folder: Path, prefix: str, held: contextlib.ExitStack) -> Path:
    """Make a staging folder and hold its lock.

    Between the two another run may take the folder for a leftover and clear it: then one more is made.
    """
    while True:
        path = folder / f"{prefix}{secrets.token_hex(6)}{_PARTIAL_SUFFIX}"
        # promised before it is made: an interrupt may fall just between. After an exchange this clears
        # the old package away, otherwise what was not finished
        held.callback(_clear_unless_signed_for, path)
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
    return f"{STAGED_PREFIX}{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]}-"


def abandoned_in(folder: Path) -> list[Path]:
    """Leftovers of ended runs in a folder that could not be removed; no running process holds them."""
    found: list[Path] = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not is_staged(entry.name):
                continue
            try:
                with _locked(folder / entry.name):
                    found.append(folder / entry.name)
            except BlockingIOError:
                continue  # another run is at work in it
            except OSError:
                found.append(folder / entry.name)
    return sorted(found)


def is_staged(name: str) -> bool:
    """Whether a name is one that something in the making bears, or that a killed run left."""
    return name.startswith(STAGED_PREFIX)


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
        if name.endswith(_PARTIAL_SUFFIX):
            with contextlib.suppress(OSError), _locked(folder / name):
                remove_folder(folder / name)
        elif name.endswith(_KEPT_SUFFIX):
            with contextlib.suppress(OSError), _locked(folder / name):
                _settle_kept(folder / name, target)
        elif name.endswith(atomic_rename.OLD_SUFFIX):
            with contextlib.suppress(OSError):
                atomic_rename.rename_to_new(folder / name, target)


def _settle_kept(kept: Path, target: Path) -> None:
    """Give an old package that was to be kept its numbered name; clear away a new one that took no place."""
    inode = kept.name.removesuffix(_KEPT_SUFFIX).rpartition(".")[2]
    with contextlib.suppress(OSError):
        for made in (kept, *kept.iterdir()):
            if str(os.lstat(made).st_ino) == inode:
                atomic_rename.rename_to_new(made, free_predecessor_name(target))
                flush(target.parent)
                break
    remove_folder(kept)


def free_predecessor_name(target: Path) -> Path:
    """The first numbered name beside the target that nothing bears: `letter.predecessor-1`.

    An archive keeps its ending, `letter.predecessor-1.tar`.
    """
    ending = "" if target.is_dir() else target.suffix
    stem = target.name.removesuffix(ending) if ending else target.name
    names = (target.with_name(f"{stem}.predecessor-{number}{ending}") for number in itertools.count(1))
    return next(path for path in names if not os.path.lexists(path))


def _undisturbed(target: Path) -> contextlib.AbstractContextManager[None]:
    """Lock the package that is to be replaced, as `attest` does for a package and for an archive."""
    return contextlib.nullcontext() if target.is_symlink() else _locked(target)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock of a folder or an archive; a killed process lets go of it by itself.

    Raises:
        BlockingIOError: another run is at work in it.
    """
    if not IS_POSIX:  # leftovers of a running pack cannot be told apart there
        yield
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        close_handle(descriptor)
