"""Adds tag files to a bag that is there: the bag is valid at every instant, also when the power goes.

1. The new files are written beside the bag, flushed, and get their names: each is there whole, or not at
   all, and never in the place of another. A tag file that no tag manifest lists yet makes no bag invalid.
2. The tag manifests, with lines for the new files and every older line as it was, are written beside the
   bag, flushed, and take the places of the old ones, each by one rename.

No digest of an older file is taken anew: a file that was damaged stays damaged in the eyes of whoever
verifies the bag. Only one run at a time may do this, from reading the tag manifests on (`locked_package`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archtool.errors import StorageError
from archtool.files.paths import shown
from archtool.files.writing.durability import NotOnDiskError, uninterrupted
from archtool.files.writing.place_file import place_new
from archtool.files.writing.staging import stage_beside
from archtool.files.writing.storage_errors import not_confirmed, storing
from archtool.files.writing.tree_operations import flush
from archtool.files.writing.update_folder import replace_file


def add_tag_files(root: Path, files: Mapping[str, bytes], manifests: Mapping[str, bytes]) -> None:
    """Put new tag files and then the tag manifests that list them into a bag.

    A file that is there already with the same bytes is left as it is: so a run that was killed is finished
    by the next.

    Raises:
        StorageError: another file of that name is there, or the disk refuses.
    """
    with stage_beside(root) as stage:
        # (1) everything is written first, so that a full disk is seen while nothing is in place
        for name, text in manifests.items():
            with storing(root / name):
                (stage.path / name).write_bytes(text)
        with uninterrupted():
            # (2) the files get their names
            for count, path in enumerate(files):
                if not _is_there(root / path, files[path]):
                    _place(stage.path / f"file-{count}", root, path, files[path])
            # (3) then the tag manifests that list them
            for name in manifests:
                try:
                    replace_file(stage.path / name, root, name)
                except OSError as error:
                    raise _not_listed(root, name, error) from error


def _not_listed(root: Path, name: str, error: OSError) -> StorageError:
    """The error for new tag files that are in place, while a tag manifest that lists them may not be."""
    if isinstance(error, NotOnDiskError):
        return not_confirmed(root / name, error)
    return StorageError(
        f"the new files are in place, and {shown(str(root / name))}, which must list them, cannot be "
        f"written: {error.strerror or error}",
        hint="check the disk, then run the same command again: it finishes what is there",
    )


def _is_there(path: Path, data: bytes) -> bool:
    try:
        return path.is_file() and not path.is_symlink() and path.read_bytes() == data
    except OSError:
        return False


def _place(staged: Path, root: Path, path: str, data: bytes) -> None:
    with storing(root / path):
        staged.write_bytes(data)
        flush(staged)
        place_new(staged, root, path)
