"""A folder is one run's at a time."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from pathlib import Path

import pytest

from archtool.errors import InputError, StorageError
from archtool.files import lock
from archtool.files.lock import locked_folder, locked_when_free
from unit.files.folders import as_nobody, open_handles, public_folder


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
    monkeypatch.setattr(lock, "IS_POSIX", False)
    with locked_folder(tmp_path) as one, locked_folder(tmp_path) as other:
        assert (one, other) == (None, None)


def test_who_waits_is_told_for_whom_and_goes_on_when_it_is_free(tmp_path: Path) -> None:
    said: list[str] = []
    may_go, is_held = threading.Event(), threading.Event()

    def hold() -> None:
        with locked_when_free(tmp_path, 0, said.append):
            is_held.set()
            may_go.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_held.wait(30)

    def hear(words: str) -> None:
        said.append(words)
        may_go.set()

    with locked_when_free(tmp_path, 30, hear) as status:
        assert status is not None
    holder.join()
    (words,) = said
    assert words == f"waiting for another run (process {os.getpid()}), which holds {tmp_path} (at most 30 s)"


def test_a_file_is_held_too(tmp_path: Path) -> None:
    (tmp_path / "letter.tar").write_bytes(b"x")
    handles = open_handles()
    archive = tmp_path / "letter.tar"
    with locked_when_free(archive, 0, print), pytest.raises(StorageError, match="is held by another run"):
        locked_when_free(archive, 0, print).__enter__()
    assert open_handles() == handles


def test_what_was_replaced_while_it_was_waited_for_is_taken_as_it_is_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first that is held is not what the path leads to any more."""
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
    with locked_when_free(old, 30, lambda _: None) as status:
        assert status is not None
        assert os.path.samestat(status, old.stat())


def test_a_lock_file_that_is_removed_while_another_waits_is_made_again(tmp_path: Path) -> None:
    place, said = tmp_path / "lock", list[str]()
    with contextlib.ExitStack() as first:
        first.enter_context(locked_when_free(place, 0, print, is_written=True))

        def remove_and_let_go(text: str) -> None:
            said.append(text)
            place.unlink()
            first.close()

        with locked_when_free(place, 30, remove_and_let_go, is_written=True) as status:
            assert status is not None
            assert os.path.samestat(status, place.stat())
    assert len(said) == 1
    with pytest.raises(InputError, match="there is no such folder"):
        locked_when_free(tmp_path / "none" / "lock", 0, print, is_written=True).__enter__()


def test_what_cannot_be_held_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    for missing in (tmp_path / "none", tmp_path / "file" / "none"):
        with pytest.raises(InputError, match="there is no such folder or archive"):
            locked_when_free(missing, 0, print).__enter__()
    with public_folder() as folder:
        (folder / "secret").mkdir(mode=0o700)
        with as_nobody(), pytest.raises(InputError, match="it cannot be opened: Permission denied"):
            locked_when_free(folder / "secret", 0, print).__enter__()

    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(lock.fcntl, "flock", no_locks)
    with pytest.raises(StorageError, match="cannot be held against other runs") as refused:
        locked_when_free(tmp_path, 0, print).__enter__()
    assert refused.value.hint == "this file system has no locks: work on a copy elsewhere"


def test_where_the_system_does_not_say_who_holds_it_somebody_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for table in (tmp_path / "none", tmp_path / "empty"):
        monkeypatch.setattr(lock, "_LOCKS", table)
        with locked_when_free(tmp_path, 0, print), pytest.raises(StorageError) as refused:
            locked_when_free(tmp_path, 0, print).__enter__()
        assert "is held by another run; nothing was changed" in refused.value.message
        (tmp_path / "empty").write_text("1: POSIX ADVISORY WRITE 1 08:01:1 0 EOF\n")
