"""A repair that is killed, or that cannot write, loses neither the damaged file nor the good one."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from archtool.files.lock import wait_for_lock
from command_line import ARCHTOOL, archtool, assert_loc_agrees, unmeasured
from faults.test_killed_attests import killed_at, kills_of
from faults.test_killed_runs import limited_to
from packages import left_behind, tree_bytes
from repairs import LETTER, flip, make_copies, repair, replaced_folders
from unit.files.folders import as_nobody, give_to_nobody, public_folder


def test_a_repair_killed_at_any_change_of_the_disk_leaves_old_or_new_files_and_is_finished(
    tmp_path: Path,
) -> None:
    good, copy = make_copies(tmp_path)
    flip(good)
    flip(good, "bag-info.txt")
    damaged = {path: tree_bytes(good)[path] for path in (LETTER, "bag-info.txt")}
    (tmp_path / "work").mkdir()
    package = tmp_path / "work" / "package"
    repairing = ["repair", package, "--from", copy, "--apply", "--jobs", "1"]
    shutil.copytree(good, package)
    kills = kills_of(*repairing)
    codes = []
    for count in kills:
        shutil.rmtree(tmp_path / "work")
        shutil.copytree(good, package)
        codes.append(killed_at(count, *repairing))
        for path, old in damaged.items():
            assert (package / path).read_bytes() in (old, (copy / path).read_bytes())
            kept = [folder / "files" / path for folder in replaced_folders(package)]
            assert old in [p.read_bytes() for p in (package / path, *kept) if p.exists()]
        assert archtool(*repairing).code == 0
        assert tree_bytes(package) == tree_bytes(copy)
        assert left_behind(tmp_path / "work") == []
        assert_loc_agrees(package)
    assert codes == [-signal.SIGKILL] * (len(kills) - 1) + [0]


def test_a_disk_that_is_full_changes_nothing(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    flip(package, "metadata/premis.xml")
    before = tree_bytes(tmp_path)
    size_bytes = (copy / "metadata" / "premis.xml").stat().st_size
    done = subprocess.run(
        [*ARCHTOOL, "repair", str(package), "--from", str(copy), "--apply"],
        preexec_fn=lambda: limited_to(size_bytes // 2),
        env=unmeasured(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 5, done.stderr
    assert "cannot write" in done.stderr
    assert "nothing was changed" in done.stderr
    assert tree_bytes(tmp_path) == before
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("what", ["package", "parent"])
def test_a_package_that_cannot_be_changed_is_left_alone(what: str) -> None:
    with public_folder() as folder:
        place = folder / "place"
        place.mkdir()
        package, copy = make_copies(place)
        flip(package)
        give_to_nobody(*place.rglob("*"), place)
        locked = package if what == "package" else place
        locked.chmod(0o555)
        before = tree_bytes(place)
        with as_nobody():
            done = repair(package, copy, options=("--apply",))
        locked.chmod(0o755)
        assert done.code == 5, done.said()
        assert "correct" in done.said()
        assert "nothing was changed" in done.said()
        assert tree_bytes(place) == before
        assert left_behind(place) == []


def test_a_folder_of_the_package_that_cannot_be_changed_is_named_and_the_rest_is_restored() -> None:
    with public_folder() as folder:
        package, copy = make_copies(folder)
        flip(package)
        flip(package, "bag-info.txt")
        give_to_nobody(*folder.rglob("*"), folder)
        (package / "data").chmod(0o555)
        damaged = (package / LETTER).read_bytes()
        with as_nobody():
            done = repair(package, copy, options=("--apply",))
        assert done.code == 5, done.said()
        assert "repair.not-written" in done.err
        assert (package / LETTER).read_bytes() == damaged
        assert (package / "bag-info.txt").read_bytes() == (copy / "bag-info.txt").read_bytes()
        (kept,) = replaced_folders(package)
        assert not (kept / "files" / LETTER).exists()


def test_a_file_without_permission_is_named_and_not_replaced() -> None:
    with public_folder() as folder:
        package, copy = make_copies(folder)
        give_to_nobody(*folder.rglob("*"), folder)
        (package / LETTER).chmod(0)
        with as_nobody():
            done = repair(package, copy, options=("--apply",))
        assert done.code == 5, done.said()
        assert "correct them first" in done.said()
        assert replaced_folders(package) == []


def test_a_package_that_another_run_has_locked_is_left_alone(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    flip(package)
    before = tree_bytes(tmp_path)
    with wait_for_lock(package, 0, print):
        done = repair(package, copy, options=("--apply", "--wait", "0"))
        assert repair(package, copy).code == 1
    assert (done.code, tree_bytes(tmp_path)) == (5, before)
    assert "is locked by another run" in done.err
