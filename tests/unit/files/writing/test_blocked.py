"""A rename or removal that another program blocks is repeated; a fault that does not pass is not."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from archtool.files.writing.blocked import BlockedError, Patience, is_blocked, while_blocked


class Blocker:
    """A program that has files open for the first calls."""

    def __init__(self, calls: int, number: int) -> None:
        self.left = calls
        self.number = number
        self.calls = 0

    def rename(self, source: Path, target: Path) -> None:
        self.calls += 1
        if self.left:
            self.left -= 1
            raise OSError(self.number, os.strerror(self.number), str(source))
        source.rename(target)


@pytest.mark.parametrize("number", [errno.EBUSY, errno.ETXTBSY, errno.ESTALE])
def test_a_rename_that_is_blocked_for_a_moment_is_repeated(tmp_path: Path, number: int) -> None:
    (tmp_path / "made").write_text("letter")
    blocker = Blocker(3, number)
    while_blocked(blocker.rename, tmp_path / "made", tmp_path / "letter")
    assert blocker.calls == 4
    assert (tmp_path / "letter").read_text() == "letter"


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EEXIST])
def test_a_fault_that_does_not_pass_is_reported_at_once(tmp_path: Path, number: int) -> None:
    blocker = Blocker(1, number)
    with pytest.raises(OSError, match=os.strerror(number)):
        while_blocked(blocker.rename, tmp_path / "made", tmp_path / "letter")
    assert blocker.calls == 1


def test_the_error_says_how_long_another_program_has_used_the_file(tmp_path: Path) -> None:
    blocker = Blocker(1_000, errno.EBUSY)
    with pytest.raises(BlockedError, match=r"another program has used it for 0\.2 seconds") as refused:
        Patience(0.2).call(blocker.rename, tmp_path / "made", tmp_path / "letter")
    assert refused.value.errno == errno.EBUSY
    assert refused.value.filename == str(tmp_path / "made")
    assert "antivirus" in refused.value.hint


def test_files_that_stay_in_use_share_one_wait(tmp_path: Path) -> None:
    patience, started = Patience(0.2), time.monotonic()
    for _ in range(20):
        with pytest.raises(BlockedError):
            patience.call(Blocker(1_000, errno.EBUSY).rename, tmp_path / "made", tmp_path / "letter")
    assert time.monotonic() - started < 2


def test_a_mount_point_is_refused_at_once(tmp_path: Path) -> None:
    blocker, started = Blocker(1_000, errno.EBUSY), time.monotonic()
    with pytest.raises(BlockedError, match="it is a mount point") as refused:
        while_blocked(blocker.rename, tmp_path / "made", Path("/proc"))
    assert time.monotonic() - started < 2
    assert "mount point" in refused.value.hint


@pytest.mark.parametrize(
    ("winerror", "number", "is_passing"),
    [
        (5, errno.EACCES, True),
        (32, errno.EACCES, True),
        (145, errno.ENOTEMPTY, True),
        (2, errno.ENOENT, False),
    ],
)
def test_windows_reports_a_file_in_use_by_numbers_of_its_own(
    winerror: int, number: int, *, is_passing: bool
) -> None:
    error = OSError(number, "in use")
    error.winerror = winerror  # type: ignore[attr-defined,unused-ignore]
    assert is_blocked(error) is is_passing
