"""Finds the empty folders of the sources, and the placeholder files that keep them in a package.

A bag contains files only, so an empty folder is lost unless a file is put into it. The sources never get that
file: it is written into the package, and the history of the package says that it is not content.

Source: RFC 8493 §2.1.3 (a manifest lists files).
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Sequence

from archtool.files.file_kinds import FileKind, FoundFile
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.describe.load_description import DescribedDocument
from archtool.operations.sources.folders import folder_of
from archtool.operations.sources.omissions import system_part

PLACEHOLDER_NAME = ".keep"
_HINT = "a bag contains files only; to keep it, "


def empty_folders(
    kept: Sequence[FoundFile], packed: Sequence[str], declared: Collection[str], folders: frozenset[str]
) -> list[str]:
    """Return the folders that are lost because no file in them is packed, sorted.

    A folder with other files than those of operating systems is not among them: those files are reported.
    """
    filled = {parent for path in packed for parent in _parents(path)}
    lost = set()
    for item in kept:
        part = system_part(item.path, folders)
        if item.kind is FileKind.FOLDER and part is None:
            lost.add(item.path)
        elif part is not None and "/" in part[0]:  # its folder can contain nothing else
            lost.add(posixpath.dirname(part[0]))
    occupied = filled | {
        parent for item in kept if _is_user_file(item, folders) for parent in _parents(item.path)
    }
    return sorted(lost - occupied - set(declared))


def placeholders_in(empty: Sequence[str], folders: frozenset[str]) -> tuple[str, ...]:
    """Return the placeholder of each empty folder that is, or is below, a declared folder.

    None of them has the name of a source: a folder that contains a file `.keep` is not empty.
    """
    paths = (f"{folder}/{PLACEHOLDER_NAME}" for folder in empty)
    return tuple(path for path in paths if folder_of(path, folders) is not None)


def how_to_keep(described: DescribedDocument) -> str:
    """Return what keeps empty folders, as the beginning of a hint: for a description, or for a table."""
    if described.loaded.places.at((), None).row is not None:
        return "write `keep` into the column `empty-folders`, or `empty-folders: keep` into the defaults"
    return "add `empty-folders: keep` to the description"


def empty_folder_findings(
    described: DescribedDocument, empty: Sequence[str], placeholders: Collection[str],
    folders: frozenset[str],
) -> Iterator[Finding]:  # fmt: skip
    """Report each empty folder: a warning if it is lost, a note if a placeholder keeps it."""
    keep = how_to_keep(described)
    for folder in empty:
        path = f"{folder}/{PLACEHOLDER_NAME}"
        if path in placeholders:
            message = f"{shown(folder)}/ contains no file: the empty file {shown(path)} keeps it"
            yield finding_kinds.PAYLOAD_EMPTY_FOLDER_KEPT.at(message, path)
            continue
        message = f"{shown(folder)}/ contains no file that is packed"
        is_declared = folder_of(path, folders) is not None
        outside = f"declare it under `files` as `{shown(folder)}/` and "
        hint = f"{_HINT}{'' if is_declared else outside}{keep}"
        yield finding_kinds.PAYLOAD_EMPTY_FOLDER.at(message, folder, hint=hint)


def _is_user_file(item: FoundFile, folders: frozenset[str]) -> bool:
    return item.kind is not FileKind.FOLDER and system_part(item.path, folders) is None


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
