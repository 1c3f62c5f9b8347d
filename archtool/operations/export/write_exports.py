"""Writes exports to files; each appears whole or not at all, and none replaces another unasked."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from archtool.errors import UsageError
from archtool.files.paths import normal_form, shown
from archtool.files.writing.staging import write_whole
from archtool.files.writing.storage_errors import storage_errors
from archtool.operations.export.forms import Form
from archtool.operations.export.read_record import record_name
from archtool.operations.open_package.enclosing_bag import refuse_in_sidecar, refuse_inside_package


def plan_files(roots: Sequence[Path], form: Form, target: Path, *, replace: bool) -> tuple[Path, ...]:
    """Return the file of each document, before anything is read.

    A form that joins packages has one file; the others have one for a single package if `target` is
    no folder, and otherwise one for each package in the folder `target`.

    Raises:
        UsageError: a file exists and must not be replaced, is no ordinary file, would be in a package, or
            two have one name.
    """
    if form.joins or (len(roots) == 1 and not target.is_dir()):
        if target.is_dir():
            raise UsageError(
                f"{shown(str(target))} is a folder, and {form.name} puts all packages into one file",
                hint=f"name a file, such as {shown(str(target / f'export{form.suffix}'))}",
            )
        files: tuple[Path, ...] = (target,)
    else:
        _refuse_file(target, form)
        files = tuple(target / f"{record_name(root)}{form.suffix}" for root in roots)
        _refuse_twins(roots, files)
    if not target.absolute().parent.is_dir():
        raise UsageError(
            f"{shown(str(target))} cannot be written: its folder does not exist",
            hint="create the folder, or give another path",
        )
    refuse_inside_package(files[0].parent, "the export")
    refuse_in_sidecar(files[0], "the export")
    _refuse_special(files)
    existing = [] if replace else [file for file in files if os.path.lexists(file)]
    if existing:
        raise UsageError(
            f"{shown(str(existing[0]))} exists", hint="give another name, or replace it with --force"
        )
    return files


def _refuse_file(target: Path, form: Form) -> None:
    if os.path.lexists(target) and not target.is_dir():
        raise UsageError(
            f"{shown(str(target))} is a file, and {form.name} makes one file of each package",
            hint="name a folder for them",
        )


def _refuse_special(files: Sequence[Path]) -> None:
    """Refuse what is no file: a device or a FIFO would be replaced, not written to."""
    for file in files:
        if os.path.lexists(file) and not file.is_file():
            raise UsageError(f"not an ordinary file: {shown(str(file))}", hint="give another name")


def _refuse_twins(roots: Sequence[Path], files: Sequence[Path]) -> None:
    first: dict[str, Path] = {}
    for root, file in zip(roots, files, strict=True):
        other = first.setdefault(normal_form(file.name).casefold(), root)
        if other is not root:
            raise UsageError(
                f"{shown(str(other))} and {shown(str(root))} would both become {shown(str(file))}",
                hint="export them one by one, each with a file name of its own",
            )


def write_export(file: Path, text: str, *, replace: bool) -> None:
    """Write one document in UTF-8; its folder is made if it is missing.

    Raises:
        StorageError: it cannot be written, or it appeared meanwhile.
    """
    with storage_errors(file):
        file.parent.mkdir(exist_ok=True)
    write_whole(file, text.encode("utf-8", "backslashreplace"), replaces=replace)
