"""Where a package may be written: never into its sources, never over something that is no package."""

from __future__ import annotations

import os
from pathlib import Path

from archtool.archives.formats import FORMATS
from archtool.errors import InputError, UsageError
from archtool.files.paths import shown

_OTHER_ARCHIVES = (
    *(f".tar.{packer}" for packer in ("gz", "bz2", "xz", "zst", "lz", "lz4", "lzma", "lzo", "br", "z")),
    ".tgz", ".taz", ".tbz", ".tbz2", ".tb2", ".txz", ".tzst", ".tlz", ".gz", ".bz2", ".xz", ".zst", ".lz4",
    ".lzma", ".7z", ".rar", ".zipx", ".cpio", ".cab", ".arj", ".lha", ".lzh", ".jar", ".iso", ".dmg", ".wim",
)  # fmt: skip
"""Endings of archives and compressed files; those with several parts come first."""


def check_target(target: Path, sources: Path | None, archive: str | None, *, replace: bool) -> None:
    """Refuse a target that would change the sources, or something that is no package.

    `sources` is `None` where many packages are made from one folder: where these may lie was looked at then.

    Raises:
        UsageError: see above.
    """
    name = shown(str(target))
    check_name(target, archive)
    if sources is not None and _lies_in(target, sources):
        raise UsageError(
            f"the package would lie inside the folder of its own sources: {name}",
            hint=f"choose a place outside {shown(str(sources.resolve()))}",
        )
    if not os.path.lexists(target):
        return
    if not replace:
        raise UsageError(
            f"there is something at {name} already",
            hint="choose another place with -o, or replace an old package with --force",
        )
    if target.is_symlink() or not _is_package(target, archive):
        what = f"{archive} archives of packages" if archive else "packages"
        raise UsageError(
            f"--force replaces {what} only, and {name} is none (it has no bagit.txt)",
            hint="choose another place with -o, or remove it yourself",
        )


def choose_format(target: Path, archive: str | None) -> str | None:
    """The archive format that --archive or the ending of the name asks for; `None` is a folder.

    Raises:
        UsageError: the two contradict each other, or the name is that of an archive that is not written here.
    """
    chosen = archive or _format_of_name(target.name)
    check_name(target, chosen)
    return chosen


def check_name(target: Path, archive: str | None) -> None:
    """Refuse a name that says something else than what is made: it would mislead for years.

    Raises:
        UsageError: see above.
    """
    name = shown(target.name)
    said = _format_of_name(target.name)
    if said is not None and said != archive:
        made = f"a {archive} archive" if archive else "a folder"
        raise UsageError(
            f"{name} is named like a {said} archive, but it would be {made}",
            hint=f"choose a name that ends in .{archive}" if archive else f"choose a name without .{said}",
        )
    ending = next((e for e in _OTHER_ARCHIVES if target.name.lower().endswith(e)), None)
    if ending is not None:
        raise UsageError(
            f"{name} is named like an archive of a kind that archtool does not write ({ending})",
            hint="choose a name that ends in .tar or .zip for an archive, or one without such an ending for "
            "a folder; a tar can be compressed afterwards",
        )


def _format_of_name(name: str) -> str | None:
    return next((said for said in FORMATS if name.lower().endswith(f".{said}")), None)


def _is_package(target: Path, archive: str | None) -> bool:
    if archive is None:
        return (target / "bagit.txt").is_file()
    if not target.is_file():
        return False
    from archtool.archives.archive import Archive
    from archtool.archives.limits import Limits

    try:
        with Archive(target, Limits()) as there:
            return there.known.format == archive and "bagit.txt" in there.known.index.members
    except (OSError, InputError):
        return False


def _lies_in(target: Path, folder: Path) -> bool:
    real, above = os.path.realpath(target), os.path.realpath(folder)
    return f"{real}{os.sep}".startswith(f"{above.rstrip(os.sep)}{os.sep}")
