"""Opens a bag: a folder, or an archive of one."""

from __future__ import annotations

from pathlib import Path

from archtool.archives.limits import Limits
from archtool.errors import InputError
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.files.tree import Tree
from archtool.progress import Progress


def open_bag(path: Path, limits: Limits | None = None, progress: Progress | None = None) -> FileSource:
    """Open a folder, or an archive of one: tar, tar.gz, tar.bz2, tar.xz or zip.

    Raises:
        InputError: it does not exist, cannot be opened, or is neither a folder nor such an archive.
        ReadFailedError: the system failed.
    """
    try:
        try:
            return Tree(path)
        except NotADirectoryError:
            path.stat()
        # lazy: brings tarfile and zipfile, folders need neither
        from archtool.archives.archive import Archive

        return Archive(path, limits or Limits(), progress=progress)
    except FileNotFoundError as error:
        message = f"{shown(str(path))}: there is no such folder or archive"
        raise InputError(message, hint="check the path") from error
    except OSError as error:
        message = f"{shown(str(path))} cannot be opened: {error.strerror or error}"
        raise cannot_read(message, error, hint="check the path and the permissions") from error
