"""What lies in a bag: its files with their sizes, and what is no file.

The files beside the payload are asked for their sizes and times. The payload of a bag that says nothing of it
but its manifests is listed by its names alone: each file is opened anyway, and is as large as what is read.

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
"""The size of a file that was not asked for it."""
_NOT_THERE = -2  # of a listed file, until its name is seen


@dataclass(frozen=True, slots=True)
class BagListing:
    """The names in a bag."""

    files: dict[str, int]
    """Sizes in bytes; `UNKNOWN_BYTES` where nothing was asked."""
    others: dict[str, FileKind] = field(default_factory=dict)
    """What is there and is no file: folders, links, FIFOs …"""
    tag_files: Sequence[str] = ()
    """The files that do not belong to the payload."""
    odd: Sequence[FoundFile] = ()
    """What is neither a regular file nor a folder with something in it."""

    @classmethod
    def of(cls, found: Iterable[FoundFile]) -> BagListing:
        """Gather what a walk found."""
        files: dict[str, int] = {}
        odd: list[FoundFile] = []
        for item in found:
            if item.kind is FileKind.FILE:
                files[item.path] = item.size_bytes
            else:
                odd.append(item)
        return cls(files, _others(files, odd), [path for path in files if path[:5] != "data/"], odd)


def _others(files: Iterable[str], odd: Sequence[FoundFile]) -> dict[str, FileKind]:
    others = {item.path: item.kind for item in odd}
    return dict.fromkeys(folders_above((*files, *others)), FileKind.FOLDER) | others


def list_names(tree: Tree, beside: Sequence[FoundFile], listed: Iterable[str]) -> BagListing:
    """List a bag whose payload is not asked for sizes; `beside` is all that lies outside `data/`.

    `listed` are the paths of a payload manifest: of each that is there its text is kept, so that a million
    paths are in memory once.
    """
    outside = BagListing.of(beside)
    files, odd = dict.fromkeys(listed, _NOT_THERE), [*outside.odd]
    folders: list[str] = []
    for folder, names in _payload_folders(tree, odd):
        folders.append(folder)
        files.update(zip([f"{folder}/{name}" for name in names], repeat(UNKNOWN_BYTES)))
    if _NOT_THERE in files.values():
        for path in [path for path, size_bytes in files.items() if size_bytes == _NOT_THERE]:
            del files[path]
    files |= outside.files
    others = {**outside.others, **dict.fromkeys(folders, FileKind.FOLDER), **{f.path: f.kind for f in odd}}
    return BagListing(files, others, outside.tag_files, odd)


def _payload_folders(tree: Tree, odd: list[FoundFile]) -> Iterator[tuple[str, list[str]]]:
    """Each folder of the payload with the names of its files; what is no file is added to `odd`."""
    pending = [PAYLOAD_FOLDER] if _is_folder(tree, PAYLOAD_FOLDER) else []
    while pending:
        folder = pending.pop()
        try:
            names = tree.names_in(folder)
        except OSError as error:
            odd.append(unlisted_folder(folder, error))
            continue
        if not any(names):
            odd.append(FoundFile(folder, FileKind.FOLDER))
        odd += names.others
        pending += [f"{folder}/{name}" for name in names.folders]
        yield folder, names.files


def _is_folder(tree: Tree, path: str) -> bool:
    try:
        return FileKind.of_mode(tree.stat(path).st_mode) is FileKind.FOLDER
    except OSError:
        return False
