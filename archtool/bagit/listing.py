"""Lists the entries of a bag: its files with their sizes, and entries of other kinds.

The sizes and times of tag files are read from the disk. The payload of a bag can be listed by its names only:
each file is read anyway, and the read returns its size.

Source: RFC 8493 §2 (structure).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat

from archtool.files.file_kinds import FileKind, FoundFile
from archtool.files.paths import folders_above
from archtool.files.tree import Tree, unlisted_folder

PAYLOAD_FOLDER = "data"
UNKNOWN_BYTES = -1
"""Stands for a size that was not read from the disk."""
_NOT_FOUND = -2  # size of a listed file, until its name is found


@dataclass(frozen=True, slots=True)
class BagListing:
    """The entries of a bag."""

    files: dict[str, int]
    """Sizes in bytes; `UNKNOWN_BYTES` where the size was not read."""
    others: dict[str, FileKind] = field(default_factory=dict)
    """Entries that are not files: folders, links, FIFOs …"""
    tag_files: Sequence[str] = ()
    """The files outside the payload."""
    non_files: Sequence[FoundFile] = ()
    """Entries that are neither a regular file nor a folder that is not empty."""

    @classmethod
    def of(cls, found: Iterable[FoundFile]) -> BagListing:
        """Make a listing of the entries that a walk found."""
        files: dict[str, int] = {}
        non_files: list[FoundFile] = []
        for item in found:
            if item.kind is FileKind.FILE:
                files[item.path] = item.size_bytes
            else:
                non_files.append(item)
        return cls(
            files, _others(files, non_files), [path for path in files if path[:5] != "data/"], non_files
        )


def _others(files: Iterable[str], non_files: Sequence[FoundFile]) -> dict[str, FileKind]:
    others = {item.path: item.kind for item in non_files}
    return dict.fromkeys(folders_above((*files, *others)), FileKind.FOLDER) | others


def list_names(tree: Tree, outside_payload: Sequence[FoundFile], listed: Iterable[str]) -> BagListing:
    """List a bag without the sizes of its payload; `outside_payload` are all entries outside `data/`.

    `listed` are the paths of a payload manifest: their strings are used for the files that exist, so that a
    million paths are in memory once.
    """
    outside = BagListing.of(outside_payload)
    files, non_files = dict.fromkeys(listed, _NOT_FOUND), [*outside.non_files]
    folders: list[str] = []
    for folder, names in _payload_folders(tree, non_files):
        folders.append(folder)
        files.update(zip([f"{folder}/{name}" for name in names], repeat(UNKNOWN_BYTES)))
    if _NOT_FOUND in files.values():
        for path in [path for path, size_bytes in files.items() if size_bytes == _NOT_FOUND]:
            del files[path]
    files |= outside.files
    others = {
        **outside.others,
        **dict.fromkeys(folders, FileKind.FOLDER),
        **{f.path: f.kind for f in non_files},
    }
    return BagListing(files, others, outside.tag_files, non_files)


def _payload_folders(tree: Tree, non_files: list[FoundFile]) -> Iterator[tuple[str, list[str]]]:
    """Yield each folder of the payload with the names of its files; add other entries to `non_files`."""
    pending = [PAYLOAD_FOLDER] if _is_folder(tree, PAYLOAD_FOLDER) else []
    while pending:
        folder = pending.pop()
        try:
            names = tree.list_names(folder)
        except OSError as error:
            non_files.append(unlisted_folder(folder, error))
            continue
        if not any(names):
            non_files.append(FoundFile(folder, FileKind.FOLDER))
        non_files += names.others
        pending += [f"{folder}/{name}" for name in names.folders]
        yield folder, names.files


def _is_folder(tree: Tree, path: str) -> bool:
    try:
        return FileKind.of_mode(tree.stat(path).st_mode) is FileKind.FOLDER
    except OSError:
        return False
