"""Stores incomplete files in a folder next to the bag until they are complete and checked.

The folder is not inside the bag, because incomplete files would make the bag invalid. Its name is derived
from the bag's name, so that the next run finds the files of an earlier one; a lock excludes a second run.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from archtool.canonical_json import format_json_line
from archtool.download import finding_kinds
from archtool.download.failures import FetchFailedError
from archtool.download.limits import MAX_NOTE_BYTES
from archtool.download.replies import READ_BYTES
from archtool.errors import InputError, StorageError
from archtool.files.hashing.digests import Hasher
from archtool.files.lock import locked_folder
from archtool.files.paths import shown
from archtool.files.writing.blocked import while_blocked
from archtool.strict_json import JsonRules, parse_json

_NOTE_RULES = JsonRules(MAX_NOTE_BYTES, max_values=100, max_depth=2)
_PART, _NOTE = ".part", ".json"
# O_NONBLOCK: opening must not block if a FIFO has the name of a part
_OPEN = (
    os.O_RDWR
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)


@dataclass(frozen=True, slots=True)
class PartNote:
    """The file that a kept part is the beginning of."""

    url: str
    validator: str | None
    total_bytes: int | None

    @classmethod
    def parse(cls, data: bytes) -> PartNote | None:
        """Parse a note; return `None` if it is damaged, because a killed run can leave any content."""
        try:
            value: Any = parse_json(data, "the note", _NOTE_RULES)
            note = cls(value["url"], value["validator"], value["total_bytes"])
        except (InputError, KeyError, TypeError):
            return None
        is_sound = isinstance(note.validator, str | None) and isinstance(note.total_bytes, int | None)
        return note if is_sound else None


class PartialFile:
    """One incomplete file; it is open from `begin` or `resume` to `close`."""

    def __init__(self, stem: Path) -> None:
        self.path = stem.with_name(stem.name + _PART)
        self._note_path = stem.with_name(stem.name + _NOTE)
        self._descriptor = -1

    def kept(self) -> tuple[PartNote, int] | None:
        """Return the note and the size in bytes of an earlier run's part; `None` without a usable one."""
        try:
            with self._note_path.open("rb") as file:
                note = PartNote.parse(file.read(MAX_NOTE_BYTES))
            status = os.lstat(self.path)
        except OSError:
            return None
        # a second hard link means that it was put in place already: writing would change the payload
        return (note, status.st_size) if note is not None and status.st_nlink == 1 else None

    def begin(self, note: PartNote) -> None:
        """Start an empty part; its note is written before the first byte."""
        self.discard()
        with _storage_errors(self.path):
            self._note_path.write_text(format_json_line(asdict(note)), encoding="utf-8")
            self._descriptor = os.open(self.path, _OPEN | os.O_CREAT | os.O_EXCL, 0o666)

    def resume(self, hashers: Collection[Hasher]) -> None:
        """Open the kept part and feed it to the hashers; the next bytes are appended."""
        with _storage_errors(self.path):
            self._descriptor = os.open(self.path, _OPEN)
            while block := os.read(self._descriptor, READ_BYTES):
                for hasher in hashers:
                    hasher.update(block)

    def write(self, data: bytes) -> None:
        """Append bytes.

        Raises:
            StorageError: the disk cannot store them.
        """
        view = memoryview(data)
        with _storage_errors(self.path):
            while view:
                view = view[os.write(self._descriptor, view) :]

    def close(self, *, sync: bool = False) -> None:
        """Close the part; with `sync`, flush every byte to the disk first."""
        if self._descriptor < 0:
            return
        descriptor, self._descriptor = self._descriptor, -1
        with _storage_errors(self.path):
            try:
                if sync:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def discard(self) -> None:
        """Remove the part and its note."""
        self.close()
        with _storage_errors(self.path):
            while_blocked(self.path.unlink, missing_ok=True)
            while_blocked(self._note_path.unlink, missing_ok=True)


class PartialFileStore:
    """The folder of incomplete files, locked by this run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def part(self, path: str) -> PartialFile:
        """Return the part of one payload file."""
        return PartialFile(self.folder / _stem(path))

    def clear(self, keep: Collection[str]) -> None:
        """Remove everything except the parts of the given payload files, and the folder if it is empty."""
        kept = {_stem(path) + suffix for path in keep for suffix in (_PART, _NOTE)}
        with contextlib.suppress(OSError):  # a leftover file is no reason to fail
            for name in os.listdir(self.folder):
                if name not in kept:
                    (self.folder / name).unlink()
            if not kept.intersection(os.listdir(self.folder)):
                self.folder.rmdir()


def store_folder(root: Path) -> Path:
    """Return the folder for the incomplete files of a bag: next to the bag, with a name derived from it.

    Raises:
        StorageError: the bag is the root of a disk.
    """
    real = root.resolve()
    if not real.name:
        raise StorageError(
            f"no folder can be made next to {shown(str(root))}", hint="move the bag into a separate folder"
        )
    name = hashlib.sha256(os.fsencode(real.name)).hexdigest()[:16]
    return real.parent / f".archtool-fetch-{name}.partial"


@contextmanager
def open_store(root: Path) -> Iterator[PartialFileStore]:
    """Make the folder, or open the one of an earlier run, and lock it.

    Raises:
        FetchFailedError: another run has locked it.
        StorageError: it cannot be made, or belongs to another user.
    """
    folder = store_folder(root)
    with contextlib.ExitStack() as locks:
        with _storage_errors(folder):
            while not _lock(folder, root, locks):
                pass
        yield PartialFileStore(folder)


def _lock(folder: Path, root: Path, locks: contextlib.ExitStack) -> bool:
    """Make and lock the folder; return false if another run has removed it meanwhile."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    try:
        status = locks.enter_context(locked_folder(folder))
        if status is not None:
            _check_folder(folder, root, status)
            return os.path.samestat(os.lstat(folder), status)
    except BlockingIOError as error:
        message = f"another run is fetching the files of {shown(str(root))}"
        raise FetchFailedError(finding_kinds.LOCKED, message) from error
    except FileNotFoundError:
        return False
    return True


def _check_folder(folder: Path, root: Path, status: os.stat_result) -> None:
    if status.st_uid != os.geteuid():
        raise StorageError(
            f"{shown(str(folder))} belongs to another user",
            hint="let that user finish the fetch, or ask them to remove the folder",
        )
    if status.st_dev != root.stat().st_dev:
        raise StorageError(
            f"{shown(str(root))} is on another disk than its parent folder",
            hint="files cannot be renamed into the bag across disks: move the bag one folder down",
        )


def _stem(path: str) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:32]


@contextmanager
def _storage_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"cannot write {shown(str(path))}: {error.strerror or error}",
            hint="check the free space and the permissions; the bytes received so far are kept",
        ) from error
