"""`archtool repair`: hostile copies and odd packages lead to nothing outside, and nothing is lost."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from archives import regular, special, tar_of
from packages import tree_bytes
from repairs import LETTER, flip, make_copies, repair, replaced_folders


def test_a_link_in_a_copy_is_not_followed(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    secret = tmp_path / "secret"
    shutil.copy(copy / LETTER, secret)
    (copy / LETTER).unlink()
    (copy / LETTER).symlink_to(secret)
    flip(package)
    done = repair(package, copy, options=("--apply", "--json"))
    assert done.code == 1
    assert done.objects[0]["facts"]["files"][0]["copies"] == {"1": "damaged"}


def test_a_linked_folder_in_a_copy_is_not_followed(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    (copy / "data").rename(tmp_path / "elsewhere")
    (copy / "data").symlink_to(tmp_path / "elsewhere")
    flip(package)
    assert repair(package, copy, options=("--apply",)).code == 1


def test_nothing_is_written_through_a_linked_folder_of_the_package(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    (package / "data").rename(elsewhere)
    (package / "data").symlink_to(elsewhere)
    (elsewhere / "letter.txt").write_text("somebody's file")
    for options in ((), ("--apply",)):
        done = repair(package, copy, options=options)
        assert done.code == 1
        assert "repair.by-hand" in done.err
        assert "data is a symbolic link, not a folder; remove it by hand" in done.said()
        assert "can be restored from copy" not in done.out
    assert (elsewhere / "letter.txt").read_text() == "somebody's file"
    assert replaced_folders(package) == []


@pytest.mark.parametrize("kind", ["link", "fifo", "folder"])
def test_what_is_in_the_place_of_a_file_is_moved_away_and_kept(tmp_path: Path, kind: str) -> None:
    package, copy = make_copies(tmp_path)
    letter = package / LETTER
    letter.unlink()
    if kind == "link":
        letter.symlink_to("/etc/hostname")
    elif kind == "fifo":
        os.mkfifo(letter)
    else:
        (letter / "in it").mkdir(parents=True)
    done = repair(package, copy, options=("--apply",))
    assert done.code == 0, done.said()
    (kept,) = replaced_folders(package)
    assert os.path.lexists(kept / "files" / LETTER)
    assert (package / LETTER).read_bytes() == (copy / LETTER).read_bytes()


def test_hostile_names_in_an_archive_reach_no_disk(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    members = [(f"b/{path}", data) for path, data in tree_bytes(copy).items()]
    hostile = [("../outside.txt", b"x"), ("/outside.txt", b"x"), ("b/data/../../up.txt", b"x")]
    archive = tar_of(tmp_path / "copy.tar", *members, *hostile, special("b/data/l", b"2", "/etc/passwd"))
    flip(package)
    before = {path.name for path in tmp_path.iterdir()}
    done = repair(package, archive, options=("--apply",))
    assert done.code in (0, 1)
    assert {path.name for path in tmp_path.iterdir()} - before <= {p.name for p in replaced_folders(package)}
    assert done.code or (package / LETTER).read_bytes() == (copy / LETTER).read_bytes()


def test_an_archive_with_two_members_of_one_name_gives_only_bytes_that_the_manifest_lists(
    tmp_path: Path,
) -> None:
    package, copy = make_copies(tmp_path)
    files = tree_bytes(copy)
    members = [regular(f"b/{path}", data) for path, data in files.items()]
    archive = tmp_path / "copy.tar"
    tar_of(archive, *((member.name, data.getvalue()) for member, data in members), (f"b/{LETTER}", b"other"))
    good = files[LETTER]
    flip(package)
    done = repair(package, archive, options=("--apply",))
    assert done.code in (0, 1)
    assert (package / LETTER).read_bytes() in ((good,) if done.code == 0 else (good, _flipped(good)))


def _flipped(data: bytes) -> bytes:
    changed = bytearray(data)
    changed[3] ^= 1
    return bytes(changed)


def test_a_manifest_of_the_package_that_names_paths_outside_writes_nothing_there(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path, signed=False)
    for place in (package, copy):
        for name in ("manifest-sha512.txt", "tagmanifest-sha512.txt"):
            with (place / name).open("a") as file:
                file.write(f"{'0' * 128}  data/../../outside.txt\n{'0' * 128}  /outside.txt\n")
    (tmp_path / "outside.txt").write_text("mine")
    flip(package)
    assert repair(package, copy, options=("--apply",)).code in (0, 1)
    assert (tmp_path / "outside.txt").read_text() == "mine"
