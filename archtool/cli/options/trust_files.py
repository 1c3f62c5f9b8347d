"""Reads the files that say whom to believe, or who signs; one of another kind is named as what it is."""

from __future__ import annotations

from pathlib import Path

from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.files.paths import shown
from archtool.openssh.file_recognition import Purpose, not_a_folder, refuse_other_kind
from archtool.operations.describe.inputs import read_text_input

__all__ = ["Purpose", "read_trust_file"]


def read_trust_file(path: Path, limit_bytes: int, what: str, purpose: Purpose) -> bytes:
    """Read a file as UTF-8 without a byte-order mark, or in the binary form that it has.

    Raises:
        InputError: it cannot be read, is a folder, or is recognised as something else.
    """
    name = shown(str(path))
    if path.is_dir():
        raise not_a_folder(name, purpose, is_package=(path / DECLARATION_NAME).is_file())
    data = read_text_input(path, limit_bytes, what)
    refuse_other_kind(data, name, purpose)
    return data
