"""Libraries of citations: many descriptions cite from one, which is read once and not once for each."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha512
from pathlib import Path

from archtool.description.library import MAX_LIBRARY_BYTES, Library, parse_library
from archtool.files.paths import shown
from archtool.operations.describe.inputs import read_input, read_text_input

_WHAT = "the library"


def read_library(path: Path) -> Library:
    """A CSL-JSON library, not to be changed.

    Raises:
        InputError: it is missing, cannot be read, or is none.
    """
    return _items(path, _stamp(path))


def library_digest(path: Path) -> bytes:
    """The SHA-512 digest of a library's bytes.

    Raises:
        InputError: it is missing or cannot be read.
    """
    return _digest(path, _stamp(path))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return 0, 0  # who reads it says why it cannot be read
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=2)
def _items(path: Path, _stamp: tuple[int, int]) -> Library:
    return parse_library(read_text_input(path, MAX_LIBRARY_BYTES, _WHAT, reads_utf16=True), shown(str(path)))


@lru_cache(maxsize=64)
def _digest(path: Path, _stamp: tuple[int, int]) -> bytes:
    return sha512(read_input(path, MAX_LIBRARY_BYTES, _WHAT)).digest()
