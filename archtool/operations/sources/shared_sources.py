"""The sources of a package whose folder holds the files of others too, perhaps of a hundred thousand.

Only what is declared is looked at: who goes through the whole folder for each of the packages never ends.
What nobody declares is looked for once, by whoever knows all of them.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from archtool.description.model import Description
from archtool.files.paths import normal_form
from archtool.files.tree import FileKind, FoundFile, Tree

MAX_COMPARED = 200  # names that a missing one is compared with: those that stand next to it in the alphabet


def walk_declared(description: Description, tree: Tree) -> Iterator[FoundFile]:
    """What lies in the folders that a description declares as a whole."""
    for folder in description.payload_folders():
        name = folder.removesuffix("/")
        try:
            kind = FileKind.of_mode(tree.stat(name).st_mode)
        except OSError:
            continue  # that nothing is in it is found where the folders are looked at
        if kind is FileKind.FOLDER:
            yield from tree.walk(name)
        else:
            yield FoundFile(name, kind)


def names_near(tree: Tree, path: str) -> list[FoundFile]:
    """Files of the same folder whose names are next to a name that is not there."""
    above, _, name = path.rpartition("/")
    folder = tree.root / above
    try:
        names = _names_in(folder, folder.stat().st_mtime_ns)
    except (OSError, ValueError):
        return []
    middle = bisect.bisect(names, (normal_form(name), name))
    near = names[max(0, middle - MAX_COMPARED // 2) : middle + MAX_COMPARED // 2]
    return [FoundFile(f"{above}/{one}" if above else one, FileKind.FILE) for _, one in near]


@lru_cache(maxsize=8)
def _names_in(folder: Path, _mtime_ns: int) -> list[tuple[str, str]]:
    """The files of a folder by the normal form of their names; read once, not once for each package."""
    with Tree(folder) as tree:
        names = [found.path for found in tree.at_root() if found.kind is FileKind.FILE]
    return sorted((normal_form(name), name) for name in names)
