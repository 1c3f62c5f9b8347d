"""Folders that ignore the case of names (exFAT, macOS): the names that they list are compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.files.tree import FolderNames, Tree
from unit.bagit.bag_builders import bag_files, look, manifest, write_bag

LETTER = b"To the sections.\n"


def make_caseless(monkeypatch: pytest.MonkeyPatch, *hidden: str) -> None:
    """Hide these names from listings of folders; their files can still be opened under them."""
    list_names, at_root = Tree.list_names, Tree._list

    def names(tree: Tree, folder: str) -> FolderNames:
        found = list_names(tree, folder)
        return found._replace(files=[name for name in found.files if f"{folder}/{name}" not in hidden])

    monkeypatch.setattr(Tree, "list_names", names)
    monkeypatch.setattr(
        Tree, "_list", lambda tree, folder: [f for f in at_root(tree, folder) if f.path not in hidden]
    )


def codes(bag: Path) -> list[str]:
    return sorted(finding.code for finding in look(bag).findings)


def test_an_unlisted_file_is_found_where_another_is_listed_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"data/A.txt": LETTER, "data/a.txt": LETTER}
    bag = write_bag(tmp_path / "bag", {"bagit.txt": bag_files()["bagit.txt"], **files})
    (bag / "data" / "evil.txt").write_bytes(b"never listed by anybody")
    (bag / "manifest-sha512.txt").write_bytes(manifest(files))
    make_caseless(monkeypatch, "data/a.txt")
    assert look(bag).verdict["bag"] == "invalid"
    assert "complete.file-unlisted" in codes(bag)


def test_a_file_with_a_name_in_another_case_is_not_the_listed_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"data/letter.txt": LETTER}
    bag = write_bag(tmp_path / "bag", {"bagit.txt": bag_files()["bagit.txt"], **files})
    (bag / "data" / "LETTER.TXT").write_bytes(LETTER)
    (bag / "manifest-sha512.txt").write_bytes(manifest(files))
    make_caseless(monkeypatch, "data/letter.txt")
    assert look(bag).verdict["bag"] != "valid"
    assert "complete.file-renamed" in codes(bag)


@pytest.mark.parametrize("names", [("b.txt", "a.txt"), ("é.txt", "sub/x y.txt", "sub/deep/ü")])
def test_plain_bags_are_valid_in_any_order_of_names(names: tuple[str, ...], tmp_path: Path) -> None:
    files = {f"data/{name}": LETTER + name.encode() for name in names}
    bag = write_bag(tmp_path / "bag", {"bagit.txt": bag_files()["bagit.txt"], **files})
    (bag / "manifest-sha512.txt").write_bytes(manifest(files))
    assert codes(bag) == []
