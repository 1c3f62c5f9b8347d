"""Finds the registered packages around files, because no package is judged by a file that lies in it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archtool.holdings.queries import find_copy_at
from archtool.holdings.register import Register


def packages_around(register: Register, files: Iterable[Path | None]) -> list[Path]:
    """Return the registered packages in whose folders these files lie."""
    found = [
        find_copy_at(register.connection, str(folder))
        for file in files
        if file is not None
        for folder in file.absolute().parents
    ]
    return [Path(one[1].place) for one in found if one is not None]
