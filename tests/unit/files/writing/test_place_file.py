"""A finished file is moved into a folder from outside."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from archtool.files import tree
from archtool.files.file_kinds import NotAFileError
from archtool.files.writing import place_file
from archtool.files.writing.place_file import check_free, place_new
from unit.files.folders import open_handles

WAYS = pytest.mark.parametrize("way", ["link", "rename", "looking"])


def choose(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Choose a system: with hard links, on a file system without them, or without folder handles."""
    if way == "looking":
        monkeypatch.setattr(place_file, "HAS_HANDLES", False)
        monkeypatch.setattr(tree, "HAS_HANDLES", False)
    elif way == "rename":
        monkeypatch.setattr(os, "link", refuse_links)


def refuse_links(*_arguments: object, **_options: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "part"
    path.write_bytes(b"letter")
    (tmp_path / "bag").mkdir()
    return path


@WAYS
@pytest.mark.parametrize("path", ["letter", "data/letter", "data/a/b/letter"])
def test_a_file_is_placed_and_missing_folders_are_made(
    way: str, path: str, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(way, monkeypatch)
    root = source.with_name("bag")
    handles = open_handles()
    check_free(root, path)
    place_new(source, root, path)
    assert (root / path).read_bytes() == b"letter"
    assert not source.exists()
    assert open_handles() == handles
    with pytest.raises(FileExistsError):
        check_free(root, path)


@WAYS
@pytest.mark.parametrize("there", ["file", "folder", "link", "broken link"])
def test_an_existing_file_is_never_replaced(
    way: str, there: str, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(way, monkeypatch)
    root = source.with_name("bag")
    target = root / "letter"
    (root / "other").write_bytes(b"other")
    if there == "file":
        target.write_bytes(b"old")
    elif there == "folder":
        target.mkdir()
    else:
        target.symlink_to("other" if there == "link" else "nowhere")
    before = os.lstat(target)
    with pytest.raises(FileExistsError):
        place_new(source, root, "letter")
    assert source.read_bytes() == b"letter"
    assert os.path.samestat(os.lstat(target), before)
    assert (root / "other").read_bytes() == b"other"
    assert not (root / "nowhere").exists()


@WAYS
@pytest.mark.parametrize("step", ["data", "data/a"])
@pytest.mark.parametrize("kind", ["link", "file"])
def test_attack_a_step_that_leads_elsewhere(
    way: str, step: str, kind: str, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(way, monkeypatch)
    root, outside = source.with_name("bag"), source.with_name("outside")
    outside.mkdir()
    (root / step).parent.mkdir(exist_ok=True)
    if kind == "link":
        (root / step).symlink_to(outside)
    else:
        (root / step).write_bytes(b"")
    for act in (lambda: check_free(root, "data/a/letter"), lambda: place_new(source, root, "data/a/letter")):
        with pytest.raises(NotAFileError):
            act()
    assert list(outside.iterdir()) == []
    assert source.exists()


@pytest.mark.parametrize("way", ["link", "rename"])
def test_folders_made_for_a_failed_placement_are_removed(
    way: str, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(way, monkeypatch)
    root = source.with_name("bag")
    with pytest.raises(OSError, match="File name too long"):
        place_new(source, root, "data/a/" + "x" * 300)
    assert list(root.iterdir()) == []
    (root / "data").mkdir()
    with pytest.raises(OSError, match="File name too long"):
        place_new(source, root, "data/a/" + "x" * 300)
    assert [p.name for p in root.rglob("*")] == ["data"]


def test_a_folder_that_another_thread_makes_first_is_used(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = source.with_name("bag")
    real = os.mkdir

    def be_second(name: str, *arguments: object, **options: object) -> None:
        real(name, *arguments, **options)  # type: ignore[arg-type]
        raise FileExistsError(errno.EEXIST, "File exists", name)

    monkeypatch.setattr(os, "mkdir", be_second)
    place_new(source, root, "data/letter")
    assert (root / "data" / "letter").read_bytes() == b"letter"


def test_without_handles_a_link_that_appears_on_the_way_is_refused(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose("looking", monkeypatch)
    root = source.with_name("bag")
    monkeypatch.setattr(place_file, "check_free", lambda _root, _path: (root / "data").symlink_to("/"))
    with pytest.raises(NotAFileError):
        place_new(source, root, "data/letter")
