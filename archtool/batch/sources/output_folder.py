"""Refuses output folders in which packages and their sources would be mixed."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from archtool.errors import UsageError
from archtool.files.paths import shown


def refuse_among_sources(output: Path, folder: Path | None = None) -> NoReturn:
    """Refuse an output folder that has source files in it, or is in a folder of them.

    Raises:
        UsageError: always.
    """
    of = "" if folder is None else f", in the folder {shown(str(folder))}"
    raise UsageError(
        f"the packages would be written among their sources: {shown(str(output))}{of}",
        hint="choose another folder for them with -o",
    )
