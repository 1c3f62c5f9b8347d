"""Lists folders one by one; a folder that cannot be listed is a value, and not an error."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.operations.limits import MAX_ENTRIES

_UNLISTED_HINT = "give yourself access to the folder, or move it elsewhere; then run the same command again"


@dataclass(frozen=True, slots=True)
class UnlistedFolder:
    """A folder whose content is unknown, and must not be skipped silently."""

    path: str
    """Its path below the root; `.` for the root itself."""
    reason: str
    hint: str = _UNLISTED_HINT


class FolderListing:
    """The names and kinds of the entries below a folder; no file is opened."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._count = 0

    def entries_of(self, path: str) -> list[os.DirEntry[str]] | UnlistedFolder:
        """Return the entries of a folder, in no order; "" is the root itself.

        Raises:
            InputError: there are too many entries in all.
        """
        try:
            with os.scandir(f"{self._root}/{path}") as entries:
                listed = list(entries)
            for entry in listed:
                entry.is_dir(follow_symlinks=False)  # caches the kind; some file systems need a call for it
        except OSError as error:
            return UnlistedFolder(path or ".", f"the folder cannot be listed: {error.strerror}")
        self._count += len(listed)
        if self._count > MAX_ENTRIES:
            raise InputError(
                f"more than {MAX_ENTRIES:,} files and folders in {shown(str(self._root))}",
                hint="name the folders in it one by one",
            )
        return listed
