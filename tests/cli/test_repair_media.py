"""`archtool repair --mount`: copies on connected media are repaired, and are sources of a repair."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from command_line import archtool
from packages import tree_bytes
from register_commands import init_register, make_bag, read_holding
from repairs import LETTER, events_of, flip, replaced_folders

NAME = "letters-1"
ON_TAPE = "TAPE-7:letters/1847"


def copy_on_tape(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path, Path]:
    """Return a register, a registered bag, and the folder of a medium that has a copy of it."""
    register = init_register(folder, monkeypatch)
    bag = make_bag(folder / "shelf" / "bag", NAME)
    tape = folder / "tape"
    shutil.copytree(bag, tape / "letters" / "1847")
    assert archtool("holdings", "add", bag).code == 0
    adding = ("--medium", "TAPE-7", "--path", "letters/1847", "--at", tape)
    added = archtool("holdings", "copies", NAME, *adding)
    assert added.code == 0, added.said()
    return register, bag, tape


def test_a_copy_on_a_connected_medium_is_the_source_of_a_repair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register, bag, tape = copy_on_tape(tmp_path, monkeypatch)
    flip(bag)
    assert archtool("repair", NAME).code == 3
    shown = archtool("repair", NAME, "--copy", bag, "--mount", f"TAPE-7={tape}")
    assert shown.code == 1
    assert f"--mount TAPE-7={tape} --apply" in shown.out
    done = archtool("repair", NAME, "--copy", bag, "--mount", f"TAPE-7={tape}", "--apply")
    assert done.code == 0, done.said()
    assert tree_bytes(bag) == tree_bytes(tape / "letters" / "1847")
    assert events_of(register, NAME)[-2]["detail"]["from"] == [ON_TAPE]


@pytest.mark.parametrize("named", ["place", "path", "holding", "bag"])
def test_a_copy_on_a_connected_medium_is_repaired_under_its_registered_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    register, bag, tape = copy_on_tape(tmp_path, monkeypatch)
    on_tape = tape / "letters" / "1847"
    flip(on_tape)
    words = {
        "place": (NAME, "--copy", ON_TAPE), "path": (NAME, "--copy", on_tape), "holding": (ON_TAPE,),
        "bag": (on_tape, "--from", bag),
    }[named]  # fmt: skip
    done = archtool("repair", *words, "--mount", f"TAPE-7={tape}", "--apply")
    assert done.code == 0, done.said()
    assert tree_bytes(bag) == tree_bytes(on_tape)
    repaired, checked = events_of(register, NAME)[-2:]
    assert (repaired["event"], checked["event"]) == ("repair", "fixity-check")
    assert {event["detail"]["place"] for event in (repaired, checked)} == {ON_TAPE}
    assert {copy.place: copy.state for copy in read_holding(register, NAME)[1]}[ON_TAPE] == "ok"


def test_a_medium_that_is_not_connected_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bag, _ = copy_on_tape(tmp_path, monkeypatch)
    flip(bag)
    for words in ((NAME,), (NAME, "--copy", ON_TAPE), (ON_TAPE,)):
        done = archtool("repair", *words)
        assert (done.code, done.out) == (3, "")
        assert "is on a medium that is not connected" in done.said()
        assert "--mount TAPE-7=DIR" in done.said()


def test_an_empty_folder_is_not_taken_for_the_medium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, tape = copy_on_tape(tmp_path, monkeypatch)
    shutil.rmtree(tape)
    tape.mkdir()
    done = archtool("repair", NAME, "--copy", ON_TAPE, "--mount", f"TAPE-7={tape}", "--apply")
    assert done.code == 3
    assert "as if its disk were not mounted" in done.said()
    assert list(tape.iterdir()) == []


def test_a_copy_is_not_made_again_on_a_shelf_whose_disk_is_not_mounted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bag, tape = copy_on_tape(tmp_path, monkeypatch)
    assert archtool("holdings", "adopt", bag.parent).code == 0
    shutil.rmtree(bag)
    done = archtool("repair", NAME, "--copy", bag, "--mount", f"TAPE-7={tape}", "--apply")
    assert done.code == 3
    assert "cannot be reached" in done.said()
    assert list(bag.parent.iterdir()) == []


def test_the_events_say_which_files_were_restored_and_where_the_old_ones_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bag, tape = copy_on_tape(tmp_path, monkeypatch)
    flip(bag)
    (bag / "bagit.txt").unlink()
    assert archtool("repair", NAME, "--copy", bag, "--mount", f"TAPE-7={tape}", "--apply").code == 0
    told = " ".join(archtool("holdings", "events", NAME).out.split())
    (kept,) = replaced_folders(bag)
    assert f"2 files restored from {ON_TAPE}; {LETTER} (damaged), bagit.txt (missing)" in told
    assert str(kept) in told.replace(" ", "")


def test_after_a_repair_the_other_copies_that_are_not_in_order_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bag, tape = copy_on_tape(tmp_path, monkeypatch)
    mounted = ("--mount", f"TAPE-7={tape}")
    flip(bag)
    flip(tape / "letters" / "1847", "bagit.txt")
    assert archtool("audit", "--all", *mounted).code == 1
    done = archtool("repair", NAME, "--copy", bag, *mounted, "--apply")
    assert done.code == 0, done.said()
    assert f"another copy is not in order: {ON_TAPE} (changed)" in done.said()
    assert f"archtool repair {NAME} --copy PLACE" in done.out
    last = archtool("repair", NAME, *mounted, "--apply")
    assert last.code == 0, last.said()
    assert "not in order" not in last.said()
