"""Recognises a description of a bag's payload that is checked without the bag."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.files.file_kinds import FileKind, FoundFile
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.describe.draft import FILE_NAME
from archtool.operations.describe.load_description import DescribedDocument


def forgotten_bag(
    described: DescribedDocument, folder: Path | None, found: Sequence[FoundFile]
) -> Finding | None:
    """Return the finding about declared files of which none is in the folder, but some are in a bag there."""
    description = described.description
    declared = [path for path in (*description.payload_files(), *description.payload_folders()) if path]
    if folder is None or described.embedded is not None or not declared:
        return None
    files = [item.path for item in found if item.kind is FileKind.FILE]
    if _has_any(files, "", declared):
        return None
    bag = _bag_beside(described, files) or next(_bags_with(files, declared), None)
    if bag is None:
        return None
    path = folder / bag
    is_own = folder == described.folder
    where = "beside the description" if is_own else f"in {shown(str(folder))}"
    message = f"none of the declared files is {where}: they seem to be the payload of a bag"
    instead = "" if is_own else " instead of --files"
    hint = f"use --from-bag {shown(str(path))}{instead}"
    return finding_kinds.PAYLOAD_MISSING.at(message, described.path.name, hint=hint)


def _bag_beside(described: DescribedDocument, files: Collection[str]) -> str | None:
    """Return the bag, or the archive, that a draft beside it is named after."""
    name = described.path.name.removesuffix(f".{FILE_NAME}")
    if name == described.path.name:
        return None
    return name if name in files or f"{name}/{DECLARATION_NAME}" in files else None


def _bags_with(files: Sequence[str], declared: Sequence[str]) -> Iterator[str]:
    for path in files:
        if posixpath.basename(path) == DECLARATION_NAME:
            bag = posixpath.dirname(path)
            if _has_any(files, posixpath.join(bag, "data/"), declared):
                yield bag


def _has_any(files: Sequence[str], prefix: str, declared: Sequence[str]) -> bool:
    """Return whether one of the declared files, or a file in a declared folder, is below a prefix."""
    names = {prefix + path for path in declared}
    folders = tuple(name for name in names if name.endswith("/"))
    return not names.isdisjoint(files) or (bool(folders) and any(path.startswith(folders) for path in files))
