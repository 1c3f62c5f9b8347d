"""Reads the small files that a command is given: descriptions, libraries, keys, lists of signers."""

from __future__ import annotations

import errno
from pathlib import Path

from archtool.errors import InputError
from archtool.fixity.paths import shown
from archtool.fixity.tree import FileKind


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
        with path.open("rb") as file:
            data = file.read(limit_bytes + 1)
    except OSError as error:
        raise InputError(f"{what} cannot be read: {name}: {error.strerror}", hint=_hint(error)) from error
    except ValueError as error:  # a NUL in the name
        raise InputError(f"{what} cannot be read: {name!r}: {error}") from error
    if len(data) > limit_bytes:
        raise InputError(f"{what} is larger than {limit_bytes:,} bytes: {name}")
    return data


def _hint(error: OSError) -> str:
    if error.errno == errno.ENOENT:
        return "check the path; it counts from the folder that you are in"
    return "check the permissions"
