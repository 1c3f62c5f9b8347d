"""What a name in a folder can stand for: a file, or one of the things that have no bytes of their own."""

from __future__ import annotations

import os
import stat
from enum import Enum
from typing import NamedTuple


class FileKind(Enum):
    """What a name stands for on disk."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "symbolic link"
    HARD_LINK = "hard link"
    """In an archive only: on a disk every name of a file is one."""
    FIFO = "FIFO"
    SOCKET = "socket"
    DEVICE = "device"
    UNREADABLE = "unreadable folder"

    @classmethod
    def of_mode(cls, mode: int) -> FileKind:
        """Read it from `st_mode`."""
        return _KINDS.get(stat.S_IFMT(mode), cls.DEVICE)


_KINDS = {
    stat.S_IFREG: FileKind.FILE,
    stat.S_IFDIR: FileKind.FOLDER,
    stat.S_IFLNK: FileKind.LINK,
    stat.S_IFIFO: FileKind.FIFO,
    stat.S_IFSOCK: FileKind.SOCKET,
}


class FoundFile(NamedTuple):
    """Something that a walk came by; a folder only where it is empty or cannot be listed."""

    path: str
    kind: FileKind
    size_bytes: int = 0
    problem: str | None = None
    trouble: int | None = None
    """The error number of the problem, where the system failed and the file is not to blame."""
    stamp: int = 0
    """Differs after the file was written to or renamed; of a file in a folder only."""
    number: int = 0
    """The inode: differs after the file was exchanged, where the file system numbers its files for good."""


class NotAFileError(OSError):
    """The name, or a folder on the way to it, stands for something else than it must."""

    def __init__(self, path: str, kind: FileKind, wanted: FileKind = FileKind.FILE) -> None:
        super().__init__(f"{path!r} is a {kind.value}, not a {wanted.value}")
        self.path = path
        self.kind = kind


def identity(status: os.stat_result) -> tuple[int, ...]:
    """Values of a file that stay the same as long as neither its bytes nor its attributes change.

    Everyone who may write to a file can set its modification time back. The time of change is the system's.
    """
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev
