"""Reads the small files that a person names to a command; links are followed."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from archtool.errors import InputError
from archtool.files.file_kinds import FileKind
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.files.small_files import read_to_end, refuse_unless_file


def read_input(path: Path, limit_bytes: int, what: str) -> bytes:
    """Read a file that was named on the command line or in the description; links are followed.

    Raises:
        InputError: missing, a folder or a device, not readable, or larger than the limit.
    """
    name = shown(str(path))
    try:
        kind = FileKind.of_mode(path.stat().st_mode)
        if kind is not FileKind.FILE:
            raise InputError(f"{what} is a {kind.value}, not a file: {name}", hint="name the file itself")
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_BINARY", 0))
        try:
            status = os.fstat(descriptor)
            refuse_unless_file(name, status)  # it can have been replaced since `stat`
            return read_to_end(descriptor, status, limit_bytes, name)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise InputError(f"{what} is larger than {limit_bytes:,} bytes: {name}") from error
        message = f"{what} cannot be read: {name}: {error.strerror}"
        raise cannot_read(message, error, hint=_hint(error, path)) from error
    except ValueError as error:  # a NUL in the name
        raise InputError(f"{what} cannot be read: {name!r}: {error}") from error


def suggest_slashes(path: Path) -> str | None:
    """Return a hint if a path does not exist because it separates folders with backslashes, as on Windows."""
    slashed = Path(str(path).replace("\\", "/"))
    try:
        exists = slashed != path and slashed.exists()
    except (OSError, ValueError):
        return None
    return f"did you mean `{shown(str(slashed))}`? Folders are separated by `/`" if exists else None


def _hint(error: OSError, path: Path) -> str:
    if error.errno == errno.ENOENT and (suggestion := suggest_slashes(path)) is not None:
        return suggestion
    if error.errno == errno.ENOENT:
        return "check the path; it is relative to the current folder"
    return "check the permissions"
