from __future__ import annotations

import contextlib
import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from archtool.errors import StorageError
from archtool.files.writing import atomic_rename, leftovers, staging, tree_operations
from archtool.files.writing.staging import Replacement, stage_beside
from unit.files.folders import as_nobody, deep_folder, make_files, public_folder

WAYS = pytest.mark.parametrize("has_renameat2", [True, False], ids=["in one call", "in steps"])


def choose_renames(monkeypatch: pytest.MonkeyPatch, has_renameat2: bool) -> None:
    """Choose a system with or without `renameat2`."""
    if not has_renameat2:
        monkeypatch.setattr(atomic_rename, "_renameat2", lambda: None)


def names_in(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def stage(target: Path, text: str, *, replace: bool = False, sync: bool = False) -> None:
    with stage_beside(target) as made:
        make_files(made.path, {"data/letter.txt": text.encode()})
        made.commit(replacing=Replacement() if replace else None, sync=sync)


@WAYS
@pytest.mark.parametrize("replace", [True, False])
@pytest.mark.parametrize("sync", [True, False])
def test_a_package_appears_complete_and_nothing_else_is_left(
    has_renameat2: bool, replace: bool, sync: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_renames(monkeypatch, has_renameat2)
    stage(tmp_path / "bag", "new", replace=replace, sync=sync)
    assert names_in(tmp_path) == ["bag"]
    assert (tmp_path / "bag" / "data" / "letter.txt").read_text() == "new"


@WAYS
def test_an_old_package_is_exchanged_and_then_removed(
    has_renameat2: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_renames(monkeypatch, has_renameat2)
    stage(tmp_path / "bag", "old")
    stage(tmp_path / "bag", "new", replace=True)
    assert names_in(tmp_path) == ["bag"]
    assert (tmp_path / "bag" / "data" / "letter.txt").read_text() == "new"


@WAYS
def test_a_target_that_appears_meanwhile_is_not_changed(
    has_renameat2: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_renames(monkeypatch, has_renameat2)
    with stage_beside(tmp_path / "bag") as made:
        (tmp_path / "bag").mkdir()
        with pytest.raises(StorageError, match="appeared while"):
            made.commit()
    assert names_in(tmp_path) == ["bag"]
    assert names_in(tmp_path / "bag") == []


@WAYS
def test_a_dangling_link_at_the_target_is_not_changed(
    has_renameat2: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_renames(monkeypatch, has_renameat2)
    (tmp_path / "bag").symlink_to("nowhere")
    with pytest.raises(StorageError, match="appeared while"):
        stage(tmp_path / "bag", "new", replace=True)
    assert (tmp_path / "bag").is_symlink()


def test_an_unfinished_package_is_removed(tmp_path: Path) -> None:
    with contextlib.suppress(KeyboardInterrupt), stage_beside(tmp_path / "bag") as made:
        make_files(made.path, {"data/letter.txt": b""})
        raise KeyboardInterrupt
    assert names_in(tmp_path) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from archtool.files.writing.staging import stage_beside

with stage_beside(Path(sys.argv[1])) as made:
    (made.path / "half").write_text("half")
    print(made.path.name, flush=True)
    if sys.argv[2] == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    sys.stdin.read()
"""


def run_staging(target: Path, how: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", KILLED, str(target), how]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_leftovers_of_a_killed_run_are_removed_by_the_next_run_for_the_target(tmp_path: Path) -> None:
    with run_staging(tmp_path / "bag", "die") as run:
        run.wait(60)
    assert len(names_in(tmp_path)) == 1
    stage(tmp_path / "another", "new")
    assert len(names_in(tmp_path)) == 2
    stage(tmp_path / "bag", "new")
    assert names_in(tmp_path) == ["another", "bag"]


def test_the_staging_folder_of_a_running_process_is_not_removed(tmp_path: Path) -> None:
    with run_staging(tmp_path / "bag", "wait") as run:
        assert run.stdout is not None
        name = run.stdout.readline().strip()
        stage(tmp_path / "bag", "new")
        left = names_in(tmp_path)
        run.communicate("go on", timeout=60)
    assert left == sorted([name, "bag"])
    assert names_in(tmp_path) == ["bag"]


def test_of_two_runs_for_one_target_one_succeeds_and_the_other_reports_it(tmp_path: Path) -> None:
    with stage_beside(tmp_path / "bag") as first, stage_beside(tmp_path / "bag") as second:
        make_files(first.path, {"who": b"first"})
        make_files(second.path, {"who": b"second"})
        second.commit()
        with pytest.raises(StorageError, match="appeared while"):
            first.commit()
    assert names_in(tmp_path) == ["bag"]
    assert (tmp_path / "bag" / "who").read_bytes() == b"second"


def test_a_stage_that_another_run_removes_as_a_leftover_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_mkdir, made = Path.mkdir, []

    def make_and_lose(path: Path) -> None:
        made.append(path)
        really_mkdir(path)
        if len(made) == 1:
            path.rmdir()

    with monkeypatch.context() as patched:
        patched.setattr(Path, "mkdir", make_and_lose)
        with stage_beside(tmp_path / "bag") as stage_made:
            assert stage_made.path == made[1]
            assert stage_made.path.is_dir()


def test_a_stage_that_is_removed_just_after_locking_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_locked, seen = staging.locked, []

    @contextlib.contextmanager
    def lock_and_lose(folder: Path) -> Iterator[None]:
        seen.append(folder)
        with really_locked(folder):
            if len(seen) == 1:
                folder.rmdir()
            yield

    monkeypatch.setattr(staging, "locked", lock_and_lose)
    with stage_beside(tmp_path / "bag") as made:
        assert made.path == seen[-1]
        assert len(seen) == 2


def test_a_disk_without_locks_is_reported_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> NoReturn:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(staging, "locked", refuse)
    with pytest.raises(StorageError, match="No locks available"), stage_beside(tmp_path / "bag"):
        pytest.fail("nothing may be staged")
    assert names_in(tmp_path) == []


def test_packages_are_made_on_a_system_without_folder_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leftovers, "IS_POSIX", False)
    monkeypatch.setattr(tree_operations, "IS_POSIX", False)
    stage(tmp_path / "bag", "new", sync=True)
    assert names_in(tmp_path) == ["bag"]


def test_a_missing_parent_folder_has_a_hint_how_to_make_it(tmp_path: Path) -> None:
    with (
        pytest.raises(StorageError, match="does not exist") as refused,
        stage_beside(tmp_path / "no" / "bag"),
    ):
        pytest.fail("nothing may be staged")
    assert "mkdir -p" in str(refused.value.hint)


def test_a_read_only_parent_folder_is_reported() -> None:
    with (
        public_folder() as root,
        as_nobody(),
        pytest.raises(StorageError, match="Permission denied"),
        stage_beside(root / "bag"),
    ):
        pytest.fail("nothing may be staged")


@WAYS
def test_a_failing_rename_changes_nothing(
    has_renameat2: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(tmp_path / "bag", "old")
    choose_renames(monkeypatch, has_renameat2)
    with stage_beside(tmp_path / "bag") as made:
        made.path.rmdir()
        with pytest.raises(StorageError, match="cannot write"):
            made.commit(replacing=Replacement(), sync=False)
    assert names_in(tmp_path) == ["bag"]
    assert (tmp_path / "bag" / "data" / "letter.txt").read_text() == "old"


def test_a_package_set_aside_by_a_killed_exchange_is_put_back(tmp_path: Path) -> None:
    stage(tmp_path / "bag", "old")
    with stage_beside(tmp_path / "bag") as made:
        aside = made.path.with_name(made.path.name + atomic_rename.OLD_SUFFIX)
    (tmp_path / "bag").rename(aside)
    with stage_beside(tmp_path / "bag"):
        assert (tmp_path / "bag" / "data" / "letter.txt").read_text() == "old"
    assert names_in(tmp_path) == ["bag"]


def test_an_exchange_that_a_file_system_does_not_support_is_done_in_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        atomic_rename.ctypes.set_errno(errno.EINVAL)
        return -1

    make_files(tmp_path, {"new/a": b"new", "old/a": b"old"})
    monkeypatch.setattr(atomic_rename, "_renameat2", lambda: refuse)
    atomic_rename.exchange(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old" / "a").read_bytes() == b"new"
    assert (tmp_path / "new" / "a").read_bytes() == b"old"


def test_a_system_that_is_not_linux_has_no_such_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_rename.sys, "platform", "darwin")
    assert atomic_rename._renameat2.__wrapped__() is None


def test_an_old_linux_library_has_no_such_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_rename.ctypes, "CDLL", lambda *_, **__: object())
    assert atomic_rename._renameat2.__wrapped__() is None


def test_a_name_of_255_bytes_can_be_staged(tmp_path: Path) -> None:
    stage(tmp_path / ("n" * 255), "new")
    assert names_in(tmp_path) == ["n" * 255]


def test_a_package_of_a_thousand_nested_folders_is_placed_replaced_and_removed(tmp_path: Path) -> None:
    with stage_beside(tmp_path / "bag") as made:
        with deep_folder(made.path, 1000):
            made.commit(sync=True)
            names = names_in(tmp_path)
        assert names == ["bag"]
    assert names_in(tmp_path / "bag") == ["d"]
    stage(tmp_path / "bag", "new", replace=True)
    assert names_in(tmp_path) == ["bag"]
    assert names_in(tmp_path / "bag") == ["data"]


def test_removing_a_folder_removes_links_and_not_their_targets(tmp_path: Path) -> None:
    make_files(tmp_path, {"kept/letter.txt": b"kept"})
    with stage_beside(tmp_path / "bag") as made:
        (made.path / "link").symlink_to(tmp_path / "kept")
    assert names_in(tmp_path) == ["kept"]
    assert (tmp_path / "kept" / "letter.txt").read_bytes() == b"kept"


def test_what_cannot_be_removed_is_left_and_hides_no_other_error() -> None:
    with public_folder() as root:
        make_files(root, {"a/shut/letter.txt": b"", "a/letter.txt": b""})
        with as_nobody():
            tree_operations.remove_folder(root / "a")
            tree_operations.remove_folder(root / "nowhere")
        assert names_in(root / "a") == ["letter.txt", "shut"]
