"""Explains why a folder or an archive is not a bag, and names bags near it.

This module does not judge bags. `verify` and every other command report the same error for what is not one.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path

from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.errors import InputError
from archtool.files.file_kinds import FileKind
from archtool.files.paths import shell_word, shown
from archtool.files.source import FileSource
from archtool.files.tree import Tree
from archtool.findings import has_errors
from archtool.operations.open_package.by_products import describe_by_product

_MAX_ENTRIES = 10_000  # names that are read of one folder: a whole home folder would take too long
_MAX_NAMED = 3
_LEVELS = 2  # how far a bag is searched for, downwards and upwards
_DESCRIPTION_NAME = "description.yaml"  # as `new` and `import` call it
_INFO_NAMES = frozenset(("bag-info.txt", "package-info.txt"))


class NotABagError(InputError):
    """A folder or an archive has none of the tag files that make a bag."""


def refuse_unless_bag(root: Path, source: FileSource, names: Collection[str] = ()) -> None:
    """Refuse a folder or archive that is neither a bag nor the remains of one that lost its bagit.txt.

    `names` are the files at its root, if they are already known.

    Raises:
        NotABagError: it is not a bag; the hint names a bag near it, if there is one.
    """
    try:
        names = names or _names_at_root(source)
    except OSError:
        return  # the caller's own reading reports the reason
    if DECLARATION_NAME in names or any(map(_is_tag_file_of_bag, names)):
        return
    if not source.is_whole or has_errors(source.findings):  # files can be hidden: report the archive first
        return
    name = shown(str(root))
    by_product = describe_by_product(root)
    if by_product is not None:
        raise NotABagError(f"{name} is {by_product}, not a bag", hint="name the package itself")
    inner_bags = _find_bags_inside(root, source)
    if inner_bags:
        raise NotABagError(
            f"{name} is not a bag: {_describe_bags(inner_bags)}", hint=_inner_bag_hint(root, inner_bags)
        )
    outer_bag = _find_bag_above(root)
    if outer_bag is not None:
        raise NotABagError(
            f"{name} is not a bag: it is a part of the bag {shown(str(outer_bag))}",
            hint=f"name the bag's own folder: {shown(str(outer_bag))}",
        )
    if _DESCRIPTION_NAME in names:
        described = shell_word(str(root / _DESCRIPTION_NAME))
        raise NotABagError(
            f"{name} is not a bag: it has a {_DESCRIPTION_NAME}, but no {DECLARATION_NAME}",
            hint="name the package that was made of it; if there is none, make it with: "
            f"archtool pack {described} -o PACKAGE",
        )
    raise NotABagError(
        f"{name} is not a bag: it has no {DECLARATION_NAME}",
        hint="name the bag's own folder, or an archive of it",
    )


def missing_declaration_error(root: Path) -> InputError:
    """Return the error of a command that cannot use a bag that lost its bagit.txt."""
    return InputError(
        f"{shown(str(root))} has no {DECLARATION_NAME}, but other tag files of a bag",
        hint=f"list every problem with: archtool verify {shell_word(str(root))}",
    )


def _names_at_root(source: FileSource) -> set[str]:
    if isinstance(source, Tree):  # without a walk through the subfolders
        return {found.path for found in source.list_root() if found.kind is FileKind.FILE}
    return {found.path for found in source.walk() if "/" not in found.path}


def _is_tag_file_of_bag(name: str) -> bool:
    return name in _INFO_NAMES or read_manifest_name(name) is not None


def _find_bags_inside(root: Path, source: FileSource) -> list[str]:
    """Return the subfolders that are bags, at most two levels down, by their paths from the root."""
    if isinstance(source, Tree):
        return list(islice(_walk_bags(root, "", _LEVELS), _MAX_ENTRIES))
    paths = (found.path for found in source.walk())
    declarations = (p for p in paths if p.endswith(f"/{DECLARATION_NAME}") and p.count("/") <= _LEVELS)
    return sorted(path.removesuffix(f"/{DECLARATION_NAME}") for path in declarations)


def _walk_bags(root: Path, folder: str, levels: int) -> Iterator[str]:
    for name in _folders_in(root / folder):
        path = f"{folder}/{name}" if folder else name
        if (root / path / DECLARATION_NAME).is_file():
            yield path
        elif levels > 1:
            yield from _walk_bags(root, path, levels - 1)


def _folders_in(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            first = islice(entries, _MAX_ENTRIES)
            return sorted(entry.name for entry in first if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []


def _find_bag_above(root: Path) -> Path | None:
    parents = Path(os.path.abspath(root)).parents  # noqa: PTH100 - keep links: the person named them
    return next((path for path in parents[:_LEVELS] if (path / DECLARATION_NAME).is_file()), None)


def _describe_bags(bags: Collection[str]) -> str:
    named = ", ".join(shown(bag) for bag in islice(bags, _MAX_NAMED))
    if len(bags) == 1:
        return f"it contains a bag, {named}"
    more = len(bags) - _MAX_NAMED
    return f"it contains {len(bags):,} bags: {named}{f' and {more:,} more' if more > 0 else ''}"


def _inner_bag_hint(root: Path, bags: Collection[str]) -> str:
    if not root.is_dir():
        return "extract it with the program that made it, then name the folder of the bag"
    first = next(iter(bags))
    if len(bags) == 1:
        return f"name the bag itself: {shown(str(root / first))}"
    one, everything = shown(str(root / first)), f"{shown(str(root))}/*"
    return f"name one of them, {one}, or, if the command takes several, all: {everything}"
