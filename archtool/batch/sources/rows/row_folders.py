"""Finds the folder of a row's files, and reports one that cannot be used, once for the whole row."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, replace
from pathlib import Path

from archtool.batch.sources.job_keys import CURRENT_FOLDER_NAMES, why_behind_link, why_no_folder
from archtool.batch.sources.rows.described_files import fault_finding
from archtool.batch.sources.rows.file_names import FileNames
from archtool.files.paths import shown
from archtool.findings import Finding, Place
from archtool.operations import finding_kinds
from archtool.operations.describe.inputs import suggest_slashes

_SHOWN = 100  # characters of a name in a message
_CORRECT_CELL = "correct this cell, or the name of the folder"
_CORRECT_MAPPING = "correct `folder` in the mapping, or the name of the folder"


@dataclass(frozen=True, slots=True)
class RowFolder:
    """The folder of a row."""

    path: Path | None
    """`None` if the text of the cell cannot be the name of a folder here."""
    fault: Finding | None = None
    """Why the files of the row cannot be found, without a place."""
    had_backslashes: bool = False
    """Whether backslashes were read as `/`."""

    def faults_at(self, place: Place) -> list[Finding]:
        """Return the fault, if there is one, with its place; without a column, a mapping gives the folder."""
        if self.fault is None:
            return []
        is_constant = place.column is None and self.fault.hint == _CORRECT_CELL
        return [replace(self.fault, place=place, hint=_CORRECT_MAPPING if is_constant else self.fault.hint)]


def folder_of_row(names: FileNames, base: Path, text: str) -> RowFolder:
    """Return the folder that a text names, in the folder that all names are relative to."""
    found = names.folder(base, text)
    name = found.paths[0]
    reason = why_no_folder(name) or why_behind_link(base, name)
    if found.fault is None and reason is not None:
        found = replace(found, fault=f"{text[:_SHOWN]!r} {reason}")
    if found.fault is not None:
        return RowFolder(None, fault_finding(found), found.had_backslashes)
    folder = base / name
    try:
        return RowFolder(folder, _missing(base, folder, name), found.had_backslashes)
    except OSError:  # it is reported when the folder is opened
        return RowFolder(folder, None, found.had_backslashes)


def _missing(base: Path, folder: Path, name: str) -> Finding | None:
    if name in CURRENT_FOLDER_NAMES or folder.is_dir() or not base.is_dir():  # then the cell has no fault
        return None
    reason = os.strerror(errno.ENOTDIR if folder.exists() else errno.ENOENT)
    message = f"the folder of the sources cannot be opened: {shown(str(folder))}: {reason}"
    return finding_kinds.SOURCES_UNUSABLE.at(message, hint=suggest_slashes(folder) or _CORRECT_CELL)
