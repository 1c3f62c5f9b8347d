"""Opens and lists files below one folder, and nothing outside it.

Every step goes through a handle of its parent folder and follows no link, so that neither a hostile name nor
a file that is swapped for a link between check and open can lead anywhere else. Where a system has no such
handles (Windows), each step is checked before it is opened: the guarantee is weaker there, since something
can change between the check and the open.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from archtool.files.directory_handles import DirectoryHandles
from archtool.files.file_kinds import FileKind, FoundFile, NotAFileError
from archtool.files.hashing.stream import stream_open_file
from archtool.files.limits import MAX_DEPTH
from archtool.files.os_errors import is_system_failure
from archtool.files.small_files import READ_FLAGS, read_to_end, refuse_unless_file
from archtool.files.source import ClosedOnExit, Sink
from archtool.findings import Finding

__all__ = ["FileKind", "FoundFile", "NotAFileError", "Tree"]

HAS_HANDLES = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
# characters that split one step of a path into several, or change its meaning, on this system
_NOT_IN_A_STEP = frozenset("\\:") if os.name == "nt" else frozenset()


class FolderNames(NamedTuple):
    """The entries of one folder."""

    files: list[str]
    folders: list[str]
    others: list[FoundFile]
    """Entries of other kinds, with their full paths."""


class Tree(ClosedOnExit):
    """One open folder. One thread at a time can use it: it keeps the handle of the last folder."""

    is_sequential = False
    serialisation: str | None = None
    folder_name: str | None = None
    findings: tuple[Finding, ...] = ()
    is_whole = True

    def __init__(self, root: Path) -> None:
        self.root = root
        """The folder."""
        self._handles: DirectoryHandles | None = None
        if HAS_HANDLES:
            flags = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_DIRECTORY", 0)
            self._handles = DirectoryHandles(os.open(root, flags))
        elif not self.root.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(root))

    def close(self) -> None:
        """Close every handle."""
        if self._handles is not None:
            self._handles.close()
            self._handles = None

    def open_file(self, path: str) -> int:
        """Open a regular file for reading and return its descriptor, which the caller closes.

        Raises:
            NotAFileError: a link, a FIFO, a device, a folder, or a link on the way to it.
            OSError: missing or not readable.
        """
        return self.open_with_status(path)[0]

    def open_with_status(self, path: str) -> tuple[int, os.stat_result]:
        """Open a regular file for reading; return its descriptor, which the caller closes, and its status.

        Raises:
            NotAFileError: a link, a FIFO, a device, a folder, or a link on the way to it.
            OSError: missing or not readable.
        """
        refuse_unless_file(path, self.stat(path))  # a device must not even be opened
        try:
            descriptor = self._open(path)
        except OSError:
            refuse_unless_file(path, self.stat(path))  # exchanged since the check
            raise
        status = os.fstat(descriptor)
        try:
            refuse_unless_file(path, status)
        except NotAFileError:
            os.close(descriptor)
            raise
        return descriptor, status

    def folder_handle(self, folder: str) -> int:
        """Return the handle of a folder, to open many files in it; valid until the next call of this tree.

        Raises:
            NotAFileError: a step to it is a link, or something else that is not a folder.
            OSError: missing, or not permitted; or this system has no such handles.
        """
        if self._handles is None:
            raise OSError(errno.ENOTSUP, "no folder handles on this system", folder)
        return self._handles.handle(folder)

    def stat(self, path: str) -> os.stat_result:
        """Return the status of a path without following a link.

        Raises:
            NotAFileError: a link, or something else that is not a folder, on the way to it.
            OSError: missing.
        """
        folder, _, name = path.rpartition("/")
        if self._handles is None:
            return os.lstat(self._checked_folder(folder) / _one_step(name))
        return os.stat(name, dir_fd=self._handles.handle(folder), follow_symlinks=False)

    def size_of(self, path: str) -> int:
        """Return the size of a file in bytes; the file is opened, to check the permission.

        Raises:
            NotAFileError: not a regular file.
            OSError: missing, or not permitted.
        """
        descriptor, status = self.open_with_status(path)
        os.close(descriptor)
        return status.st_size

    def read_bytes(self, path: str, limit_bytes: int) -> bytes:
        """Read a small file completely.

        Raises:
            NotAFileError: not a regular file.
            OSError: missing, unreadable, or larger than the limit (`EFBIG`).
        """
        descriptor, status = self.open_with_status(path)
        try:
            return read_to_end(descriptor, status, limit_bytes, path)
        finally:
            os.close(descriptor)

    def list_names(self, folder: str) -> FolderNames:
        """List the names in one folder, in no order, without a `stat` of any file.

        Raises:
            NotAFileError: a step to it is a link, or something else that is not a folder.
            OSError: the folder cannot be listed, or is nested too deep.
        """
        files: list[str] = []
        folders: list[str] = []
        others: list[FoundFile] = []
        with self._scan(folder) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    files.append(entry.name)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                elif (found := _found(f"{folder}/" if folder else "", entry)) is not None:
                    others.append(found)
        return FolderNames(files, folders, others)

    def stream(self, path: str, sinks: Sequence[Sink]) -> int:
        """Pass every byte of a file to every sink, once and in order; return the number of bytes.

        Raises:
            SourceChangedError: the file changed while being read.
            OSError: missing, unreadable or not a file (`NotAFileError`).
        """
        descriptor = self.open_file(path)
        try:
            return stream_open_file(descriptor, path, self.stat, sinks)
        finally:
            os.close(descriptor)

    def modified_at_ns(self, path: str) -> int:
        """Return the time of a file's last modification, in nanoseconds of the system's epoch."""
        return self.stat(path).st_mtime_ns

    def position(self, path: str) -> int:
        """Return 0 for every file: the position on the disk is not known."""
        del path
        return 0

    def reopen(self) -> Tree:
        """Return a second tree of this folder, with new handles."""
        return Tree(self.root)

    def list_root(self) -> list[FoundFile]:
        """Return the entries of the folder itself, including its folders, in the order of names.

        Raises:
            OSError: the folder cannot be listed.
        """
        return self._list("")

    def walk(self, top: str = "", excluded: Collection[str] = ()) -> Iterator[FoundFile]:
        """Yield all entries below `top` except folders that are not empty, in the order of names.

        The `excluded` folders are skipped, with everything in them.
        """
        pending = [top]
        while pending:
            folder = pending.pop()
            try:
                entries = self._list(folder)
            except OSError as error:
                yield unlisted_folder(folder, error)
                continue
            if not entries and folder != top:
                yield FoundFile(folder, FileKind.FOLDER)
            yield from (found for found in entries if found.kind is not FileKind.FOLDER)
            folders = (found.path for found in reversed(entries) if found.kind is FileKind.FOLDER)
            pending.extend(path for path in folders if path not in excluded)

    def _list(self, folder: str) -> list[FoundFile]:
        prefix = folder + "/" if folder else ""
        with self._scan(folder) as entries:
            found = [item for entry in entries if (item := _found(prefix, entry)) is not None]
        return sorted(found, key=lambda f: f.path)

    def _scan(self, folder: str) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        if folder.count("/") >= MAX_DEPTH:
            raise OSError(errno.ENAMETOOLONG, f"more than {MAX_DEPTH:,} folders deep", folder)
        if self._handles is None:
            return os.scandir(self._checked_folder(folder))
        return os.scandir(self._handles.handle(folder))

    def _open(self, path: str) -> int:
        folder, _, name = path.rpartition("/")
        if self._handles is None:
            return os.open(self._checked_folder(folder) / _one_step(name), READ_FLAGS)
        return os.open(name, READ_FLAGS, dir_fd=self._handles.handle(folder))

    def _checked_folder(self, folder: str) -> Path:
        """Return the folder on disk, after a check that no step to it is a link."""
        target, checked = self.root, ""
        for part in folder.split("/") if folder else ():
            target, checked = target / _one_step(part), f"{checked}/{part}" if checked else part
            kind = FileKind.of_mode(os.lstat(target).st_mode)
            if kind is not FileKind.FOLDER:
                raise NotAFileError(checked, kind, FileKind.FOLDER)
        return target


def unlisted_folder(folder: str, error: OSError) -> FoundFile:
    """Return the entry that a walk yields for a folder that cannot be listed."""
    error_number = error.errno if is_system_failure(error) else None
    return FoundFile(
        folder, FileKind.UNREADABLE, problem=error.strerror or str(error), error_number=error_number
    )


def _one_step(name: str) -> str:
    if not _NOT_IN_A_STEP.isdisjoint(name):
        raise OSError(errno.EINVAL, "not one name on this system", name)
    return name


def _found(prefix: str, entry: os.DirEntry[str]) -> FoundFile | None:
    """Return an entry with its status; `None` where it vanished since the folder was listed."""
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    kind = FileKind.of_mode(status.st_mode)
    if kind is not FileKind.FILE:
        return FoundFile(prefix + entry.name, kind, status.st_size)
    stamp = hash((status.st_mtime_ns, status.st_ctime_ns))
    return FoundFile(prefix + entry.name, kind, status.st_size, stamp=stamp, inode=status.st_ino)
