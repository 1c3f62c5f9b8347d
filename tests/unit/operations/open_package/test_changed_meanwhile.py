"""A bag that was written to while it was verified is reported, whatever it is stored on."""

from __future__ import annotations

from pathlib import Path

import pytest

from archives import serialise
from archtool.archives.archive import Archive
from archtool.files.tree import Tree
from archtool.operations.open_package import changed_meanwhile
from archtool.operations.open_package.changed_meanwhile import check_unchanged
from archtool.operations.open_package.opening import open_bag
from unit.bagit.bag_builders import bag_files, write_bag


def test_files_without_lasting_numbers_are_compared_by_their_sizes_and_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changed_meanwhile, "has_stable_inodes", lambda _: False)  # as on exFAT
    bag = write_bag(tmp_path / "bag", bag_files())
    with Tree(bag) as tree:
        found = [item._replace(inode=item.inode + 1) for item in tree.walk()]
        assert check_unchanged(tree, found) == ()
        (bag / "bag-info.txt").write_text("Title: A\n")
        messages = [finding.message for finding in check_unchanged(tree, found)]
    assert messages == ["bag-info.txt appeared while the bag was verified"]


@pytest.mark.parametrize("is_gone", [False, True])
def test_an_archive_that_was_replaced_is_reported_by_its_name(tmp_path: Path, is_gone: bool) -> None:
    archive = serialise(bag_files(), tmp_path / "bag.tar")
    with open_bag(archive) as source:
        inner = getattr(source, "inner", source)
        while not isinstance(inner, Archive):
            inner = inner.inner
        assert check_unchanged(inner, ()) == ()
        data = archive.read_bytes()
        archive.unlink()
        if not is_gone:
            archive.write_bytes(data)
        (finding,) = check_unchanged(inner, ())
    assert finding.message == "bag.tar was written to or replaced while it was verified"
