"""A file that cannot be written: what is in the way, and what a person can do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from archtool.errors import InputError, ReadFailedError, StorageError
from archtool.files.os_errors import cannot_read, hint_for_number
from archtool.files.writing.storage_errors import storing


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (errno.ENOSPC, "free some space"), (errno.EACCES, "mend the permissions"), (errno.EROFS, "another"),
        (errno.EMFILE, "ulimit -n"), (errno.EIO, "check the disk"), (errno.EBUSY, "the space and the permi"),
        (errno.ENAMETOOLONG, "longer names"),
    ],
)  # fmt: skip
def test_each_reason_has_its_own_way_on(tmp_path: Path, number: int, hint: str) -> None:
    with pytest.raises(StorageError) as raised, storing(tmp_path / "package"):
        raise OSError(number, os.strerror(number))
    assert hint in str(raised.value.hint)
    assert "nothing was changed" in str(raised.value.hint)


def test_what_was_not_read_is_told_by_its_reason() -> None:
    assert isinstance(cannot_read("x", PermissionError(errno.EACCES, "no")), InputError)
    assert isinstance(cannot_read("x", OSError(errno.EIO, "no")), ReadFailedError)
    assert "memory" in hint_for_number(errno.ENOMEM)
    assert "ulimit" in hint_for_number(errno.EMFILE)
