"""Lists the folders of a batch one by one; a folder that cannot be listed becomes a refused job."""

from __future__ import annotations

import os
from pathlib import Path

from archtool.batch.job import Job
from archtool.batch.limits import MAX_ENTRIES
from archtool.errors import InputError
from archtool.files.paths import shown

_UNLISTED_HINT = "give yourself access to the folder, or move it elsewhere; then run the same command again"


class Listing:
    """The names and kinds of the entries below a folder; no file is opened."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._count = 0

    def entries_of(self, path: str) -> list[os.DirEntry[str]] | Job:
        """Return the entries of a folder, in no order; "" is the root itself.

        A folder that cannot be listed is a refused job, because its content is unknown and must not be
        skipped silently.

        Raises:
            InputError: there are too many entries in all.
        """
        try:
            with os.scandir(f"{self._root}/{path}") as entries:
                listed = list(entries)
            for entry in listed:
                entry.is_dir(follow_symlinks=False)  # caches the kind; some file systems need a call for it
        except OSError as error:
            reason = f"the folder cannot be listed: {error.strerror}"
            return Job(path or ".", self._root / path, reason, hint=_UNLISTED_HINT)
        self._count += len(listed)
        if self._count > MAX_ENTRIES:
            raise InputError(
                f"more than {MAX_ENTRIES:,} files and folders in {shown(str(self._root))}",
                hint="name the folders in it one by one",
            )
        return listed
