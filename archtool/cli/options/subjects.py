"""The packages among the paths that a command is given: what archtool put beside them is passed over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from archtool.cli.terminal import output
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.operations.open_package.by_products import describe_by_product


def packages_among(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Every path that is not a by-product of archtool, so that `packages/*` can be given.

    Raises:
        InputError: nothing is left.
    """
    packages: list[Path] = []
    for path in paths:
        what = describe_by_product(path)
        if what is None:
            packages.append(path)
        else:
            output.message(f"passed over {shown(str(path))}: {what}, not a package")
    if not packages:
        raise InputError("there is no package among what was named", hint="name the packages themselves")
    return tuple(packages)
