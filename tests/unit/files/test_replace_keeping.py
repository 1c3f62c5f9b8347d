"""Replacing a file and keeping the old one: nothing is lost, no link is followed."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from archtool.files.file_kinds import NotAFileError
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.hashing.read_back import read_back
from archtool.files.writing.replace_keeping import replace_keeping


def make_root(folder: Path) -> tuple[Path, Path]:
    """Return a root with one file, `data/letter.txt`, and a finished new file beside it."""
    root, made = folder / "root", folder / "made"
    (root / "data").mkdir(parents=True)
    (root / "data" / "letter.txt").write_text("old")
    made.write_text("new")
    return root, made


def test_the_new_file_is_in_place_and_the_old_one_is_kept(tmp_path: Path) -> None:
    root, made = make_root(tmp_path)
    kept = tmp_path / "kept" / "data" / "letter.txt"
    replace_keeping(made, root, "data/letter.txt", kept)
    assert ((root / "data" / "letter.txt").read_text(), kept.read_text()) == ("new", "old")
    assert not made.exists()


def test_the_new_file_gets_the_permissions_of_the_old_one_and_stays_readable(tmp_path: Path) -> None:
    root, made = make_root(tmp_path)
    (root / "data" / "letter.txt").chmod(0o040)
    replace_keeping(made, root, "data/letter.txt", tmp_path / "kept")
    assert stat.S_IMODE((root / "data" / "letter.txt").stat().st_mode) == 0o440


def test_a_missing_file_is_placed_with_its_folders(tmp_path: Path) -> None:
    root, made = make_root(tmp_path)
    replace_keeping(made, root, "data/a/b.txt", tmp_path / "kept")
    assert (root / "data" / "a" / "b.txt").read_text() == "new"
    assert not (tmp_path / "kept").exists()


def test_what_is_kept_already_is_not_overwritten(tmp_path: Path) -> None:
    root, made = make_root(tmp_path)
    (tmp_path / "kept").write_text("from an earlier repair")
    with pytest.raises(FileExistsError):
        replace_keeping(made, root, "data/letter.txt", tmp_path / "kept")
    assert (tmp_path / "kept").read_text() == "from an earlier repair"
    assert (root / "data" / "letter.txt").read_text() == "old"


def test_a_linked_folder_is_not_entered(tmp_path: Path) -> None:
    root, made = make_root(tmp_path)
    (root / "data").rename(tmp_path / "elsewhere")
    (root / "data").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotAFileError):
        replace_keeping(made, root, "data/letter.txt", tmp_path / "kept")
    assert (tmp_path / "elsewhere" / "letter.txt").read_text() == "old"
    assert made.read_text() == "new"


def test_without_hard_links_the_old_file_is_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    root, made = make_root(tmp_path)
    monkeypatch.setattr(os, "link", no_links)
    replace_keeping(made, root, "data/letter.txt", tmp_path / "kept")
    assert (root / "data" / "letter.txt").read_text() == "new"
    assert (tmp_path / "kept").read_text() == "old"


def test_a_link_in_the_place_of_the_file_is_kept_as_a_link(tmp_path: Path) -> None:
    root, made = make_root(tmp_path)
    (root / "data" / "letter.txt").unlink()
    (root / "data" / "letter.txt").symlink_to("/etc/hostname")
    replace_keeping(made, root, "data/letter.txt", tmp_path / "kept")
    assert (tmp_path / "kept").readlink() == Path("/etc/hostname")
    assert (root / "data" / "letter.txt").read_text() == "new"


def test_a_file_is_read_back_with_all_its_digests(tmp_path: Path) -> None:
    data = bytes(range(256)) * 8192 + b"end"
    (tmp_path / "file").write_bytes(data)
    wanted = (Algorithm.SHA512, Algorithm.MD5)
    assert read_back(tmp_path / "file", wanted) == tuple(digest_bytes(one, data) for one in wanted)
