"""Finds the bag that a folder is inside of; a command that writes files refuses to write them into one."""

from __future__ import annotations

from pathlib import Path

from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.operations.open_package.package_paths import SIDECAR_SUFFIX


def find_enclosing_bag(folder: Path) -> Path | None:
    """Return the bag that an absolute path is or is inside of; `None` if there is none."""
    return next((path for path in (folder, *folder.parents) if (path / DECLARATION_NAME).is_file()), None)


def refuse_inside_package(folder: Path, name: str) -> None:
    """Refuse to write into a folder of a package: a file that no manifest lists makes the package invalid.

    `name` is what would be written there, for the message.

    Raises:
        UsageError: the folder is a package, or is inside one.
    """
    package = find_enclosing_bag(folder.resolve())
    if package is not None:
        raise UsageError(
            f"{name} would be written into a package: {shown(str(package))}",
            hint="choose a path outside of the package",
        )


def refuse_in_sidecar(target: Path, name: str) -> None:
    """Refuse to write a sidecar, or into one: verify reads each file in it as part of an attestation.

    `name` is what would be written there, for the message.

    Raises:
        UsageError: the target is, or is inside, the folder of attestations beside a package.
    """
    path = target.resolve()
    if any(_is_sidecar(one) for one in (path, *path.parents)):
        raise UsageError(
            f"{name} would be written into the attestations beside the package",
            hint="choose a path outside of them",
        )


def _is_sidecar(path: Path) -> bool:
    """Return whether a path has the name of the sidecar of a package that is beside it."""
    if not path.name.endswith(SIDECAR_SUFFIX):
        return False
    package = path.parent / path.name.removesuffix(SIDECAR_SUFFIX)
    return package.is_file() or (package / DECLARATION_NAME).is_file()
