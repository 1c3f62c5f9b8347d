"""Extracts the files of a bag from its archive."""

from __future__ import annotations

from pathlib import Path

from archtool.archives.archive import Archive
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shell_word, shown
from archtool.files.writing.copy_file import copy_and_hash
from archtool.files.writing.storage_errors import storage_errors
from archtool.progress import NoProgress, Progress


def extract(archive: Archive, root: Path, progress: Progress | None = None) -> int:
    """Write every file of the bag into a folder, in the order of the archive; return their total bytes.

    Raises:
        InputError: the archive is damaged.
        StorageError: a file cannot be written.
    """
    members = archive.contents.index.members
    progress = progress or NoProgress()
    progress.start("unpacking", sum(member.size_bytes for member in members.values()))
    meters = [] if progress.meter is None else [progress.meter]
    for path in sorted(members, key=archive.position):
        try:
            copy_and_hash(archive, path, root / path, (), meters)
        except OSError as error:
            raise cannot_read(
                f"{shown(path)} cannot be read from the archive: {error.strerror or error}",
                error,
                hint=f"list every problem with: archtool verify {shell_word(str(archive.path))}",
            ) from error
        progress.advance(members[path].size_bytes)
    for folder in archive.contents.index.empty_folders:
        with storage_errors(root / folder):
            (root / folder).mkdir(parents=True, exist_ok=True)
    progress.finish()
    return sum(member.size_bytes for member in members.values())
