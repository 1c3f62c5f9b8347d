"""`archtool repair HOLDING --apply`: many files and long names, of which the register has as many as fit."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.operations.repair import result
from command_line import Run, archtool
from repairs import events_of, register_copies, states_of

if TYPE_CHECKING:
    import pytest

NAME = "maps"
LONG_NAME = "/".join(["\x01" * 240] * 15)  # as long as Linux allows; JSON needs six bytes for each character


def make_bag(folder: Path, names: list[str]) -> Path:
    lines = []
    for number, name in enumerate(names):
        path = folder / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{number}\n")
        lines.append(f"{hashlib.sha512(path.read_bytes()).hexdigest()}  data/{name}\n")
    (folder / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    (folder / "manifest-sha512.txt").write_text("".join(lines))
    return folder


def registered(folder: Path, names: list[str]) -> tuple[Path, Path, Path]:
    """Return a register, and the two copies of a holding with these files."""
    bag = make_bag(folder / "bag", names)
    copy = shutil.copytree(bag, folder / "copy")
    return register_copies(folder, NAME, [str(bag), str(copy)], head=False), bag, copy


def repair_bag(register: Path, bag: Path) -> Run:
    return archtool(
        "repair", NAME, "--copy", bag, "--apply", "--register", register, "--agent", "Jane Doe", "--json"
    )


def test_a_restored_file_behind_more_lost_files_than_are_listed_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result, "MAX_LISTED", 3)
    register, bag, copy = registered(tmp_path, [f"map-{number}" for number in range(9)])
    shutil.rmtree(bag / "data")
    for number in range(8):
        (copy / "data" / f"map-{number}").unlink()
    done = repair_bag(register, bag)
    assert done.code == 1
    facts = done.objects[0]["facts"]
    assert [(file["path"], file["restored"]) for file in facts["files"]] == [
        ("data/map-8", True), ("data/map-0", False), ("data/map-1", False),
    ]  # fmt: skip
    assert facts["recorded"] == str(register)
    repaired, checked = events_of(register, NAME)[-2:]
    assert (repaired["event"], repaired["outcome"]) == ("repair", "failure")
    assert repaired["detail"]["file_count"] == 1
    assert [file["file"] for file in repaired["detail"]["files"]] == ["data/map-8"]
    assert (checked["event"], checked["detail"]["state"]) == ("fixity-check", "missing")


def test_a_repair_of_files_with_very_long_names_is_recorded_with_the_first_of_them(tmp_path: Path) -> None:
    register, bag, _ = registered(tmp_path, [f"{LONG_NAME}/{number}" for number in range(120)])
    for path in [path for path in (bag / "data").rglob("*") if path.is_file()]:
        path.write_text("damaged\n")
    done = repair_bag(register, bag)
    assert done.code == 0, done.said()
    repaired, checked = events_of(register, NAME)[-2:]
    assert (repaired["event"], repaired["outcome"]) == ("repair", "success")
    assert repaired["detail"]["file_count"] == 120
    assert 0 < len(repaired["detail"]["files"]) < 100
    assert checked["event"] == "fixity-check"
    assert states_of(register, NAME)[str(bag)] == "ok"


def test_a_repair_in_part_is_recorded_although_the_names_of_the_faults_are_very_long(tmp_path: Path) -> None:
    register, bag, copy = registered(tmp_path, [f"{LONG_NAME}/{number}" for number in range(120)])
    for place in (bag, copy):
        for path in [path for path in (place / "data").rglob("*") if path.is_file()]:
            path.write_text("damaged\n")
    last = f"data/{LONG_NAME}/119"
    (copy / last).write_text("119\n")
    done = repair_bag(register, bag)
    assert done.code == 1, done.said()
    repaired, checked = events_of(register, NAME)[-2:]
    assert (repaired["event"], repaired["detail"]["file_count"]) == ("repair", 1)
    assert checked["detail"]["state"] == "changed"
    assert checked["detail"]["problem_count"] >= 119
    assert 0 < len(checked["detail"]["problems"]) < 100
    assert done.objects[0]["facts"]["recorded"] == str(register)


def test_a_bag_that_is_gone_is_not_made_again_without_its_declaration(tmp_path: Path) -> None:
    register, bag, copy = registered(tmp_path, ["map-1", "map-2"])
    shutil.rmtree(bag)
    (copy / "bagit.txt").unlink()
    planned = archtool("repair", NAME, "--copy", bag, "--register", register, "--json")
    assert (planned.code, planned.objects[0]["verdict"]["repair"]) == (1, "not-possible")
    done = repair_bag(register, bag)
    assert (done.code, done.objects[0]["verdict"]["repair"]) == (1, "not-possible")
    assert "repair.by-hand" in done.codes
    assert not bag.exists()
    assert len(events_of(register, NAME)) == 2


def test_a_bag_that_is_gone_is_not_made_again_from_a_damaged_copy(tmp_path: Path) -> None:
    register, bag, copy = registered(tmp_path, ["map-1", "map-2"])
    shutil.rmtree(bag)
    (copy / "data" / "map-1").write_text("damaged")
    done = repair_bag(register, bag)
    assert (done.code, done.objects[0]["verdict"]["repair"]) == (1, "not-possible")
    assert not bag.exists()
    assert len(events_of(register, NAME)) == 2
