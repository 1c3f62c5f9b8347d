"""Opens a bag wherever it is kept: as a folder, or as one file of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.files.tree import Tree

if TYPE_CHECKING:
    from archtool.archives.limits import Limits


def open_bag(path: Path, limits: Limits | None = None) -> FileSource:
    """Open a folder, or an archive of one: tar, tar.gz, tar.bz2, tar.xz or zip.

    Raises:
        InputError: there is no such thing, it cannot be opened, or it is neither.
        ReadFailedError: the system failed.
    """
    try:
        try:
            return Tree(path)
        except NotADirectoryError:
            path.stat()
        # only who opens an archive pays for it
        from archtool.archives.archive import Archive
        from archtool.archives.limits import Limits

        return Archive(path, limits or Limits())
    except FileNotFoundError as error:
        message = f"{shown(str(path))}: there is no such folder or archive"
        raise InputError(message, hint="check the path") from error
    except OSError as error:
        message = f"{shown(str(path))}: it cannot be opened: {error.strerror or error}"
        from archtool.files.os_errors import cannot_read  # nearly never needed

        raise cannot_read(message, error, hint="check the path and the permissions") from error
