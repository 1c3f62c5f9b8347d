"""Stages the files of a site that changed, and knows those that stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from archtool.files.writing.staging import Stage
from archtool.files.writing.storage_errors import storage_errors
from archtool.operations.site.state import WrittenFile


@dataclass(slots=True)
class StagedFiles:
    """The files of the site: those that stay, and those that are staged."""

    stage: Stage
    old: Mapping[str, WrittenFile]
    """The files that earlier runs wrote."""
    on_disk: Mapping[str, int]
    """The sizes of the files that are in the folder of the site."""
    all: dict[str, WrittenFile] = field(default_factory=dict)
    """The files that the site will have."""
    staged: dict[str, int] = field(default_factory=dict)
    """The sizes of those that were written in this run."""

    def add(self, path: str, data: bytes) -> None:
        """Stage a file, unless it is in the site with the same bytes."""
        self.add_written(path, *self.write(path, data))

    def write(self, path: str, data: bytes) -> tuple[WrittenFile, bool]:
        """Stage a file like `add`, in a worker process: return what `add_written` needs in the parent."""
        file = WrittenFile(sha256(data).hexdigest(), len(data))
        if self.stays(path) and self.old[path] == file:
            return file, False
        with storage_errors(self.stage.target.parent / path):
            (self.stage.path / path).write_bytes(data)
        return file, True

    def add_written(self, path: str, file: WrittenFile, is_staged: bool) -> None:
        """Record a file that `write` has staged, or has found to be unchanged."""
        self.all[path] = file
        if is_staged:
            self.staged[path] = file.size_bytes

    def stays(self, path: str) -> bool:
        """Return whether a file is in the site as it was written."""
        file = self.old.get(path)
        return file is not None and bool(file.digest) and self.on_disk.get(path) == file.size_bytes

    def keep(self, path: str) -> None:
        """Keep a file that is in the site."""
        self.all[path] = self.old[path]
