"""Reads the small files that are named to a command: descriptions, libraries, keys, lists of signers."""

from __future__ import annotations

from pathlib import Path

from archtool.encodings import as_utf8
from archtool.files.named_files import read_input, suggest_slashes
from archtool.files.paths import shown

__all__ = ["read_input", "read_text_input", "suggest_slashes"]


def read_text_input(path: Path, limit_bytes: int, what: str, *, reads_utf16: bool = False) -> bytes:
    """Read a text file that the caller named; return UTF-8 without a byte-order mark.

    A file without a byte-order mark is returned unchanged, so binary forms (a key revocation list, a
    certificate in DER) pass through. `reads_utf16` is for texts that no other program reads.

    Raises:
        InputError: the file cannot be read, as in `read_input`; or it is UTF-16 or UTF-32 and `reads_utf16`
            is false.
    """
    data = read_input(path, limit_bytes, what)
    return as_utf8(data, f"{what} {shown(str(path))}", reads_utf16=reads_utf16)
