"""Finds existing packages: folders with a `bagit.txt`, and archives.

A folder that contains a `bagit.txt`, a `data` folder or another tag file that only bags have is a package;
its subfolders are not searched. An archive is recognised by its name; reading it shows whether there is a bag
in it. Links are not followed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.files.writing.leftovers import is_staged
from archtool.operations.list_packages.folder_listing import FolderListing, UnlistedFolder
from archtool.operations.open_package.by_products import describe_by_product, is_replaced
from archtool.operations.open_package.package_paths import SIDECAR_SUFFIX

LOST_HINT = "restore the package from another copy, then run the same command again"
ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".zip")
_TAG_FILES = frozenset((DECLARATION_NAME, "bag-info.txt", "package-info.txt"))


@dataclass(frozen=True, slots=True)
class FoundPackage:
    """A place where a package is, or where one must have been."""

    name: str
    """The path below the folder that was searched, or the name of that folder itself."""
    root: Path
    """The folder that was searched, or the package itself."""
    is_root: bool = False
    """Whether `root` is the package itself."""
    problem: str | None = None
    """Why it cannot be read: a folder that cannot be listed, or attestations without their package."""
    hint: str | None = None
    """What to do about the problem."""
    is_missing: bool = False
    """Whether the problem is that only its attestations are here."""

    @property
    def path(self) -> Path:
        """The path of the package."""
        return self.root if self.is_root else self.root / self.name


def search_packages(folder: Path) -> Iterator[FoundPackage]:
    """Yield every package below a folder, or the folder itself, in the order of the paths.

    A folder that cannot be listed is yielded with its problem, since its packages are unknown. A sidecar
    without its package is yielded with its problem and the name of the package.

    Raises:
        InputError: the folder does not exist, or has too many entries.
    """
    require_reachable(folder)
    if not folder.is_dir():
        raise InputError(
            f"{shown(str(folder))} is not a folder", hint="name the folder that contains the packages"
        )
    if _has_declaration(str(folder)):
        yield FoundPackage(folder.resolve().name, folder, is_root=True)
        return
    listing, above = FolderListing(folder), f"{folder}/"
    pending = [("", False)]
    while pending:
        path, is_archive = pending.pop()
        if is_archive:
            yield FoundPackage(path, folder)
            continue
        if path and _has_declaration(f"{above}{path}"):  # the usual case, without listing its files
            yield FoundPackage(path, folder)
            continue
        listed = listing.entries_of(path)
        if isinstance(listed, UnlistedFolder):
            yield FoundPackage(listed.path, folder, problem=listed.reason, hint=listed.hint)
        elif path and any(map(_is_sign_of_bag, listed)):
            yield FoundPackage(path, folder)
        elif path.endswith(SIDECAR_SUFFIX) and describe_by_product(folder / path):
            yield from _lost_package(folder, path)
        elif not is_replaced(folder / path):
            pending += _to_visit(path, listed)


def require_reachable(folder: Path) -> None:
    """Check that the system says what a path is; one that does not exist is no problem here.

    Raises:
        InputError: a folder above it cannot be entered, or its disk failed.
    """
    try:
        folder.stat()
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise InputError(
            f"{shown(str(folder))} cannot be reached: {error.strerror or error}",
            hint="check its disk, and give yourself the right to enter the folders above it",
        ) from error


def no_package_error(folder: Path, pattern: str | None = None) -> InputError:
    """Return the error for a folder without any package (whose name matches the pattern)."""
    named = f" that matches {pattern}" if pattern is not None else ""
    return InputError(
        f"there is no package{named} in {shown(str(folder))}",
        hint=f"a package is a folder with a {DECLARATION_NAME}, or an archive ({', '.join(ARCHIVES)})",
    )


def _to_visit(path: str, listed: Sequence[os.DirEntry[str]]) -> Iterator[tuple[str, bool]]:
    """Yield the subfolders and the archives of a folder, last name first, and whether each is an archive."""
    above = f"{path}/" if path else ""
    for entry in sorted(listed, key=lambda entry: entry.name, reverse=True):
        if entry.is_dir(follow_symlinks=False):
            if not is_staged(entry.name):
                yield above + entry.name, False
        elif entry.is_file(follow_symlinks=False) and entry.name.lower().endswith(ARCHIVES):
            yield above + entry.name, True


def _has_declaration(folder: str) -> bool:
    try:
        return stat.S_ISREG(os.lstat(f"{folder}/{DECLARATION_NAME}").st_mode)
    except OSError:
        return False


def _is_sign_of_bag(entry: os.DirEntry[str]) -> bool:
    """Whether an entry shows that its folder is a package, or was one before it lost its `bagit.txt`."""
    if entry.is_dir(follow_symlinks=False):
        return entry.name == "data"
    return entry.name in _TAG_FILES or read_manifest_name(entry.name) is not None


def _lost_package(folder: Path, sidecar: str) -> Iterator[FoundPackage]:
    name = sidecar.removesuffix(SIDECAR_SUFFIX)
    if not os.path.lexists(folder / name):
        own = sidecar.rpartition("/")[2]
        problem = f"{shown(own)} holds the attestations of a package that is missing"
        yield FoundPackage(name, folder, problem=problem, hint=LOST_HINT, is_missing=True)
