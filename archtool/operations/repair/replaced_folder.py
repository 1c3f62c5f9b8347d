"""The folder beside a package that keeps what a repair replaced: `NAME.replaced-2026-11-30`.

It holds REPAIR.txt, which says what it is, and below `files/` each replaced file under its path in the
package. It is never overwritten: a second repair on one day gets a folder of its own.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from archtool.files.paths import shown
from archtool.files.writing.storage_errors import storage_errors
from archtool.files.writing.tree_operations import flush, remove_folder
from archtool.operations.open_package.by_products import REPLACED_FILES, REPLACED_NOTE
from archtool.operations.repair.model import BadFile, FileState

_WITHOUT_FILE = (FileState.MISSING, FileState.TO_FETCH)


def free_replaced_name(root: Path, at: datetime) -> Path:
    """Return the first free name beside a package for what is replaced at a time."""
    base = f"{root.name}.replaced-{at.astimezone(UTC):%Y-%m-%d}"
    names = (base if number == 1 else f"{base}-{number}" for number in itertools.count(1))
    return next(path for name in names if not os.path.lexists(path := root.with_name(name)))


class ReplacedFolder:
    """Keeps replaced files; the folder is made when the first file needs it."""

    def __init__(self, root: Path, at: datetime, sources: Sequence[str], *, is_whole: bool = False) -> None:
        self.path = free_replaced_name(root, at)
        self.is_made = False
        self._root = root
        self._at = at
        self._sources = sources
        self._is_whole = is_whole
        self._folders: set[Path] = set()

    def keep_at(self, path: str) -> Path:
        """Return where the replaced file of a path in the package is kept."""
        kept = self.path / REPLACED_FILES / path
        self._folders.update(above for above in kept.parents if self.path in above.parents)
        return kept

    def make(self, files: Sequence[BadFile]) -> None:
        """Make the folder and its note, before the first file is moved into it.

        Raises:
            StorageError: it cannot be written.
        """
        if self.is_made:
            return
        with storage_errors(self.path):
            self.path.mkdir()
            note = self.path / REPLACED_NOTE
            note.write_text(self._note(files), encoding="utf-8", errors="backslashreplace")
            flush(note)
            flush(self.path)
            flush(self.path.parent)
        self.is_made = True

    def drop_if_empty(self) -> None:
        """Remove the folder again if nothing could be replaced."""
        for folder in sorted(self._folders, reverse=True):
            with contextlib.suppress(OSError):  # it is not empty
                folder.rmdir()
        if self.is_made and not os.path.lexists(self.path / REPLACED_FILES):
            remove_folder(self.path)
            self.is_made = False

    def _note(self, files: Sequence[BadFile]) -> str:
        at = f"{self._at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        if self._is_whole:
            return self._note_of_package(at)
        lines = [
            f"These files were replaced in {shown(self._root.name)} at {at}",
            "by `archtool repair`: their bytes differed from what the manifests of the package state.",
            "Below files/ each has the path that it had in the package. They are not a package.",
            "The package does not need them; whether they are kept is for the archive to decide.",
            "",
            f"The files in their place are from: {', '.join(map(shown, self._sources))}",
            "",
        ]
        for file in (file for file in files if file.state not in _WITHOUT_FILE):
            expected = file.expected[0].digest if file.expected else "?"
            lines += [shown(file.path), f"  expected {expected}", f"  found    {file.observed or file.state}"]
        return "\n".join(lines) + "\n"

    def _note_of_package(self, at: str) -> str:
        lines = [
            f"This package stood at {shown(str(self._root))} until {at}.",
            "The register has other manifests for the copy at this place, so `archtool repair` replaced it",
            "as a whole. It is in files/, as it was. Find out which package it is, and where it belongs;",
            "whether it is kept is for the archive to decide.",
            "",
            f"The package in its place is from: {', '.join(map(shown, self._sources))}",
        ]
        return "\n".join(lines) + "\n"
