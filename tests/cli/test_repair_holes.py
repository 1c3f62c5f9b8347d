"""`archtool repair`: payload files that fetch.txt lists are holes of the package, not damage."""

from __future__ import annotations

from pathlib import Path

import pytest

from packages import retag, tree_bytes
from register_commands import make_bag
from repairs import LETTER, flip, repair


def bag_with_hole(path: Path) -> Path:
    """Write a bag whose letter is still to be fetched."""
    bag = make_bag(path)
    (bag / "fetch.txt").write_text(f"https://example.org/letter.txt - {LETTER}\n")
    retag(bag)
    (bag / LETTER).unlink()
    return bag


@pytest.mark.parametrize("options", [(), ("--apply",)], ids=["show", "apply"])
def test_a_hole_that_no_copy_fills_is_to_be_fetched(tmp_path: Path, options: tuple[str, ...]) -> None:
    bag, copy = bag_with_hole(tmp_path / "bag"), bag_with_hole(tmp_path / "copy")
    seen = repair(bag, copy, options=options)
    assert seen.code == 1
    assert f"archtool fetch {bag}" in seen.out
    assert "fetch.txt lists it" in seen.said()
    assert "cannot be restored" not in seen.said()
    (object_,) = repair(bag, copy, options=("--json",)).objects
    assert [finding["code"] for finding in object_["findings"]] == ["repair.to-fetch"]
    (file,) = object_["facts"]["files"]
    assert (file["state"], file["copies"]) == ("to fetch", {"1": "to fetch"})


def test_a_copy_that_has_the_file_fills_the_hole(tmp_path: Path) -> None:
    bag, copy = bag_with_hole(tmp_path / "bag"), bag_with_hole(tmp_path / "copy")
    (copy / LETTER).write_bytes(b"Dear friend\n")
    done = repair(bag, copy, options=("--apply",))
    assert done.code == 0, done.said()
    assert tree_bytes(bag) == tree_bytes(copy)


def test_a_damaged_file_that_fetch_txt_lists_is_damaged(tmp_path: Path) -> None:
    bag, copy = bag_with_hole(tmp_path / "bag"), bag_with_hole(tmp_path / "copy")
    for place in (bag, copy):
        (place / LETTER).write_bytes(b"Dear friend\n")
    flip(bag)
    (object_,) = repair(bag, copy, options=("--json",)).objects
    assert object_["facts"]["files"][0]["state"] == "damaged"
