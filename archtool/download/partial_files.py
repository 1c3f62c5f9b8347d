"""The folder beside a bag where files lie until they are whole and checked.

It is not inside the bag: what is half there must not make the bag invalid. Its name follows from the
bag's, so that the next run finds what an earlier one left; its lock keeps two runs apart.
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
from archtool.download.replies import READ_BYTES
from archtool.errors import InputError, StorageError
from archtool.files.hashing.digests import Hasher
from archtool.files.lock import locked_folder
from archtool.files.paths import shown
from archtool.strict_json import JsonRules, parse_json

MAX_NOTE_BYTES = 64 * 1024  # an address, a validator, a number
_NOTE_RULES = JsonRules(MAX_NOTE_BYTES, max_values=100, max_depth=2)
_PART, _NOTE = ".part", ".json"
# O_NONBLOCK: a FIFO under the name of a part must not be waited for
_OPEN = (
    os.O_RDWR
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)


@dataclass(frozen=True, slots=True)
class PartNote:
    """What a kept part is the beginning of."""

    url: str
    validator: str | None
    total_bytes: int | None

    @classmethod
    def parse(cls, data: bytes) -> PartNote | None:
        """Read a note; `None` where it is none: a killed run can leave anything."""
        try:
            value: Any = parse_json(data, "the note", _NOTE_RULES)
            note = cls(value["url"], value["validator"], value["total_bytes"])
        except (InputError, KeyError, TypeError):
            return None
        is_sound = isinstance(note.validator, str | None) and isinstance(note.total_bytes, int | None)
        return note if is_sound else None


class PartialFile:
    """One file on its way; open from `begin` or `go_on` to `close`."""

    def __init__(self, stem: Path) -> None:
        self.path = stem.with_name(stem.name + _PART)
        self._note_path = stem.with_name(stem.name + _NOTE)
        self._descriptor = -1

    def kept(self) -> tuple[PartNote, int] | None:
        """What an earlier run left: its note and its size in bytes."""
        try:
            with self._note_path.open("rb") as file:
                note = PartNote.parse(file.read(MAX_NOTE_BYTES))
            status = os.lstat(self.path)
        except OSError:
            return None
        # a second name means that it was put in place already: writing to it would change the payload
        return (note, status.st_size) if note is not None and status.st_nlink == 1 else None

    def begin(self, note: PartNote) -> None:
        """Start with nothing; the note is there before the first byte."""
        self.discard()
        with _storing(self.path):
            self._note_path.write_text(format_json_line(asdict(note)), encoding="utf-8")
            self._descriptor = os.open(self.path, _OPEN | os.O_CREAT | os.O_EXCL, 0o666)

    def go_on(self, hashers: Collection[Hasher]) -> None:
        """Open what is kept and show it to the hashers; what is written next follows it."""
        with _storing(self.path):
            self._descriptor = os.open(self.path, _OPEN)
            while block := os.read(self._descriptor, READ_BYTES):
                for hasher in hashers:
                    hasher.update(block)

    def write(self, data: bytes) -> None:
        """Add the next bytes.

        Raises:
            StorageError: the disk refuses.
        """
        view = memoryview(data)
        with _storing(self.path):
            while view:
                view = view[os.write(self._descriptor, view) :]

    def close(self, *, sync: bool = False) -> None:
        """Let go of it, `sync` with every byte on the disk."""
        if self._descriptor < 0:
            return
        descriptor, self._descriptor = self._descriptor, -1
        with _storing(self.path):
            try:
                if sync:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def discard(self) -> None:
        """Remove it and its note."""
        self.close()
        with _storing(self.path):
            self.path.unlink(missing_ok=True)
            self._note_path.unlink(missing_ok=True)


class PartialFileStore:
    """The folder, held by this run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def part(self, path: str) -> PartialFile:
        """The part of one payload file."""
        return PartialFile(self.folder / _stem(path))

    def clear(self, keep: Collection[str]) -> None:
        """Remove what no later run can use: all but the parts of these payload files."""
        kept = {_stem(path) + suffix for path in keep for suffix in (_PART, _NOTE)}
        with contextlib.suppress(OSError):  # a leftover that stays is no reason to fail
            for name in os.listdir(self.folder):
                if name not in kept:
                    (self.folder / name).unlink()
            if not kept.intersection(os.listdir(self.folder)):
                self.folder.rmdir()


def store_folder(root: Path) -> Path:
    """Where the parts of a bag lie: beside it, under a name that follows from its own.

    Raises:
        StorageError: there is no place beside it.
    """
    real = root.resolve()
    if not real.name:
        raise StorageError(
            f"there is no place beside {shown(str(root))}", hint="move the bag into a folder of its own"
        )
    name = hashlib.sha256(os.fsencode(real.name)).hexdigest()[:16]
    return real.parent / f".archtool-fetch-{name}.partial"


@contextmanager
def open_store(root: Path) -> Iterator[PartialFileStore]:
    """Make the folder, or find the one that an earlier run left, and hold it.

    Raises:
        FetchFailedError: another run holds it.
        StorageError: it cannot be made, or is not ours.
    """
    folder = store_folder(root)
    with contextlib.ExitStack() as held:
        with _storing(folder):
            while not _hold(folder, root, held):
                pass
        yield PartialFileStore(folder)


def _hold(folder: Path, root: Path, held: contextlib.ExitStack) -> bool:
    """Make and lock it; false where another run removed it in between."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    try:
        status = held.enter_context(locked_folder(folder))
        if status is not None:
            _check_ours(folder, root, status)
            return os.path.samestat(os.lstat(folder), status)
    except BlockingIOError as error:
        message = f"another run is fetching the files of {shown(str(root))}"
        raise FetchFailedError(finding_kinds.LOCKED, message) from error
    except FileNotFoundError:
        return False
    return True


def _check_ours(folder: Path, root: Path, status: os.stat_result) -> None:
    if status.st_uid != os.geteuid():
        raise StorageError(
            f"{shown(str(folder))} belongs to somebody else",
            hint="let them finish the fetch, or ask them to remove the folder",
        )
    if status.st_dev != root.stat().st_dev:
        raise StorageError(
            f"{shown(str(root))} is on another disk than the folder around it",
            hint="no file can be put into the bag with one rename there: move the bag one folder down",
        )


def _stem(path: str) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:32]


@contextmanager
def _storing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"cannot write {shown(str(path))}: {error.strerror or error}",
            hint="check the space and the permissions there; what arrived so far is kept",
        ) from error
