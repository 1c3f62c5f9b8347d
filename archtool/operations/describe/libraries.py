"""Reads libraries of citations; a library that many descriptions cite is read once."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha512
from pathlib import Path

from archtool.description.library import Library, parse_library
from archtool.description.limits import MAX_LIBRARY_BYTES
from archtool.files.paths import shown
from archtool.operations.describe.inputs import read_input, read_text_input

_WHAT = "the library"


def read_library(path: Path) -> Library:
    """Read a CSL-JSON library; the result is shared and must not be changed.

    Raises:
        InputError: it is missing, cannot be read, or is not a library.
    """
    return _parse(path, _version_of(path))


def library_digest(path: Path) -> bytes:
    """Return the SHA-512 digest of a library's bytes.

    Raises:
        InputError: it is missing or cannot be read.
    """
    return _digest(path, _version_of(path))


def _version_of(path: Path) -> tuple[int, int]:
    """Return a file's modification time and size: a cached value is used only while they are unchanged."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return 0, 0  # reading it then reports the reason
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=2)
def _parse(path: Path, _version: tuple[int, int]) -> Library:
    return parse_library(read_text_input(path, MAX_LIBRARY_BYTES, _WHAT, reads_utf16=True), shown(str(path)))


@lru_cache(maxsize=64)
def _digest(path: Path, _version: tuple[int, int]) -> bytes:
    return sha512(read_input(path, MAX_LIBRARY_BYTES, _WHAT)).digest()
