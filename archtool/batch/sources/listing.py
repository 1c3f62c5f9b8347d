"""Lists the folders of a batch one by one; one that cannot be listed is a job that is refused."""

from __future__ import annotations

import os
from pathlib import Path

from archtool.batch.job import Job
from archtool.errors import InputError
from archtool.files.paths import shown

MAX_ENTRIES = 10_000_000  # a folder named by mistake must not start a day's walk


class Listing:
    """What lies in the folders below one: names and kinds, no file is asked for more."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._count = 0

    def of(self, path: str) -> list[os.DirEntry[str]] | Job:
        """The entries of a folder, in no order; "" is the root itself.

        Nobody can know what would have been found in one that cannot be listed: to pass over it without a
        word would be to say that there was nothing.

        Raises:
            InputError: there are too many in all.
        """
        try:
            with os.scandir(f"{self._root}/{path}") as entries:
                listed = list(entries)
            for entry in listed:
                entry.is_dir(follow_symlinks=False)  # it knows from now on: some disks have to be asked first
        except OSError as error:
            return Job(path or ".", self._root / path, f"the folder cannot be listed: {error.strerror}")
        self._count += len(listed)
        if self._count > MAX_ENTRIES:
            raise InputError(
                f"more than {MAX_ENTRIES:,} files and folders in {shown(str(self._root))}",
                hint="name the folders in it one by one",
            )
        return listed
