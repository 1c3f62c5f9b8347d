"""Writes small files into a folder that this run has made and that no other process uses (`staging`)."""

from __future__ import annotations

import os

from archtool.files.directory_handles import close_handle
from archtool.files.tree import HAS_HANDLES
from archtool.files.writing.storage_errors import cannot_write

WRITE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | getattr(os, "O_BINARY", 0)
_FOLDER_FLAGS = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


class NewFiles:
    """Writes each file in few calls; the root, which must exist, and the last folder stay open."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._made = {""}  # checking the disk for each file takes a tenth of a small package's time
        self._folder: str | None = None
        self._handle: int | None = None
        self._root_handle: int | None = None

    def write(self, name: str, data: bytes, modified_at_ns: int | None = None) -> None:
        """Write a new file: complete, or not at all.

        Raises:
            StorageError: it exists, or cannot be written.
        """
        try:
            folder, _, last = name.rpartition("/")
            self._go_to(folder)
            path = last if self._handle is not None else f"{self._root}/{name}"
            file = os.open(path, WRITE_FLAGS, 0o666, dir_fd=self._handle)
            try:
                _write_all(file, data, modified_at_ns)
            except BaseException:
                os.unlink(path, dir_fd=self._handle)
                raise
        except OSError as error:
            raise cannot_write(f"{self._root}/{name}", error) from error

    def _go_to(self, folder: str) -> None:
        if folder == self._folder:
            return
        if folder not in self._made:
            self._make(folder)
        self._leave()
        if HAS_HANDLES:
            if self._root_handle is None:
                self._root_handle = os.open(self._root, _FOLDER_FLAGS)
            at_root = self._root_handle
            self._handle = os.open(folder, _FOLDER_FLAGS, dir_fd=at_root) if folder else at_root
        self._folder = folder

    def _make(self, folder: str) -> None:
        above = folder.rpartition("/")[0]
        if above not in self._made:
            self._make(above)
        try:  # noqa: SIM105 - a frequent call, and `suppress` is written in Python
            os.mkdir(f"{self._root}/{folder}")  # noqa: PTH102
        except FileExistsError:
            pass
        self._made.add(folder)

    def close(self) -> None:
        """Close the handles."""
        self._leave()
        if self._root_handle is not None:
            close_handle(self._root_handle)
        self._root_handle = None

    def _leave(self) -> None:
        if self._handle is not None and self._handle != self._root_handle:
            close_handle(self._handle)
        self._folder = self._handle = None


def _write_all(file: int, data: bytes, modified_at_ns: int | None) -> None:
    try:
        written = os.write(file, data)
        while written < len(data):  # rare: the disk is about to be full
            written += os.write(file, memoryview(data)[written:])
        if modified_at_ns is not None:
            os.utime(file, ns=(modified_at_ns, modified_at_ns))
    finally:
        os.close(file)  # some file systems report only now that the disk is full
