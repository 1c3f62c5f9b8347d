"""A repair that is killed, or that cannot write, loses neither the damaged file nor the good one."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from archives import serialise
from archtool.files.lock import wait_for_lock
from command_line import ARCHTOOL, archtool, assert_loc_agrees, unmeasured
from faults.test_killed_attests import killed_at, kills_of
from faults.test_killed_runs import limited_to
from packages import ARCHIVIST, left_behind, retag, tree_bytes, write_allowed_signers
from register_commands import init_register, make_bag
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


def test_a_repair_of_an_archive_killed_at_any_change_of_the_disk_is_finished(tmp_path: Path) -> None:
    package, _ = make_copies(tmp_path)
    copy = serialise(tree_bytes(package), tmp_path / "copy.tar")
    data = bytearray(copy.read_bytes())
    data[data.find((package / LETTER).read_bytes())] ^= 1
    work = tmp_path / "work"
    archive = work / "package.tar"
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    repairing = ["repair", archive, "--from", copy, "--apply", "--jobs", "1", "--trust", trust]
    work.mkdir()
    archive.write_bytes(data)
    for count in kills_of(*repairing):
        shutil.rmtree(work)
        work.mkdir()
        archive.write_bytes(data)
        killed_at(count, *repairing)
        kept = [folder / "files" / archive.name for folder in replaced_folders(archive)]
        assert bytes(data) in [path.read_bytes() for path in (archive, *kept) if path.exists()]
        assert archtool(*repairing).code == 0
        assert archive.read_bytes() == copy.read_bytes()
        assert left_behind(work) == []


@pytest.mark.parametrize("tagged", [True, False], ids=["with-tag-manifest", "without"])
def test_a_whole_package_whose_replacement_was_killed_is_there_after_the_second_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, tagged: bool
) -> None:
    work, other = tmp_path / "work", make_bag(tmp_path / "other", "other", b"Another letter\n")
    bag, copy = work / "bag", make_bag(tmp_path / "copy", "letters-1")
    for made in (other, copy):
        if tagged:
            retag(made)
    register = init_register(tmp_path, monkeypatch)
    shutil.copytree(copy, bag)
    assert archtool("holdings", "add", copy, "--name", "letters-1").code == 0
    assert archtool("holdings", "copies", "letters-1", "--add", bag).code == 0
    before = register.read_bytes()
    repairing = ["repair", "letters-1", "--copy", bag, "--apply", "--jobs", "1"]

    def set_up() -> None:
        shutil.rmtree(work)
        shutil.copytree(other, bag)
        for suffix in ("-wal", "-shm"):
            register.with_name(register.name + suffix).unlink(missing_ok=True)
        register.write_bytes(before)

    set_up()
    codes = []
    for count in kills_of(*repairing):
        set_up()
        codes.append(killed_at(count, *repairing))
        kept = [folder / "files" for folder in replaced_folders(bag)]
        assert tree_bytes(other) in [tree_bytes(path) for path in (bag, *kept) if path.exists()]
        assert archtool(*repairing).code == 0
        assert tree_bytes(bag) == tree_bytes(copy)
        assert left_behind(work) == []
    assert codes[0] == -signal.SIGKILL


def test_two_repairs_of_an_archive_on_one_day_keep_both_damaged_archives(tmp_path: Path) -> None:
    package, _ = make_copies(tmp_path)
    archive, copy = (serialise(tree_bytes(package), tmp_path / f"{name}.tar") for name in ("one", "other"))
    at = copy.read_bytes().find((package / LETTER).read_bytes())
    damaged = []
    for bit in (1, 2):
        data = bytearray(copy.read_bytes())
        data[at] ^= bit
        archive.write_bytes(data)
        damaged.append(bytes(data))
        assert repair(archive, copy, options=("--apply",)).code == 0
    kept = [(folder / "files" / archive.name).read_bytes() for folder in replaced_folders(archive)]
    assert kept == damaged


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


def test_a_file_that_no_place_can_read_needs_other_permissions_and_not_a_further_copy() -> None:
    with public_folder() as folder:
        package, copy = make_copies(folder)
        flip(package)
        give_to_nobody(*folder.rglob("*"), folder)
        (copy / LETTER).chmod(0)
        with as_nobody():
            seen = repair(package, copy)
        text = " ".join(seen.out.split())
        assert seen.code == 1, seen.said()
        assert f"correct the permissions of {copy}" in text
        assert "name a further copy" not in text


def test_a_package_that_another_run_has_locked_is_left_alone(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    flip(package)
    before = tree_bytes(tmp_path)
    with wait_for_lock(package, 0, print):
        done = repair(package, copy, options=("--apply", "--wait", "0"))
        assert repair(package, copy).code == 1
    assert (done.code, tree_bytes(tmp_path)) == (5, before)
    assert "is locked by another run" in done.err
