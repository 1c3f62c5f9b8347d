"""Reads the small files that a command is given: descriptions, libraries, keys, lists of signers."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from archtool.errors import InputError
from archtool.fixity.filekinds import FileKind
from archtool.fixity.paths import shown
from archtool.fixity.small_files import read_to_end


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
            return read_to_end(descriptor, limit_bytes, name)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise InputError(f"{what} is larger than {limit_bytes:,} bytes: {name}") from error
        raise InputError(f"{what} cannot be read: {name}: {error.strerror}", hint=_hint(error)) from error
    except ValueError as error:  # a NUL in the name
        raise InputError(f"{what} cannot be read: {name!r}: {error}") from error


def _hint(error: OSError) -> str:
    if error.errno == errno.ENOENT:
        return "check the path; it counts from the folder that you are in"
    return "check the permissions"
