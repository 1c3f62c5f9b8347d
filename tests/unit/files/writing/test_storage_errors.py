"""Errors of failing writes: the reason, and a hint for the user."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from archtool.errors import InputError, ReadFailedError, StorageError
from archtool.files.os_errors import cannot_read, hint_for_number
from archtool.files.writing.storage_errors import storage_errors


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (errno.ENOSPC, "free some space"), (errno.EACCES, "the permissions there"), (errno.EROFS, "another"),
        (errno.EMFILE, "ulimit -n"), (errno.EIO, "check the disk"), (errno.EBUSY, "the space and the permi"),
        (errno.ENAMETOOLONG, "longer names"), (errno.EEXIST, "capitals or accents"),
    ],
)  # fmt: skip
def test_each_error_number_has_its_own_hint(tmp_path: Path, number: int, hint: str) -> None:
    with pytest.raises(StorageError) as raised, storage_errors(tmp_path / "package"):
        raise OSError(number, os.strerror(number))
    assert hint in str(raised.value.hint)
    assert "nothing was changed" in str(raised.value.hint)


def test_an_unreadable_input_is_reported_with_its_reason() -> None:
    assert isinstance(cannot_read("x", PermissionError(errno.EACCES, "no")), InputError)
    assert isinstance(cannot_read("x", OSError(errno.EIO, "no")), ReadFailedError)
    assert "memory" in hint_for_number(errno.ENOMEM)
    assert "ulimit" in hint_for_number(errno.EMFILE)
