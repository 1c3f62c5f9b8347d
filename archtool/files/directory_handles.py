"""Opens folders below a root step by step, each through a handle of its parent folder."""

from __future__ import annotations

import contextlib
import os

from archtool.files.file_kinds import FileKind, NotAFileError
from archtool.files.limits import MAX_HANDLES

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | os.O_CLOEXEC


class DirectoryHandles:
    """Returns handles of folders below a root. No step follows a link.

    The handles nearest to the last folder stay open, because a walk opens its neighbours next. Where the
    way back is longer than that, the steps are opened again from the root.
    """

    def __init__(self, root_handle: int) -> None:
        self._root_handle = root_handle
        self._folder: str | None = ""  # the last requested folder, if its handle is the last one
        self._names: list[str] = []  # the steps to the last requested folder
        self._handles: list[int] = []  # handles of the last of these steps, at most MAX_HANDLES

    def handle(self, folder: str) -> int:
        """Return the handle of a folder, valid until the next call; "" is the root itself.

        Raises:
            NotAFileError: a step is a link, or something else that is not a folder.
            OSError: missing, or not permitted.
        """
        if folder == self._folder:  # the usual case: files come folder by folder
            return self._last()
        above, _, name = folder.rpartition("/")
        is_next = bool(name) and above == self._folder
        self._folder = None  # not reached yet: a step can fail
        if is_next:  # the order of every walk
            self._descend(name)
        else:
            self._go_to(folder.split("/") if folder else [])
        self._folder = folder
        return self._last()

    def close(self) -> None:
        """Close every handle, including the root's."""
        for handle in (*self._handles, self._root_handle):
            close_handle(handle)

    def _last(self) -> int:
        return self._handles[-1] if self._handles else self._root_handle

    def _go_to(self, parts: list[str]) -> None:
        common = 0
        for part, name in zip(parts, self._names, strict=False):
            if part != name:
                break
            common += 1
        self._ascend_to(common)
        for part in parts[len(self._names) :]:
            self._descend(part)

    def _ascend_to(self, depth: int) -> None:
        while len(self._names) > depth:
            self._names.pop()
            if self._handles:
                close_handle(self._handles.pop())
        if not self._handles:  # the handles of the remaining steps were closed: begin at the root
            self._names.clear()

    def _descend(self, name: str) -> None:
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
    """Close the handle of a folder or a lock; errors are ignored, since nothing was written through it."""
    with contextlib.suppress(OSError):
        os.close(handle)


def _explain(path: str, kind: FileKind, error: OSError) -> None:
    """Replace the system's `ENOTDIR` or `ELOOP` by an error that names what is there."""
    if kind is not FileKind.FOLDER:
        raise NotAFileError(path, kind, FileKind.FOLDER) from error
