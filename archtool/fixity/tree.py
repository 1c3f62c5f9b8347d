"""Opens and lists files below one folder, and nothing outside it.

Every step goes through a handle of the folder above it and follows no link, so that neither a hostile
name nor a file that is swapped for a link between look and open can lead anywhere else. Where a system
has no such handles (Windows), each step is looked at before it is taken: the guarantee is weaker there,
since something may change between the look and the open.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Self

HAS_HANDLES = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_DIRECTORY = getattr(os, "O_DIRECTORY", 0)
# O_NONBLOCK: opening a FIFO must not wait for a writer that never comes
_READ = os.O_RDONLY | _NO_FOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | os.O_CLOEXEC
MAX_DEPTH = 4096  # folders inside folders; more cannot be made with a path that a system call takes


class FileKind(Enum):
    """What a name stands for on disk."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "symbolic link"
    FIFO = "FIFO"
    SOCKET = "socket"
    DEVICE = "device"
    UNREADABLE = "unreadable folder"

    @classmethod
    def of_mode(cls, mode: int) -> FileKind:
        """Read it from `st_mode`."""
        for test, kind in (
            (stat.S_ISREG, cls.FILE),
            (stat.S_ISDIR, cls.FOLDER),
            (stat.S_ISLNK, cls.LINK),
            (stat.S_ISFIFO, cls.FIFO),
            (stat.S_ISSOCK, cls.SOCKET),
        ):
            if test(mode):
                return kind
        return cls.DEVICE


@dataclass(frozen=True, slots=True)
class FoundFile:
    """Something that a walk came by; a folder only where it is empty or cannot be listed."""

    path: str
    kind: FileKind
    size_bytes: int = 0
    problem: str | None = None


class NotAFileError(OSError):
    """The name stands for something that has no bytes of its own to keep."""

    def __init__(self, path: str, kind: FileKind) -> None:
        super().__init__(f"{path!r} is a {kind.value}, not a file")
        self.kind = kind


class Tree:
    """One folder, held open. Not for use by two threads at once: it remembers the last folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._handles: list[tuple[str, int]] = []
        self._root_handle = os.open(root, os.O_RDONLY | _DIRECTORY | os.O_CLOEXEC) if HAS_HANDLES else -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every handle."""
        self._forget_below(0)
        if self._root_handle >= 0:
            os.close(self._root_handle)
            self._root_handle = -1

    def open_file(self, path: str) -> int:
        """Open a regular file for reading and give its descriptor, which the caller closes.

        Raises:
            NotAFileError: a link, a FIFO, a device, a folder, or a link somewhere on the way.
            OSError: missing or not readable.
        """
        folder, _, name = path.rpartition("/")
        if not HAS_HANDLES:
            return self._open_by_looking(path)
        try:
            descriptor = os.open(name, _READ, dir_fd=self._folder_handle(folder))
        except OSError as error:
            self._explain_refusal(path, error)
            raise
        kind = FileKind.of_mode(os.fstat(descriptor).st_mode)
        if kind is not FileKind.FILE:
            os.close(descriptor)
            raise NotAFileError(path, kind)
        return descriptor

    def stat(self, path: str) -> os.stat_result:
        """Look at a name without following it.

        Raises:
            OSError: missing, or a link or something else on the way to it.
        """
        folder, _, name = path.rpartition("/")
        if not HAS_HANDLES:
            return os.lstat(self._looked_at(path))
        return os.stat(name, dir_fd=self._folder_handle(folder), follow_symlinks=False)

    def read_bytes(self, path: str, limit_bytes: int) -> bytes:
        """Read a small file whole.

        Raises:
            NotAFileError: not a regular file.
            OSError: missing, unreadable, or larger than the limit (`EFBIG`).
        """
        with os.fdopen(self.open_file(path), "rb") as file:
            data = file.read(limit_bytes + 1)
        if len(data) > limit_bytes:
            raise OSError(27, f"larger than {limit_bytes:,} bytes", path)
        return data

    def walk(self, top: str = "") -> Iterator[FoundFile]:
        """Everything below `top` that is not a folder with something in it, in the order of names."""
        pending = [top]
        while pending:
            folder = pending.pop()
            try:
                entries = self._list(folder)
            except OSError as error:
                yield FoundFile(folder, FileKind.UNREADABLE, problem=error.strerror)
                continue
            if not entries and folder != top:
                yield FoundFile(folder, FileKind.FOLDER)
            inner = []
            for found in entries:
                if found.kind is FileKind.FOLDER:
                    inner.append(found.path)
                else:
                    yield found
            pending.extend(reversed(inner))

    def _list(self, folder: str) -> list[FoundFile]:
        if folder.count("/") >= MAX_DEPTH:
            raise OSError(36, f"more than {MAX_DEPTH} folders deep", folder)
        where = self._folder_handle(folder) if HAS_HANDLES else self._looked_at(folder)
        prefix = folder + "/" if folder else ""
        with os.scandir(where) as entries:
            found = [_found(prefix, entry) for entry in entries]
        return sorted(found, key=lambda f: f.path)

    def _folder_handle(self, folder: str) -> int:
        """The handle of a folder; the way to the last one asked for is kept open."""
        parts = folder.split("/") if folder else []
        shared = 0
        for part, (name, _) in zip(parts, self._handles, strict=False):
            if part != name:
                break
            shared += 1
        self._forget_below(shared)
        for part in parts[shared:]:
            above = self._handles[-1][1] if self._handles else self._root_handle
            flags = os.O_RDONLY | _DIRECTORY | _NO_FOLLOW | os.O_CLOEXEC
            self._handles.append((part, os.open(part, flags, dir_fd=above)))
        return self._handles[-1][1] if self._handles else self._root_handle

    def _forget_below(self, depth: int) -> None:
        while len(self._handles) > depth:
            os.close(self._handles.pop()[1])

    def _explain_refusal(self, path: str, error: OSError) -> None:
        """Turn the system's `ELOOP`, `ENXIO` … into the plain reason, where there is one."""
        try:
            kind = FileKind.of_mode(self.stat(path).st_mode)
        except OSError:
            return
        if kind is not FileKind.FILE:
            raise NotAFileError(path, kind) from error

    def _open_by_looking(self, path: str) -> int:
        target = self._looked_at(path)
        kind = FileKind.of_mode(os.lstat(target).st_mode)
        if kind is not FileKind.FILE:
            raise NotAFileError(path, kind)
        return os.open(target, _READ)

    def _looked_at(self, path: str) -> Path:
        """The path on disk, every folder on the way looked at: none may be a link."""
        target = self.root
        for part in path.split("/")[:-1]:
            target /= part
            if FileKind.of_mode(os.lstat(target).st_mode) is not FileKind.FOLDER:
                raise NotADirectoryError(20, "not a folder", str(target))
        return self.root / path if path else self.root


def _found(prefix: str, entry: os.DirEntry[str]) -> FoundFile:
    status = entry.stat(follow_symlinks=False)
    return FoundFile(prefix + entry.name, FileKind.of_mode(status.st_mode), status.st_size)
