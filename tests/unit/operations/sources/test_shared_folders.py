"""Folders that many packages share: which folders are shared, and which files in them are undeclared."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.errors import InputError
from archtool.operations.sources import shared_folders
from archtool.operations.sources.shared_folders import SharedFolders


def write(folder: Path, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("x")


def strays(folders: SharedFolders, base: Path) -> list[str]:
    _, findings = folders.strays("letters.csv")
    return sorted(Path(f.place.file).relative_to(base).as_posix() for f in findings if f.place is not None)


def test_a_folder_is_shared_if_other_packages_have_files_in_it_or_around_it(tmp_path: Path) -> None:
    folders = SharedFolders([tmp_path / "own" / "letters.csv"])
    for name in ("alone", "two", "two", "outer", "outer/inner", "own"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        folders.add(tmp_path / name, [], [])
    shared = {n for n in ("alone", "two", "outer", "outer/inner", "own") if folders.is_shared(tmp_path / n)}
    assert shared == {"two", "outer", "outer/inner", "own"}


def test_two_paths_of_one_folder_count_as_one_folder(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "files")
    folders = SharedFolders([])
    folders.add(tmp_path / "files", [], [])
    folders.add(tmp_path / "link" / ".." / "files", [], [])
    assert folders.is_shared(tmp_path / "link")


def test_a_file_that_one_package_declares_is_not_undeclared_for_another(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "b.txt", "scans/1.tif", "scans/deep/2.tif", "left/x", "left/y", "n-1.bak")
    write(tmp_path, "stray.txt", "sub/c.txt", "sub/notes/x", "out/package/data/a.txt", "letters.csv")
    folders = SharedFolders([tmp_path / "letters.csv", tmp_path / "out"])
    folders.add(tmp_path, ["a.txt", "scans/"], ["left", "*.bak"])
    folders.add(tmp_path, ["b.txt"], [])
    folders.add(tmp_path / "sub", ["c.txt"], ["notes/*"])
    assert strays(folders, tmp_path) == ["stray.txt"]


def test_a_pattern_is_relative_to_the_folder_of_its_package(tmp_path: Path) -> None:
    write(tmp_path, "x.bak", "sub/x.bak")
    folders = SharedFolders([])
    folders.add(tmp_path, [], [])
    folders.add(tmp_path / "sub", [], ["*.bak"])
    assert strays(folders, tmp_path) == ["x.bak"]


def test_the_files_of_descriptions_in_a_shared_folder_are_not_undeclared(tmp_path: Path) -> None:
    write(tmp_path, "letter.txt", "other.txt")
    (tmp_path / "x.description.yaml").write_text("archtool: 1\ntranscription: letter.txt\n")
    folders = SharedFolders([])
    folders.add(tmp_path, [], [])
    folders.add(tmp_path, [], [])
    assert strays(folders, tmp_path) == ["other.txt"]


def test_all_undeclared_files_are_counted_and_the_first_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_folders, "MAX_NAMED", 2)
    write(tmp_path, *(f"{number}.txt" for number in range(5)), ".DS_Store")
    folders = SharedFolders([])
    for _ in range(2):
        folders.add(tmp_path, [], [])
    count, findings = folders.strays("letters.csv")
    assert (count, len(findings)) == (5, 2)


def test_patterns_and_files_have_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = SharedFolders([])
    monkeypatch.setattr(shared_folders, "MAX_PATTERNS", 2)
    folders.add(tmp_path, [], ["*.a", "*.b", "named"])
    with pytest.raises(InputError, match="more than 2 patterns of `left-out`"):
        folders.add(tmp_path, [], ["*.c"])
    write(tmp_path, "1", "2", "3")
    monkeypatch.setattr(shared_folders, "MAX_SOURCE_FILES", 2)
    with pytest.raises(InputError, match="contains more than 2 files"):
        folders.strays("letters.csv")


def test_a_missing_shared_folder_is_left_to_its_packages(tmp_path: Path) -> None:
    folders = SharedFolders([])
    for _ in range(2):
        folders.add(tmp_path / "none", ["a.txt"], [])
    assert folders.strays("letters.csv") == (0, ())
