"""Opens and lists files below one folder, and nothing outside it.

Every step goes through a handle of the folder above it and follows no link, so that neither a hostile
name nor a file that is swapped for a link between look and open can lead anywhere else. Where a system
has no such handles (Windows), each step is looked at before it is taken: the guarantee is weaker there,
since something may change between the look and the open.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from archtool.files.directory_handles import DirectoryHandles
from archtool.files.file_kinds import FileKind, FoundFile, NotAFileError
from archtool.files.small_files import READ_FLAGS, read_to_end, refuse_unless_file
from archtool.files.source import ClosedOnExit, Sink

if TYPE_CHECKING:
    from archtool.findings import Finding

__all__ = ["FileKind", "FoundFile", "NotAFileError", "Tree"]

HAS_HANDLES = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
MAX_DEPTH = 2048  # folders inside folders: as many as a path of 4,096 bytes can name
# what would make one step of a path into several, or into something else, on the system we run on
_NOT_IN_A_STEP = frozenset("\\:") if os.name == "nt" else frozenset()


class FolderNames(NamedTuple):
    """What lies in one folder."""

    files: list[str]
    folders: list[str]
    others: list[FoundFile]
    """What is neither, with its whole path."""


class Tree(ClosedOnExit):
    """One folder, held open. Not for use by two threads at once: it remembers the last folder."""

    is_sequential = False
    serialisation: str | None = None
    findings: tuple[Finding, ...] = ()
    is_whole = True

    def __init__(self, root: Path) -> None:
        self.root = root
        """The folder."""
        self._trail: DirectoryHandles | None = None
        if HAS_HANDLES:
            flags = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_DIRECTORY", 0)
            self._trail = DirectoryHandles(os.open(root, flags))
        elif not self.root.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(root))

    def close(self) -> None:
        """Let go of every handle."""
        if self._trail is not None:
            self._trail.close()
            self._trail = None

    def open_file(self, path: str) -> int:
        """Open a regular file for reading and give its descriptor, which the caller closes.

        Raises:
            NotAFileError: a link, a FIFO, a device, a folder, or a link somewhere on the way.
            OSError: missing or not readable.
        """
        return self.open_and_look(path)[0]

    def open_and_look(self, path: str) -> tuple[int, os.stat_result]:
        """The same, and what the open file was like just then.

        Raises:
            NotAFileError, OSError: as `open_file` does.
        """
        refuse_unless_file(path, self.stat(path))  # a device must not even be opened
        try:
            descriptor = self._open(path)
        except OSError:
            refuse_unless_file(path, self.stat(path))  # swapped since the look
            raise
        status = os.fstat(descriptor)
        try:
            refuse_unless_file(path, status)
        except NotAFileError:
            os.close(descriptor)
            raise
        return descriptor, status

    def folder_handle(self, folder: str) -> int:
        """The handle of a folder, for many files in a row; valid until this tree is asked for anything.

        Raises:
            NotAFileError: a step to it is a link, or something else that is not a folder.
            OSError: missing, or may not be opened; or this system has no such handles.
        """
        if self._trail is None:
            raise OSError(errno.ENOTSUP, "no folder handles on this system", folder)
        return self._trail.handle(folder)

    def stat(self, path: str) -> os.stat_result:
        """Look at a name without following it.

        Raises:
            NotAFileError: a link, or something else that is no folder, on the way to it.
            OSError: missing.
        """
        folder, _, name = path.rpartition("/")
        if self._trail is None:
            return os.lstat(self._looked_at(folder) / _one_step(name))
        return os.stat(name, dir_fd=self._trail.handle(folder), follow_symlinks=False)

    def size_of(self, path: str) -> int:
        """The size of a file; it is opened, so that we know we may.

        Raises:
            NotAFileError: not a regular file.
            OSError: missing, or may not be read.
        """
        descriptor, status = self.open_and_look(path)
        os.close(descriptor)
        return status.st_size

    def read_bytes(self, path: str, limit_bytes: int) -> bytes:
        """Read a small file whole.

        Raises:
            NotAFileError: not a regular file.
            OSError: missing, unreadable, or larger than the limit (`EFBIG`).
        """
        descriptor, status = self.open_and_look(path)
        try:
            return read_to_end(descriptor, status, limit_bytes, path)
        finally:
            os.close(descriptor)

    def names_in(self, folder: str) -> FolderNames:
        """List one folder by its names, in no order: no file is asked for its size or its times.

        Raises:
            NotAFileError: a step to it is a link, or something else that is not a folder.
            OSError: it cannot be listed, or lies too deep.
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
        """Show every byte of a file to every sink, once and in order; gives their number.

        Raises:
            SourceChangedError: it changed while being read.
            OSError: missing, unreadable or not a file (`NotAFileError`).
        """
        from archtool.files.hashing.stream import stream_open_file

        descriptor = self.open_file(path)
        try:
            return stream_open_file(descriptor, path, self.stat, sinks)
        finally:
            os.close(descriptor)

    def modified_at_ns(self, path: str) -> int:
        """The time of a file's last change."""
        return self.stat(path).st_mtime_ns

    def position(self, path: str) -> int:
        """All alike: where a file lies on the disk is not known."""
        del path
        return 0

    def again(self) -> Tree:
        """The same folder, through fresh handles."""
        return Tree(self.root)

    def at_root(self) -> list[FoundFile]:
        """What lies in the folder itself, in the order of names; its folders too.

        Raises:
            OSError: it cannot be listed.
        """
        return self._list("")

    def walk(self, top: str = "", without: Collection[str] = ()) -> Iterator[FoundFile]:
        """Everything below `top` that is not a folder with something in it, in the order of names.

        The folders `without` are passed over, with all that is in them.
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
            pending.extend(path for path in folders if path not in without)

    def _list(self, folder: str) -> list[FoundFile]:
        prefix = folder + "/" if folder else ""
        with self._scan(folder) as entries:
            found = [seen for entry in entries if (seen := _found(prefix, entry)) is not None]
        return sorted(found, key=lambda f: f.path)

    def _scan(self, folder: str) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        if folder.count("/") >= MAX_DEPTH:
            raise OSError(errno.ENAMETOOLONG, f"more than {MAX_DEPTH:,} folders deep", folder)
        return os.scandir(self._looked_at(folder) if self._trail is None else self._trail.handle(folder))

    def _open(self, path: str) -> int:
        folder, _, name = path.rpartition("/")
        if self._trail is None:
            return os.open(self._looked_at(folder) / _one_step(name), READ_FLAGS)
        return os.open(name, READ_FLAGS, dir_fd=self._trail.handle(folder))

    def _looked_at(self, folder: str) -> Path:
        """The folder on disk, every step to it looked at: none may be a link."""
        target, way = self.root, ""
        for part in folder.split("/") if folder else ():
            target, way = target / _one_step(part), f"{way}/{part}" if way else part
            kind = FileKind.of_mode(os.lstat(target).st_mode)
            if kind is not FileKind.FOLDER:
                raise NotAFileError(way, kind, FileKind.FOLDER)
        return target


def unlisted_folder(folder: str, error: OSError) -> FoundFile:
    """What a walk yields of a folder that cannot be listed."""
    from archtool.files.os_errors import is_system_trouble  # nearly never needed

    trouble = error.errno if is_system_trouble(error) else None
    return FoundFile(folder, FileKind.UNREADABLE, problem=error.strerror or str(error), trouble=trouble)


def _one_step(name: str) -> str:
    if not _NOT_IN_A_STEP.isdisjoint(name):
        raise OSError(errno.EINVAL, "not one name on this system", name)
    return name


def _found(prefix: str, entry: os.DirEntry[str]) -> FoundFile | None:
    """What an entry is; `None` where it vanished since the folder was listed."""
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    kind = FileKind.of_mode(status.st_mode)
    if kind is not FileKind.FILE:
        return FoundFile(prefix + entry.name, kind, status.st_size)
    stamp = hash((status.st_mtime_ns, status.st_ctime_ns))
    return FoundFile(prefix + entry.name, kind, status.st_size, stamp=stamp, number=status.st_ino)
