"""A folder is one run's at a time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archtool.fixity import locking
from archtool.fixity.locking import locked_folder
from unit.fixity.folders import open_handles


def test_a_folder_is_held_by_one_run_and_then_free_again(tmp_path: Path) -> None:
    handles = open_handles()
    with locked_folder(tmp_path) as status:
        assert status is not None
        assert os.path.samestat(status, tmp_path.stat())
        with pytest.raises(BlockingIOError), locked_folder(tmp_path):
            pass
    with locked_folder(tmp_path):
        pass
    assert open_handles() == handles


def test_a_link_to_a_folder_is_not_held(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(NotADirectoryError), locked_folder(tmp_path / "link"):
        pass


def test_where_folders_cannot_be_held_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "IS_POSIX", False)
    with locked_folder(tmp_path) as one, locked_folder(tmp_path) as other:
        assert (one, other) == (None, None)
