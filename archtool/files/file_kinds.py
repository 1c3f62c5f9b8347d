"""Kinds of directory entries: regular files, and entries that have no bytes of their own."""

from __future__ import annotations

import os
import stat
from enum import Enum
from typing import NamedTuple


class FileKind(Enum):
    """The kind of a directory entry."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "symbolic link"
    HARD_LINK = "hard link"
    """Used for archives only: on a disk every name of a file is a hard link."""
    FIFO = "FIFO"
    SOCKET = "socket"
    DEVICE = "device"
    UNREADABLE = "unreadable folder"

    @classmethod
    def of_mode(cls, mode: int) -> FileKind:
        """Return the kind that `st_mode` stands for."""
        return _KINDS.get(stat.S_IFMT(mode), cls.DEVICE)


_KINDS = {
    stat.S_IFREG: FileKind.FILE,
    stat.S_IFDIR: FileKind.FOLDER,
    stat.S_IFLNK: FileKind.LINK,
    stat.S_IFIFO: FileKind.FIFO,
    stat.S_IFSOCK: FileKind.SOCKET,
}


class FoundFile(NamedTuple):
    """An entry that a walk found; a folder only where it is empty or cannot be listed."""

    path: str
    kind: FileKind
    size_bytes: int = 0
    problem: str | None = None
    error_number: int | None = None
    """The error number of the problem, where the system failed and not the file."""
    stamp: int = 0
    """Differs after the file was written to or renamed; set only for a file in a folder."""
    inode: int = 0
    """Differs after the file was exchanged, where the file system keeps its inode numbers (`mounts`)."""


class NotAFileError(OSError):
    """A path, or a folder on the way to it, is of another kind than required."""

    def __init__(self, path: str, kind: FileKind, wanted: FileKind = FileKind.FILE) -> None:
        super().__init__(f"{path!r} is a {kind.value}, not a {wanted.value}")
        self.path = path
        self.kind = kind


def identity(status: os.stat_result) -> tuple[int, ...]:
    """Return values of a file that stay the same while neither its bytes nor its attributes change.

    Any writer of a file can set its modification time back. The time of change is set by the system.
    """
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev
