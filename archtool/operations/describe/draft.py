"""Writes a commented description template that names the existing files, and offers what others wrote."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.errors import InputError, UsageError
from archtool.files.paths import shell_word, shown
from archtool.files.read_once import ReadOnceSource
from archtool.files.source_views import Subtree
from archtool.files.writing.storage_errors import storage_errors
from archtool.operations.describe.bag_offers import offers_of_bag
from archtool.operations.describe.boundaries import propose_annexes
from archtool.operations.describe.draft_files import DraftFiles, open_folder, select_files
from archtool.operations.describe.draft_repairs import NO_REPAIRS, find_repairs
from archtool.operations.describe.draft_text import SeenInTexts, format_draft, quoted
from archtool.operations.describe.file_properties import property_lines
from archtool.operations.describe.offers import Offers
from archtool.operations.open_package.enclosing_bag import find_enclosing_bag, refuse_inside_package
from archtool.operations.open_package.opened_bag import read_declared_bag
from archtool.operations.open_package.opening import open_bag

FILE_NAME = "description.yaml"


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """What is described, and where the description is written."""

    place: Path
    """A folder with a document's files, a bag, an archive of one, or a folder in a bag."""
    target: Path | None = None
    """By default `description.yaml` in the folder, or a file beside the bag."""
    is_bag: bool = False
    """Whether the place must be a bag."""
    force: bool = False
    """Whether an existing description is overwritten."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A description template that was written."""

    path: Path
    text: str
    bag: Path | None = None
    """The bag that it describes, if the files are in one: it is packed with `--from-bag`."""
    files_root: Path | None = None
    """The folder of the files, if the description is not in it."""
    offers: Offers = field(default_factory=Offers)
    """What others wrote, which the template offers."""


def draft(request: DraftRequest) -> Draft:
    """Write a description template for the files in a folder or a bag.

    It is written into the folder, or beside the bag if the folder is a bag or inside one: an extra file would
    make the bag invalid.

    Raises:
        InputError: there is no such folder or bag, it has no files, or a description cannot contain a file's
            name.
        UsageError: the description already exists, or would be written into a bag.
        StorageError: it cannot be written.
    """
    bag = _named_bag(request.place) if request.is_bag else _bag_of_files(request.place)
    repairs = NO_REPAIRS
    if bag is None:
        with open_folder(request.place) as tree:
            found = select_files(tree, request.place)
            repairs = find_repairs(tree, found.all)
            files = repairs.without_own(found)
            offers = Offers(comments=tuple(property_lines(tree, files.all)))
        target = request.target or request.place / FILE_NAME
    else:
        files, offers = _read_bag(bag)
        target = request.target or bag.parent / f"{bag.name}.{FILE_NAME}"
    files_root = None if bag is not None or _is_in(target, request.place) else request.place
    annexes = _annexes(request.place if bag is None else bag, "" if bag is None else "data/", files.texts)
    next_step = _next_step(target, bag, files_root)
    seen = SeenInTexts(annexes, repairs)
    text = format_draft(files.all, files.texts, offers, next_step, in_bag=bag is not None, seen=seen)
    _write(target, text, force=request.force)
    return Draft(target, text, bag, files_root, offers)


def _annexes(root: Path, above: str, texts: Sequence[str]) -> list[str]:
    """Return the lines that propose annexes inside the transcription."""
    return propose_annexes(root, above + texts[0], quoted(texts[0]), len(texts) - 1) if texts else []


def _bag_of_files(folder: Path) -> Path | None:
    """Return the bag that a folder is or is inside of, or the archive itself; `None` if there is none."""
    real = Path(os.path.abspath(folder))  # noqa: PTH100 - a link to a bag is named as the person names it
    if real.is_file() or (real / DECLARATION_NAME).is_file():
        return _named_bag(folder)
    return find_enclosing_bag(real)


def _named_bag(bag: Path) -> Path:
    """Return the path of a bag as the person named it, unless that path has no name of its own (`.`)."""
    return bag if bag.name not in ("", "..") else Path(os.path.abspath(bag))  # noqa: PTH100 - keep links


def _read_bag(bag: Path) -> tuple[DraftFiles, Offers]:
    with open_bag(bag) as source:
        opened, payload = read_declared_bag(bag, ReadOnceSource(source)), Subtree(source, "data")
        files, offers = select_files(payload, bag, is_bag=True), offers_of_bag(opened)
        return files, replace(offers, comments=(*offers.comments, *property_lines(payload, files.all)))


def _is_in(target: Path, folder: Path) -> bool:
    return target.parent.resolve() == folder.resolve()


def _write(target: Path, text: str, *, force: bool) -> None:
    refuse_inside_package(target.parent, "the description")
    with storage_errors(target):
        _refuse_target(target, force=force)
        target.write_text(text, encoding="utf-8", newline="\n")


def _refuse_target(target: Path, *, force: bool) -> None:
    name = shown(str(target))
    if target.is_dir():
        raise UsageError(f"a folder, not a file: {name}", hint="give the path of the description itself")
    if not target.parent.is_dir():
        raise InputError(
            f"there is no folder {shown(str(target.parent))}",
            hint=f"make it first: mkdir -p {shell_word(str(target.parent))}",
        )
    if target.exists() and not force:
        raise UsageError(
            f"the description already exists: {name}", hint="edit it, or overwrite it with --force"
        )


def _next_step(target: Path, bag: Path | None, files_root: Path | None) -> list[str]:
    """Return the commands that come next, relative to the folder of the description where they can be."""
    if bag is not None:
        is_beside = target.parent.resolve() == bag.parent.resolve()
        names = (target.name, bag.name) if is_beside else (str(target), str(bag))
        description, name = (shell_word(one) for one in names)
        return [
            f"# The files are the payload of the bag {shown(bag.name)}; names begin in its data/ folder.",
            "# Then check it, and make a package of it, with:",
            f"#   archtool check {description} --from-bag {name}",
            f"#   archtool pack {description} --from-bag {name} -o PACKAGE",
        ]
    if files_root is not None:
        description, root = shell_word(str(target)), shell_word(str(files_root))
        return [f"# Then check it with:  archtool check {description} --files {root}"]
    return [f"# Then check it with:  archtool check {shell_word(target.name)}"]
