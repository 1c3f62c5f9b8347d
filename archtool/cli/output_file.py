"""Writes the result of a command to a named file: whole or not at all, and never into a package."""

from __future__ import annotations

from pathlib import Path

from archtool.errors import InputError, UsageError
from archtool.files.paths import shell_word, shown
from archtool.files.writing.staging import write_whole
from archtool.operations.open_package.enclosing_bag import refuse_in_sidecar, refuse_inside_package


def check_output_file(target: Path, what: str, *, force: bool) -> None:
    """Refuse a target before the work begins; `what` names what would be written, for messages.

    Raises:
        UsageError: it exists and `force` is not given, is not a file, or is inside a package or its sidecar.
        InputError: its folder does not exist.
    """
    name = shown(str(target))
    if target.is_dir():
        raise UsageError(f"a folder, not a file: {name}", hint="give the name of a file")
    if not target.parent.is_dir():
        raise InputError(
            f"there is no folder {shown(str(target.parent))}",
            hint=f"make it first: mkdir -p {shell_word(str(target.parent))}",
        )
    refuse_inside_package(target.parent, what)
    refuse_in_sidecar(target, what)
    if (target.exists() or target.is_symlink()) and not target.is_file():
        raise UsageError(f"not an ordinary file: {name}", hint="give another name")
    if target.exists() and not force:
        raise UsageError(
            f"the file already exists: {name}", hint="give another name, or overwrite it with --force"
        )


def write_output_file(target: Path, data: bytes, *, force: bool) -> None:
    """Write a file beside its place and put it there with one rename.

    Raises:
        StorageError: it cannot be written, or appeared meanwhile.
    """
    write_whole(target, data, replaces=force)
