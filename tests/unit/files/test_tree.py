from __future__ import annotations

import errno
import os
import resource
import stat
from pathlib import Path

import pytest

from archtool.files import tree as tree_module
from archtool.files.limits import MAX_HANDLES
from archtool.files.small_files import read_file
from archtool.files.tree import FileKind, FoundFile, NotAFileError, Tree
from unit.files.folders import (
    as_nobody,
    deep_folder,
    make_files,
    make_socket,
    open_handles,
    public_folder,
)

WAYS = pytest.mark.parametrize("has_handles", [True, False], ids=["by handles", "by looking"])


def open_tree(root: Path, monkeypatch: pytest.MonkeyPatch, has_handles: bool) -> Tree:
    """Open a tree on a system with or without folder handles."""
    monkeypatch.setattr(tree_module, "HAS_HANDLES", has_handles)
    return Tree(root)


def make_special_files(root: Path) -> dict[str, FileKind]:
    """Make one special file of each kind; return their kinds by name."""
    os.mkfifo(root / "fifo")
    make_socket(root / "socket")
    (root / "link").symlink_to("letter.txt")
    (root / "dangling").symlink_to("nowhere")
    (root / "loop").symlink_to("loop")
    (root / "folder").mkdir()
    (root / "linked-folder").symlink_to("folder")
    return {
        "fifo": FileKind.FIFO,
        "socket": FileKind.SOCKET,
        "link": FileKind.LINK,
        "dangling": FileKind.LINK,
        "loop": FileKind.LINK,
        "folder": FileKind.FOLDER,
        "linked-folder": FileKind.LINK,
    }


@WAYS
def test_a_walk_names_every_file_in_the_order_of_names(
    has_handles: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(tmp_path, {"b": b"12", "a/z": b"", "a/y/x": b"1", "c/d": b""})
    with open_tree(tmp_path, monkeypatch, has_handles) as tree:
        found = list(tree.walk())
        below = [f.path for f in tree.walk("a")]
    assert [(f.path, f.size_bytes) for f in found] == [("b", 2), ("a/z", 0), ("a/y/x", 1), ("c/d", 0)]
    assert below == ["a/z", "a/y/x"]


@WAYS
def test_a_walk_reports_special_files_and_follows_no_link(
    has_handles: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(tmp_path, {"letter.txt": b"letter"})
    odd = make_special_files(tmp_path)
    with open_tree(tmp_path, monkeypatch, has_handles) as tree:
        found = {f.path: f.kind for f in tree.walk()}
    assert found == odd | {"letter.txt": FileKind.FILE}


@WAYS
def test_only_regular_files_are_opened_and_nothing_hangs(
    has_handles: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(tmp_path, {"letter.txt": b"letter"})
    odd = make_special_files(tmp_path)
    with open_tree(tmp_path, monkeypatch, has_handles) as tree:
        assert tree.read_bytes("letter.txt", 6) == b"letter"
        for name, kind in odd.items():
            with pytest.raises(NotAFileError, match=kind.value) as refused:
                tree.open_file(name)
            assert refused.value.kind is kind


def test_a_device_is_a_device() -> None:
    assert FileKind.of_mode(stat.S_IFCHR) is FileKind.DEVICE
    assert FileKind.of_mode(stat.S_IFBLK) is FileKind.DEVICE
    with Tree(Path("/dev")) as tree, pytest.raises(NotAFileError, match="device"):
        tree.open_file("null")


@WAYS
def test_a_link_in_the_middle_of_a_path_is_not_followed(
    has_handles: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(tmp_path / "outside", {"secret": b"secret"})
    make_files(tmp_path / "bag", {"a/file": b""})
    (tmp_path / "bag" / "way").symlink_to(tmp_path / "outside")
    with open_tree(tmp_path / "bag", monkeypatch, has_handles) as tree:
        for path in ("way/secret", "a/file/below"):
            with pytest.raises(NotAFileError, match="not a folder"):
                tree.open_file(path)
            with pytest.raises(OSError, match="not a folder"):
                tree.stat(path)
        found = list(tree.walk("way"))
        missing = list(tree.walk("nowhere"))
    assert found == [FoundFile("way", FileKind.UNREADABLE, 0, "'way' is a symbolic link, not a folder")]
    assert missing == [FoundFile("nowhere", FileKind.UNREADABLE, 0, "No such file or directory")]


def test_a_file_swapped_for_a_link_after_the_check_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(tmp_path, {"bag/letter.txt": b"", "secret": b"secret"})
    with Tree(tmp_path / "bag") as tree:
        really_open = tree._open

        def swap_and_open(path: str) -> int:
            (tmp_path / "bag" / "letter.txt").unlink()
            (tmp_path / "bag" / "letter.txt").symlink_to("../secret")
            return really_open(path)

        monkeypatch.setattr(Tree, "_open", lambda _, path: swap_and_open(path))
        with pytest.raises(NotAFileError, match="symbolic link"):
            tree.open_file("letter.txt")


def test_a_file_swapped_for_a_fifo_after_the_check_does_not_hang(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(tmp_path, {"letter.txt": b""})
    with Tree(tmp_path) as tree:
        really_open = tree._open

        def swap_and_open(path: str) -> int:
            (tmp_path / "letter.txt").unlink()
            os.mkfifo(tmp_path / "letter.txt")
            return really_open(path)

        monkeypatch.setattr(Tree, "_open", lambda _, path: swap_and_open(path))
        before = open_handles()
        with pytest.raises(NotAFileError, match="FIFO"):
            tree.open_file("letter.txt")
        assert open_handles() == before


def test_a_folder_swapped_for_a_link_between_two_calls_is_not_followed(tmp_path: Path) -> None:
    make_files(tmp_path, {"bag/a/letter.txt": b"1", "bag/b": b"", "outside/letter.txt": b"secret"})
    with Tree(tmp_path / "bag") as tree:
        assert tree.stat("a/letter.txt").st_size == 1
        (tmp_path / "bag" / "a").rename(tmp_path / "bag" / "aside")
        (tmp_path / "bag" / "a").symlink_to("../outside")
        assert tree.stat("b").st_size == 0
        with pytest.raises(NotAFileError, match="not a folder"):
            tree.open_file("a/letter.txt")


@WAYS
def test_a_folder_that_must_not_be_listed_is_reported(
    has_handles: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with public_folder() as root:
        make_files(root, {"open/a": b"", "shut/b": b""})
        (root / "shut").chmod(0)
        with as_nobody(), open_tree(root, monkeypatch, has_handles) as tree:
            found = {f.path: (f.kind, f.problem) for f in tree.walk()}
        (root / "shut").chmod(0o755)
    assert found == {"open/a": (FileKind.FILE, None), "shut": (FileKind.UNREADABLE, "Permission denied")}


@WAYS
def test_a_file_that_must_not_be_read_is_an_error(has_handles: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with public_folder() as root:
        make_files(root, {"letter.txt": b"letter"})
        (root / "letter.txt").chmod(0)
        with as_nobody(), open_tree(root, monkeypatch, has_handles) as tree, pytest.raises(PermissionError):
            tree.open_file("letter.txt")


def test_a_file_larger_than_the_limit_is_not_read_into_memory(tmp_path: Path) -> None:
    make_files(tmp_path, {"bag-info.txt": b"123"})
    with Tree(tmp_path) as tree, pytest.raises(OSError, match="larger than 2 bytes") as refused:
        tree.read_bytes("bag-info.txt", 2)
    assert refused.value.errno == errno.EFBIG


def test_a_file_that_grows_over_the_limit_during_a_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(tmp_path, {"bag-info.txt": b"123"})
    really_look = os.fstat

    def meddle(descriptor: int) -> os.stat_result:
        status = really_look(descriptor)
        (tmp_path / "bag-info.txt").write_bytes(b"1234567")
        return status

    monkeypatch.setattr(tree_module.os, "fstat", meddle)
    with pytest.raises(OSError, match="larger than 5 bytes"):
        read_file(str(tmp_path / "bag-info.txt"), 5)


def test_a_thousand_nested_folders_are_walked_with_few_handles(tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = open_handles() + MAX_HANDLES + 8
    with deep_folder(tmp_path, 1000) as deep, Tree(tmp_path) as tree:
        make_files(tmp_path, {"d/d/d/near": b"n", "d/d/b": b"b"})
        resource.setrlimit(resource.RLIMIT_NOFILE, (few, limits[1]))
        try:
            found = [f.path for f in tree.walk()]
            data = tree.read_bytes(f"{deep}/leaf", 10)
            near = tree.read_bytes("d/d/d/near", 10)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert found == ["d/d/b", "d/d/d/near", f"{deep}/leaf"]
    assert (data, near) == (b"leaf", b"n")


def test_closed_handles_of_a_deep_path_are_opened_again_from_the_root(tmp_path: Path) -> None:
    with deep_folder(tmp_path, 2 * MAX_HANDLES) as deep, Tree(tmp_path) as tree:
        assert tree.stat(f"{deep}/leaf").st_size == 4
        for depth in range(2 * MAX_HANDLES - 1, -1, -1):
            way = "/".join(["d"] * (depth + 1))
            assert tree.stat(way).st_nlink > 1


def test_more_folders_than_any_path_can_name_are_refused_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(tmp_path, {"a/b/c/d": b""})
    monkeypatch.setattr(tree_module, "MAX_DEPTH", 2)
    with Tree(tmp_path) as tree:
        found = list(tree.walk())
    assert found == [FoundFile("a/b/c", FileKind.UNREADABLE, 0, "more than 2 folders deep")]


def test_a_closed_tree_has_no_open_handle(tmp_path: Path) -> None:
    make_files(tmp_path, {"a/b/c": b""})
    before = open_handles()
    tree = Tree(tmp_path)
    list(tree.walk())
    tree.close()
    tree.close()
    assert open_handles() == before


def test_names_that_are_not_utf8_and_names_of_255_bytes_are_read(tmp_path: Path) -> None:
    odd, long = os.fsdecode(b"caf\xe9"), "n" * 255
    make_files(tmp_path, {odd: b"odd", long: b"long"})
    with Tree(tmp_path) as tree:
        assert [f.path for f in tree.walk()] == sorted([odd, long])
        assert (tree.read_bytes(odd, 9), tree.read_bytes(long, 9)) == (b"odd", b"long")


def test_a_name_too_long_for_any_disk_is_a_missing_file(tmp_path: Path) -> None:
    with Tree(tmp_path) as tree, pytest.raises(OSError, match="too long"):
        tree.open_file("n" * 256)


def test_a_file_that_vanishes_while_its_folder_is_listed_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Vanished:
        name = "gone"

        def stat(self, *, follow_symlinks: bool) -> os.stat_result:
            raise FileNotFoundError(follow_symlinks)

    make_files(tmp_path, {"a": b""})
    assert tree_module._found("", Vanished()) is None  # type: ignore[arg-type]
    with Tree(tmp_path) as tree:
        monkeypatch.setattr(tree_module, "_found", lambda *_: None)
        assert list(tree.walk()) == []


def test_without_handles_a_name_that_the_system_reads_as_a_path_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(tmp_path, {"C:\\x": b"", "a:b/c": b""})
    monkeypatch.setattr(tree_module, "_NOT_IN_A_STEP", frozenset("\\:"))
    with open_tree(tmp_path, monkeypatch, has_handles=False) as tree:
        for path in ("C:\\x", "a:b/c"):
            with pytest.raises(OSError, match="not one name"):
                tree.open_file(path)
