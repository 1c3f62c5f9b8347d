"""Where a package may be written: never into its sources, never over something that is no package."""

from __future__ import annotations

import os
from pathlib import Path

from archtool.errors import InputError, UsageError
from archtool.fixity.paths import shown
from archtool.serialisation.formats import FORMATS


def check_target(target: Path, sources: Path | None, archive: str | None, *, replace: bool) -> None:
    """Refuse a target that would change the sources, or something that is no package.

    `sources` is `None` where many packages are made from one folder: where these may lie was looked at then.

    Raises:
        UsageError: see above.
    """
    name = shown(str(target))
    _check_suffix(target, archive)
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


def _check_suffix(target: Path, archive: str | None) -> None:
    """Refuse a name that says something else than what is made: it would mislead for years.

    Raises:
        UsageError: see above.
    """
    said = next((name for name in FORMATS if target.name.lower().endswith(f".{name}")), None)
    if said is not None and said != archive:
        made = f"a {archive}" if archive else "a folder"
        raise UsageError(
            f"{shown(target.name)} is named like a {said}, and would be {made}",
            hint=f"give --archive {said}, or choose another name with -o",
        )


def _is_package(target: Path, archive: str | None) -> bool:
    if archive is None:
        return (target / "bagit.txt").is_file()
    if not target.is_file():
        return False
    from archtool.serialisation.archive import Archive
    from archtool.serialisation.limits import Limits

    try:
        with Archive(target, Limits()) as there:
            return there.known.format == archive and "bagit.txt" in there.known.index.members
    except (OSError, InputError):
        return False


def _lies_in(target: Path, folder: Path) -> bool:
    real, above = os.path.realpath(target), os.path.realpath(folder)
    return f"{real}{os.sep}".startswith(f"{above.rstrip(os.sep)}{os.sep}")
