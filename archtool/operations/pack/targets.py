"""Checks the target of a package: never inside its sources, never over something that is not a package."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from archtool.archives import FORMATS
from archtool.archives.limits import Limits
from archtool.errors import InputError, StorageError, UsageError
from archtool.files.paths import shown
from archtool.files.writing.leftovers import refuse_missing_folder
from archtool.files.writing.storage_errors import storage_errors
from archtool.operations.open_package.enclosing_bag import refuse_in_sidecar, refuse_inside_package

_OTHER_ARCHIVES = (
    *(f".tar.{packer}" for packer in ("gz", "bz2", "xz", "zst", "lz", "lz4", "lzma", "lzo", "br", "z")),
    ".tgz", ".taz", ".tbz", ".tbz2", ".tb2", ".txz", ".tzst", ".tlz", ".gz", ".bz2", ".xz", ".zst", ".lz4",
    ".lzma", ".7z", ".rar", ".zipx", ".cpio", ".cab", ".arj", ".lha", ".lzh", ".jar", ".iso", ".dmg", ".wim",
)  # fmt: skip
"""Endings of archives and compressed files; endings of several parts come first."""


def check_target(target: Path, sources: Path | None, archive: str | None, *, replace: bool) -> None:
    """Refuse a target that would change the sources, or replace something that is not a package.

    `sources` is `None` if many packages are made from one folder: the caller then checks their location.

    Raises:
        UsageError: the target is refused.
    """
    name = shown(str(target))
    check_name(target, archive)
    if sources is not None and _lies_in(target, sources):
        raise UsageError(
            f"the package would be inside the folder of its own sources: {name}",
            hint=f"choose a target outside {shown(str(sources.resolve()))}",
        )
    refuse_inside_package(target.parent, name)
    if not os.path.lexists(target):
        return
    if not replace:
        raise UsageError(
            f"the target already exists: {name}",
            hint="choose another target with -o, or replace an old package with --force",
        )
    if target.is_symlink() or not _is_package(target, archive):
        kind = f"{archive} archives of packages" if archive else "packages"
        raise UsageError(
            f"--force replaces only {kind}, and {name} is not one (it has no bagit.txt)",
            hint="choose another target with -o, or remove it yourself",
        )


def check_writable(target: Path, *, makes_parents: bool) -> None:
    """Check that a package could be written here; writes nothing.

    `makes_parents`: missing parent folders would be made.

    Raises:
        StorageError: its folder is missing or closed to this user, or its name is too long.
    """
    folder = target.parent
    with storage_errors(target):
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            os.lstat(target)
        while makes_parents and not _exists(folder) and folder != folder.parent:
            folder = folder.parent
        if makes_parents:
            _refuse_file(folder, target)
        else:
            refuse_missing_folder(folder)
        if not os.access(folder, os.W_OK | os.X_OK):
            is_read_only = hasattr(os, "statvfs") and os.statvfs(folder).f_flag & os.ST_RDONLY
            number = errno.EROFS if is_read_only else errno.EACCES
            raise OSError(number, os.strerror(number))


def make_parents(target: Path) -> None:
    """Make the missing parent folders of a target.

    Raises:
        StorageError: one cannot be made.
    """
    folder = target.parent
    if folder.is_dir():
        return
    with storage_errors(target):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            for parent in (folder, *folder.parents):
                _refuse_file(parent, target)
            raise


def _exists(folder: Path) -> bool:
    try:
        os.lstat(folder)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _refuse_file(folder: Path, target: Path) -> None:
    if _exists(folder) and not folder.is_dir():
        raise StorageError(
            f"cannot write {shown(str(target))}: {shown(str(folder))} is not a folder",
            hint="move it away, or choose another output folder; nothing was changed",
        )


def choose_format(target: Path, archive: str | None) -> str | None:
    """Return the archive format requested by --archive or the name's ending; `None` is a folder.

    Raises:
        UsageError: the two contradict each other, or archtool does not write archives with this ending.
    """
    chosen = archive or _format_of_name(target.name)
    check_name(target, chosen)
    return chosen


def check_new_folder(target: Path) -> None:
    """Refuse a target that exists, is inside a package, or is named like an archive.

    Raises:
        UsageError: the target is refused.
    """
    check_name(target, None)
    refuse_inside_package(target.parent, shown(str(target)))
    refuse_in_sidecar(target, shown(str(target)))
    if os.path.lexists(target):
        raise UsageError(f"{shown(str(target))} already exists", hint="choose another path with -o")


def check_name(target: Path, archive: str | None) -> None:
    """Refuse a name whose ending does not match the format: it would mislead later readers.

    Raises:
        UsageError: the name is refused.
    """
    name = shown(target.name)
    named = _format_of_name(target.name)
    if named is not None and named != archive:
        actual = f"a {archive} archive" if archive else "a folder"
        raise UsageError(
            f"{name} is named like a {named} archive, but it would be {actual}",
            hint=f"choose a name that ends in .{archive}" if archive else f"choose a name without .{named}",
        )
    ending = next((e for e in _OTHER_ARCHIVES if target.name.lower().endswith(e)), None)
    if ending is not None:
        raise UsageError(
            f"{name} is named like an archive of a kind that archtool does not write ({ending})",
            hint="choose a name that ends in .tar or .zip for an archive, or one without such an ending for "
            "a folder; a tar can be compressed afterwards",
        )


def _format_of_name(name: str) -> str | None:
    return next((known for known in FORMATS if name.lower().endswith(f".{known}")), None)


def _is_package(target: Path, archive: str | None) -> bool:
    if archive is None:
        return (target / "bagit.txt").is_file()
    if not target.is_file():
        return False
    from archtool.archives.archive import Archive  # lazy: brings tarfile and zipfile, folders need neither

    try:
        with Archive(target, Limits()) as found:
            return found.contents.format == archive and "bagit.txt" in found.contents.index.members
    except (OSError, InputError):
        return False


def _lies_in(target: Path, folder: Path) -> bool:
    real_target, real_folder = os.path.realpath(target), os.path.realpath(folder)
    return f"{real_target}{os.sep}".startswith(f"{real_folder.rstrip(os.sep)}{os.sep}")
