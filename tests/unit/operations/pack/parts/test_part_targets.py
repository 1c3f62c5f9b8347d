"""The parts of a group are put in place together: all of them, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.errors import StorageError
from archtool.files.writing.leftovers import RECEIPT
from archtool.files.writing.staging import Stage
from archtool.operations.pack.parts.part_targets import place_parts, stage_parts
from packages import tree_bytes

Pairs = list[tuple[Path, Path]]


def make_parts(stage: Stage, *names: str) -> Pairs:
    for name in names:
        (stage.path / name).mkdir()
        (stage.path / name / "bagit.txt").write_text(name)
    return [(stage.path / name, stage.target.with_name(name)) for name in names]


@pytest.mark.parametrize("sync", [True, False])
def test_every_part_gets_its_name_and_nothing_is_left_behind(tmp_path: Path, sync: bool) -> None:
    with stage_parts(tmp_path / "letter", ()) as stage:
        place_parts(stage, make_parts(stage, "letter-1of2", "letter-2of2"), (), sync=sync)
    assert list(tree_bytes(tmp_path)) == ["letter-1of2/bagit.txt", "letter-2of2/bagit.txt"]


def test_a_part_that_appeared_meanwhile_is_kept_and_no_part_is_put_in_place(tmp_path: Path) -> None:
    (tmp_path / "letter-2of2").mkdir()
    (tmp_path / "letter-2of2" / "own.txt").write_text("of another program")
    with stage_parts(tmp_path / "letter", ()) as stage:
        made = make_parts(stage, "letter-1of2", "letter-2of2")
        with pytest.raises(StorageError, match="letter-2of2 appeared while the parts") as refused:
            place_parts(stage, made, (), sync=False)
    assert "choose another target" in (refused.value.hint or "")
    assert list(tree_bytes(tmp_path)) == ["letter-2of2/own.txt"]


def test_parts_are_not_put_in_place_if_the_disk_has_no_room_for_their_list(tmp_path: Path) -> None:
    with stage_parts(tmp_path / "letter", ()) as stage:
        made = make_parts(stage, "letter-1of1")
        (stage.path / RECEIPT).symlink_to("/dev/full")
        with pytest.raises(StorageError, match="letter"):
            place_parts(stage, made, (), sync=False)
    assert list(tree_bytes(tmp_path)) == []
