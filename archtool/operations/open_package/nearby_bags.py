"""What to say of a folder or an archive that is no bag: what it is, and where a bag lies near it.

Nothing here judges a bag. `verify` and every other command give the same answer for what is none.
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
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.files.tree import Tree
from archtool.findings import has_errors
from archtool.operations.open_package.by_products import by_product

_MAX_ENTRIES = 10_000  # names that are looked through in one folder: a home folder is no search engine
_MAX_NAMED = 3
_LEVELS = 2  # how far a bag is looked for, below and above
_INFO_NAMES = frozenset(("bag-info.txt", "package-info.txt"))


class NotABagError(InputError):
    """A folder or an archive does not hold what makes a bag."""


def refuse_unless_bag(root: Path, source: FileSource, names: Collection[str] = ()) -> None:
    """See that there is a bag, or what is left of one that lost its bagit.txt.

    `names` are the files at its root, where they are known already.

    Raises:
        NotABagError: there is none; the hint names a bag that lies near, if one does.
    """
    try:
        names = names or _names_at_root(source)
    except OSError:
        return  # the caller's own reading reports the reason
    if DECLARATION_NAME in names or any(map(_is_tag_file_of_bag, names)):
        return
    if not source.is_whole or has_errors(source.findings):  # an archive hides things: that is told first
        return
    name = shown(str(root))
    what = by_product(root)
    if what is not None:
        raise NotABagError(f"{name} is {what}, not a bag", hint="name the package itself")
    inside = _bags_inside(root, source)
    if inside:
        raise NotABagError(f"{name} is not a bag: {_many(inside)}", hint=_hint_below(root, inside))
    above = _bag_above(root)
    if above is not None:
        raise NotABagError(
            f"{name} is not a bag: it is a part of the bag {shown(str(above))}",
            hint=f"name the bag's own folder: {shown(str(above))}",
        )
    raise NotABagError(
        f"{name} is not a bag: it has no {DECLARATION_NAME}",
        hint="name the bag's own folder, or an archive of it",
    )


def missing_declaration(root: Path) -> InputError:
    """The error of a command that cannot go on with a bag that lost its bagit.txt."""
    return InputError(
        f"{shown(str(root))} has no {DECLARATION_NAME}, though its other tag files are those of a bag",
        hint=f"see all that is wrong with: archtool verify {shown(str(root))}",
    )


def _names_at_root(source: FileSource) -> set[str]:
    if isinstance(source, Tree):  # without walking through everything below
        return {found.path for found in source.at_root() if found.kind is FileKind.FILE}
    return {found.path for found in source.walk() if "/" not in found.path}


def _is_tag_file_of_bag(name: str) -> bool:
    return name in _INFO_NAMES or read_manifest_name(name) is not None


def _bags_inside(root: Path, source: FileSource) -> list[str]:
    """The folders below that are bags, at most two levels down, by their paths from the root."""
    if isinstance(source, Tree):
        return list(islice(_bags_below(root, "", _LEVELS), _MAX_ENTRIES))
    paths = (found.path for found in source.walk())
    marks = (path for path in paths if path.endswith(f"/{DECLARATION_NAME}") and path.count("/") <= _LEVELS)
    return sorted(path.removesuffix(f"/{DECLARATION_NAME}") for path in marks)


def _bags_below(root: Path, inside: str, levels: int) -> Iterator[str]:
    for name in _folders_in(root / inside):
        path = f"{inside}/{name}" if inside else name
        if (root / path / DECLARATION_NAME).is_file():
            yield path
        elif levels > 1:
            yield from _bags_below(root, path, levels - 1)


def _folders_in(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            some = islice(entries, _MAX_ENTRIES)
            return sorted(entry.name for entry in some if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []


def _bag_above(root: Path) -> Path | None:
    above = Path(os.path.abspath(root)).parents  # noqa: PTH100 - as the person sees the path, links and all
    return next((path for path in above[:_LEVELS] if (path / DECLARATION_NAME).is_file()), None)


def _many(bags: Collection[str]) -> str:
    named = ", ".join(shown(bag) for bag in islice(bags, _MAX_NAMED))
    if len(bags) == 1:
        return f"a bag lies in it, in {named}"
    more = len(bags) - _MAX_NAMED
    return f"{len(bags):,} bags lie in it: {named}{f' and {more:,} more' if more > 0 else ''}"


def _hint_below(root: Path, bags: Collection[str]) -> str:
    if not root.is_dir():
        return "extract it with the program that made it, then name the folder of the bag"
    first = next(iter(bags))
    if len(bags) == 1:
        return f"name the bag itself: {shown(str(root / first))}"
    return f"name one of them, {shown(str(root / first))}, or all: {shown(str(root))}/*"
