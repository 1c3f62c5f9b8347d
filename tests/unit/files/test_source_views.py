"""A view of a folder or an archive returns every file under its name in the view."""

from __future__ import annotations

from pathlib import Path

from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.hash_file import hash_file
from archtool.files.source import FileSource
from archtool.files.source_views import RenamedSource, Subtree
from archtool.files.tree import Tree


def assert_shows(view: FileSource, path: str, data: bytes) -> None:
    assert [found.path for found in view.walk()] == [path]
    assert view.size_of(path) == len(data)
    assert view.read_bytes(path, 100) == data
    assert hash_file(view, path, [Algorithm.SHA512]).size_bytes == len(data)
    assert view.modified_at_ns(path) > 0
    assert view.position(path) >= 0
    assert view.findings == ()


def test_a_renamed_file_is_read_under_its_name_in_the_view(tmp_path: Path) -> None:
    (tmp_path / "stored.txt").write_bytes(b"To all.")
    with Tree(tmp_path) as tree:
        view = RenamedSource(tree, {"shown.txt": "stored.txt"})
        assert_shows(view, "shown.txt", b"To all.")
        with view.reopen() as other:
            assert_shows(other, "shown.txt", b"To all.")


def test_a_subtree_lists_the_payload_without_its_folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "letter.txt").write_bytes(b"To all.")
    with Tree(tmp_path) as tree:
        view = Subtree(tree, "data")
        assert_shows(view, "letter.txt", b"To all.")
        with view.reopen() as other:
            assert_shows(other, "letter.txt", b"To all.")
