"""Adds tag files to an existing bag, which stays valid at every instant, even if the power fails.

1. The new files are written beside the bag, flushed, and moved to their names: each appears complete or not
   at all, and never replaces another file. A tag file that no tag manifest lists leaves the bag valid.
2. The tag manifests, with lines for the new files and every older line unchanged, are written beside the
   bag, flushed, and replace the old ones, each by one rename.

No digest of an older file is computed anew, so `verify` still reports a file that was damaged before. Only
one run at a time may do this, starting with the reading of the tag manifests (`locked_package`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archtool.errors import StorageError
from archtool.files.paths import shown
from archtool.files.writing.durability import NotOnDiskError, uninterrupted
from archtool.files.writing.place_file import place_new
from archtool.files.writing.staging import stage_beside
from archtool.files.writing.storage_errors import not_confirmed, storage_errors
from archtool.files.writing.tree_operations import flush
from archtool.files.writing.update_folder import replace_file


def add_tag_files(root: Path, files: Mapping[str, bytes], manifests: Mapping[str, bytes]) -> None:
    """Write new tag files into a bag, then the tag manifests that list them.

    An existing file with the same bytes is left unchanged, so the next run can finish a run that was killed.

    Raises:
        StorageError: a different file of that name exists, or the disk cannot be written.
    """
    with stage_beside(root) as stage:
        # (1) write the manifests first: a full disk then shows before any file is in place
        for name, text in manifests.items():
            with storage_errors(root / name):
                (stage.path / name).write_bytes(text)
        with uninterrupted():
            # (2) move the files to their names
            for count, path in enumerate(files):
                if not _exists_with(root / path, files[path]):
                    _place(stage.path / f"file-{count}", root, path, files[path])
            # (3) replace the tag manifests that list them
            for name in manifests:
                try:
                    replace_file(stage.path / name, root, name)
                except OSError as error:
                    raise _not_listed(root, name, error) from error


def _not_listed(root: Path, name: str, error: OSError) -> StorageError:
    """Return the error for new tag files that are in place while a tag manifest does not list them."""
    if isinstance(error, NotOnDiskError):
        return not_confirmed(root / name, error)
    return StorageError(
        f"the new files are in place, but {shown(str(root / name))}, which must list them, cannot be "
        f"written: {error.strerror or error}",
        hint="check the disk, then run the same command again: it completes the change",
    )


def _exists_with(path: Path, data: bytes) -> bool:
    try:
        return path.is_file() and not path.is_symlink() and path.read_bytes() == data
    except OSError:
        return False


def _place(staged: Path, root: Path, path: str, data: bytes) -> None:
    with storage_errors(root / path):
        staged.write_bytes(data)
        flush(staged)
        place_new(staged, root, path)
