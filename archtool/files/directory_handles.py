"""The way from a root folder to the folder asked for last, each step opened from the one above it."""

from __future__ import annotations

import contextlib
import os

from archtool.files.file_kinds import FileKind, NotAFileError

MAX_HANDLES = 32  # folders held open; a deep tree must not use up the process's descriptors
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | os.O_CLOEXEC


class DirectoryHandles:
    """Gives handles of folders below a root. No step follows a link.

    The handles nearest to the last folder are kept: a walk asks for its neighbours next. Where the way
    back is longer than that, the steps are taken again from the root.
    """

    def __init__(self, root_handle: int) -> None:
        self._root_handle = root_handle
        self._folder: str | None = ""  # the last folder asked for, if its handle is the last one
        self._names: list[str] = []  # the steps to the last folder asked for
        self._handles: list[int] = []  # of the last so many of these steps

    def handle(self, folder: str) -> int:
        """The handle of a folder, valid until the next call; "" is the root itself.

        Raises:
            NotAFileError: a step is a link, or something else that is not a folder.
            OSError: missing, or may not be opened.
        """
        if folder == self._folder:  # nearly always: files come folder by folder
            return self._last()
        above, _, name = folder.rpartition("/")
        is_next = bool(name) and above == self._folder
        self._folder = None  # not there yet: a step may fail
        if is_next:  # as every walk goes
            self._step(name)
        else:
            self._go_to(folder.split("/") if folder else [])
        self._folder = folder
        return self._last()

    def close(self) -> None:
        """Let go of every handle, the root's too."""
        for handle in (*self._handles, self._root_handle):
            close_handle(handle)

    def _last(self) -> int:
        return self._handles[-1] if self._handles else self._root_handle

    def _go_to(self, parts: list[str]) -> None:
        same = 0
        for part, name in zip(parts, self._names, strict=False):
            if part != name:
                break
            same += 1
        self._back_to(same)
        for part in parts[len(self._names) :]:
            self._step(part)

    def _back_to(self, depth: int) -> None:
        while len(self._names) > depth:
            self._names.pop()
            if self._handles:
                close_handle(self._handles.pop())
        if not self._handles:  # the handles of what is left were given up: begin at the root
            self._names.clear()

    def _step(self, name: str) -> None:
        above = self._last()
        try:
            opened = os.open(name, _FOLDER, dir_fd=above)
        except OSError as error:
            path = "/".join((*self._names, name))
            _explain(
                path, FileKind.of_mode(os.stat(name, dir_fd=above, follow_symlinks=False).st_mode), error
            )
            raise
        self._names.append(name)
        self._handles.append(opened)
        if len(self._handles) > MAX_HANDLES:
            close_handle(self._handles.pop(0))


def close_handle(handle: int) -> None:
    """Close the handle of a folder or a lock: nothing was written through it, so nothing can be lost."""
    with contextlib.suppress(OSError):
        os.close(handle)


def _explain(path: str, kind: FileKind, error: OSError) -> None:
    """Turn the system's `ENOTDIR` or `ELOOP` into the plain reason, where there is one."""
    if kind is not FileKind.FOLDER:
        raise NotAFileError(path, kind, FileKind.FOLDER) from error
