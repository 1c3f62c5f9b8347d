"""One run at a time can lock a folder."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from pathlib import Path

import pytest

from archtool.errors import InputError, StorageError
from archtool.files import lock
from archtool.files.lock import locked_folder, wait_for_lock
from unit.files.folders import as_nobody, open_handles, public_folder


def test_a_folder_is_locked_by_one_run_and_then_released(tmp_path: Path) -> None:
    handles = open_handles()
    with locked_folder(tmp_path) as status:
        assert status is not None
        assert os.path.samestat(status, tmp_path.stat())
        with pytest.raises(BlockingIOError), locked_folder(tmp_path):
            pass
    with locked_folder(tmp_path):
        pass
    assert open_handles() == handles


def test_a_link_to_a_folder_is_not_locked(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(NotADirectoryError), locked_folder(tmp_path / "link"):
        pass


def test_a_run_continues_where_folders_cannot_be_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "IS_POSIX", False)
    with locked_folder(tmp_path) as one, locked_folder(tmp_path) as other:
        assert (one, other) == (None, None)


def test_a_waiting_run_names_the_holder_and_continues_after_the_release(tmp_path: Path) -> None:
    said: list[str] = []
    may_go, is_held = threading.Event(), threading.Event()

    def hold() -> None:
        with wait_for_lock(tmp_path, 0, said.append):
            is_held.set()
            may_go.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_held.wait(30)

    def hear(words: str) -> None:
        said.append(words)
        may_go.set()

    with wait_for_lock(tmp_path, 30, hear) as status:
        assert status is not None
    holder.join()
    (words,) = said
    assert (
        words
        == f"waiting for another run (process {os.getpid()}), which has locked {tmp_path} (at most 30 s)"
    )


def test_a_file_can_be_locked(tmp_path: Path) -> None:
    (tmp_path / "letter.tar").write_bytes(b"x")
    handles = open_handles()
    archive = tmp_path / "letter.tar"
    with wait_for_lock(archive, 0, print), pytest.raises(StorageError, match="is locked by another run"):
        wait_for_lock(archive, 0, print).__enter__()
    assert open_handles() == handles


def test_a_package_replaced_during_the_wait_is_locked_in_its_new_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package that is locked first is no longer the one at the path."""
    old, new = tmp_path / "package", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    look, replaced = os.fstat, []

    def look_late(descriptor: int) -> os.stat_result:
        status = look(descriptor)
        if not replaced:
            replaced.append(old.rename(tmp_path / "old"))
            new.rename(old)
        return status

    monkeypatch.setattr(lock.os, "fstat", look_late)
    with wait_for_lock(old, 30, lambda _: None) as status:
        assert status is not None
        assert os.path.samestat(status, old.stat())


def test_a_lock_file_that_is_removed_during_the_wait_is_made_again(tmp_path: Path) -> None:
    place, said = tmp_path / "lock", list[str]()
    with contextlib.ExitStack() as first:
        first.enter_context(wait_for_lock(place, 0, print, is_written=True))

        def remove_and_let_go(text: str) -> None:
            said.append(text)
            place.unlink()
            first.close()

        with wait_for_lock(place, 30, remove_and_let_go, is_written=True) as status:
            assert status is not None
            assert os.path.samestat(status, place.stat())
    assert len(said) == 1
    with pytest.raises(InputError, match="there is no such folder"):
        wait_for_lock(tmp_path / "none" / "lock", 0, print, is_written=True).__enter__()


def test_a_path_that_cannot_be_locked_is_reported_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    for missing in (tmp_path / "none", tmp_path / "file" / "none"):
        with pytest.raises(InputError, match="there is no such folder or archive"):
            wait_for_lock(missing, 0, print).__enter__()
    with public_folder() as folder:
        (folder / "secret").mkdir(mode=0o700)
        with as_nobody(), pytest.raises(InputError, match="it cannot be opened: Permission denied"):
            wait_for_lock(folder / "secret", 0, print).__enter__()

    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(lock.fcntl, "flock", no_locks)
    with pytest.raises(StorageError, match="cannot be locked against other runs") as refused:
        wait_for_lock(tmp_path, 0, print).__enter__()
    assert refused.value.hint == "this file system has no locks: work on a copy on another file system"


def test_without_a_list_of_locks_the_holder_is_another_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for table in (tmp_path / "none", tmp_path / "empty"):
        monkeypatch.setattr(lock, "_LOCKS", table)
        with wait_for_lock(tmp_path, 0, print), pytest.raises(StorageError) as refused:
            wait_for_lock(tmp_path, 0, print).__enter__()
        assert "is locked by another run; nothing was changed" in refused.value.message
        (tmp_path / "empty").write_text("1: POSIX ADVISORY WRITE 1 08:01:1 0 EOF\n")
