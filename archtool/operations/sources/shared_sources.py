"""Reads the sources of a package whose folder it shares with others, possibly a hundred thousand.

Only declared files are read: a walk through the complete folder for each package would take too long.
`shared_folders` searches for undeclared files once, after all packages are known.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from archtool.description.model import Description
from archtool.files.paths import normal_form
from archtool.files.tree import FileKind, FoundFile, Tree
from archtool.operations.limits import MAX_COMPARED


def walk_declared(description: Description, tree: Tree) -> Iterator[FoundFile]:
    """Walk through the folders that a description declares."""
    for folder in description.payload_folders():
        name = folder.removesuffix("/")
        try:
            kind = FileKind.of_mode(tree.stat(name).st_mode)
        except OSError:
            continue  # the check of the folders reports that it has no files
        if kind is FileKind.FOLDER:
            is_empty = True
            for found in tree.walk(name):
                is_empty = False
                yield found
            if is_empty:
                yield FoundFile(name, kind)
        else:
            yield FoundFile(name, kind)


def adjacent_files(tree: Tree, path: str) -> list[FoundFile]:
    """Return the files of the same folder whose names sort next to a name that does not exist."""
    parent, _, name = path.rpartition("/")
    folder = tree.root / parent
    try:
        names = _names_in(folder, folder.stat().st_mtime_ns)
    except (OSError, ValueError):
        return []
    middle = bisect.bisect(names, (normal_form(name), name))
    adjacent = names[max(0, middle - MAX_COMPARED // 2) : middle + MAX_COMPARED // 2]
    return [FoundFile(f"{parent}/{one}" if parent else one, FileKind.FILE) for _, one in adjacent]


@lru_cache(maxsize=8)
def _names_in(folder: Path, _mtime_ns: int) -> list[tuple[str, str]]:
    """List the files of a folder by the normal form of their names; once, not once for each package."""
    with Tree(folder) as tree:
        names = [found.path for found in tree.list_root() if found.kind is FileKind.FILE]
    return sorted((normal_form(name), name) for name in names)
