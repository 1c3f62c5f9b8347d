"""Selects the packages among the given paths; skips what archtool itself puts beside packages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from archtool.cli.terminal import output
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.operations.open_package.by_products import describe_by_product


def select_packages(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return each path that is not a by-product of archtool, so that a user can give `packages/*`.

    Raises:
        InputError: no path is left.
    """
    packages: list[Path] = []
    for path in paths:
        kind = describe_by_product(path)
        if kind is None:
            packages.append(path)
        else:
            output.message(f"skipped {shown(str(path))}: {kind}, not a package")
    if not packages:
        raise InputError("none of the given paths is a package", hint="give the path of a package")
    return tuple(packages)
