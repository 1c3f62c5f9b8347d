"""Moves, copies, withdrawals, custody, new content: each is an event, and none touches a file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from command_line import archtool
from packages import tree_bytes
from register_commands import (
    count_events,
    init_register,
    last_event,
    make_bag,
    places,
    read_holding,
)


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register with one holding, `letters-1`, in `disk-1/letters`."""
    path = init_register(tmp_path, monkeypatch)
    make_bag(tmp_path / "disk-1" / "letters")
    assert archtool("holdings", "adopt", tmp_path / "disk-1", "--custodian", "City Archive").code == 0
    return path


@pytest.fixture
def second(tmp_path: Path, register: Path) -> Path:
    """A second copy on another disk, which is not registered yet."""
    del register
    return Path(shutil.copytree(tmp_path / "disk-1" / "letters", tmp_path / "disk-2" / "letters"))


def test_a_moved_copy_is_registered_at_its_new_place_and_no_file_is_moved(
    register: Path, tmp_path: Path
) -> None:
    new = tmp_path / "elsewhere"
    (tmp_path / "disk-1" / "letters").rename(new)
    before = tree_bytes(tmp_path / "elsewhere")
    run = archtool("holdings", "move", "letters-1", new)
    assert (run.code, "no file was moved" in run.said()) == (0, True), run.err
    assert places(register, "letters-1") == [str(new)]
    assert tree_bytes(tmp_path / "elsewhere") == before


def test_of_several_copies_the_one_that_is_gone_is_the_one_that_was_moved(
    register: Path, tmp_path: Path, second: Path
) -> None:
    assert archtool("holdings", "copies", "letters-1", "--add", second).code == 0
    new = tmp_path / "new place"
    second.rename(new)
    run = archtool("holdings", "move", "letters-1", new)
    assert run.code == 0, run.err
    assert "only one of the copies that is not at its place, so this one was meant" in run.said()
    assert f"from {second} to {new}" in run.said()
    assert places(register, "letters-1") == [str(tmp_path / "disk-1" / "letters"), str(new)]


def test_a_copy_whose_disk_is_not_mounted_is_not_taken_for_a_moved_one(
    register: Path, tmp_path: Path, second: Path
) -> None:
    assert archtool("holdings", "copies", "letters-1", "--add", second).code == 0
    third = Path(shutil.copytree(second, tmp_path / "third"))
    (tmp_path / "disk-1").rename(tmp_path / "unmounted")
    before = count_events(register)
    run = archtool("holdings", "move", "letters-1", third)
    assert (run.code, count_events(register)) == (2, before)
    assert f"--from {tmp_path / 'disk-1' / 'letters'}" in run.said()


def test_if_all_copies_are_there_a_move_asks_which(register: Path, tmp_path: Path, second: Path) -> None:
    assert archtool("holdings", "copies", "letters-1", "--add", second).code == 0
    third = Path(shutil.copytree(second, tmp_path / "third"))
    before = count_events(register)
    run = archtool("holdings", "move", "letters-1", third)
    assert (run.code, count_events(register)) == (2, before)
    assert "say which: --from " in run.said()


def test_a_move_to_another_package_is_refused(register: Path, tmp_path: Path) -> None:
    other = make_bag(tmp_path / "other", "letters-1", b"Other\n")
    run = archtool("holdings", "move", "letters-1", other)
    assert (run.code, "manifest-sha512.txt is different" in run.said()) == (3, True)
    assert places(register, "letters-1") == [str(tmp_path / "disk-1" / "letters")]


def test_a_move_to_nothing_is_refused(register: Path, tmp_path: Path) -> None:
    before = count_events(register)
    assert archtool("holdings", "move", "letters-1", tmp_path / "nothing").code == 3
    assert count_events(register) == before


def test_a_move_says_that_something_is_left_at_the_old_place(tmp_path: Path, second: Path) -> None:
    run = archtool("holdings", "move", "letters-1", second)
    assert f"There is still something at {tmp_path / 'disk-1' / 'letters'}" in run.said()


def test_of_two_copies_that_are_gone_the_moved_one_must_be_named(
    register: Path, tmp_path: Path, second: Path
) -> None:
    assert archtool("holdings", "copies", "letters-1", "--add", second).code == 0
    second.rename(tmp_path / "new")
    (tmp_path / "disk-1" / "letters").rename(tmp_path / "disk-1" / "lost")
    run = archtool("holdings", "move", "letters-1", tmp_path / "new")
    assert (run.code, f"--from {second}" in run.err) == (2, True)
    assert archtool("holdings", "move", "letters-1", tmp_path / "new", "--from", second).code == 0
    assert places(register, "letters-1")[1] == str(tmp_path / "new")


def test_a_further_copy_must_have_the_manifests_of_the_holding(register: Path, tmp_path: Path) -> None:
    other = make_bag(tmp_path / "other", "letters-1", b"Other\n")
    before = count_events(register)
    run = archtool("holdings", "copies", "letters-1", "--add", other)
    assert (run.code, count_events(register)) == (3, before)
    assert "is not a copy of letters-1: manifest-sha512.txt is different" in run.said()


@pytest.mark.usefixtures("register")
def test_a_package_that_names_itself_as_another_holding_is_no_copy(tmp_path: Path) -> None:
    twin = make_bag(tmp_path / "twin", "letters-2")
    assert archtool("holdings", "add", twin).code == 0
    shutil.copytree(twin, tmp_path / "twin-2")
    run = archtool("holdings", "copies", "letters-1", "--add", tmp_path / "twin-2")
    assert (run.code, "names itself letters-2" in run.err) == (3, True)


@pytest.mark.usefixtures("register")
def test_the_same_folder_by_another_path_is_no_further_copy(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "disk-1")
    run = archtool("holdings", "copies", "letters-1", "--add", tmp_path / "link" / "letters")
    assert (run.code, "by another path" in run.err) == (3, True)


def test_a_copy_on_a_connected_medium_is_compared(register: Path, tmp_path: Path, second: Path) -> None:
    medium = ("--medium", "DISK-7", "--path", "letters", "--at", tmp_path / "disk-2")
    run = archtool("holdings", "copies", "letters-1", *medium)
    assert (run.code, "It has the registered manifests" in run.said()) == (0, True), run.err
    assert places(register, "letters-1")[1] == "DISK-7:letters"
    shutil.rmtree(second)
    make_bag(second, "letters-1", b"Other\n")
    others = ("--medium", "DISK-8", "--path", "letters", "--at", tmp_path / "disk-2")
    assert archtool("holdings", "copies", "letters-1", *others).code == 3


def test_a_copy_on_a_medium_that_is_not_connected_is_said_not_to_be_compared(register: Path) -> None:
    run = archtool("holdings", "copies", "letters-1", "--medium", "LTO-17", "--path", "/backup/letters")
    assert (run.code, "It was not compared" in run.said()) == (0, True)
    assert last_event(register)[2] == {
        "place": "LTO-17:backup/letters", "place_kind": "medium", "compared": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [
        ("--medium", "A:B", "--path", "x"), ("--medium", "", "--path", "x"),
        ("--medium", "A", "--path", "../x"), ("--medium", "A", "--path", "/"),
    ],
)  # fmt: skip
def test_a_label_or_path_that_cannot_name_a_place_on_a_medium_is_refused(
    register: Path, options: tuple[str, ...]
) -> None:
    assert archtool("holdings", "copies", "letters-1", *options).code == 3
    assert len(places(register, "letters-1")) == 1


def test_a_removed_copy_is_recorded_with_its_reason_and_stays_on_the_disk(
    register: Path, second: Path
) -> None:
    archtool("holdings", "copies", "letters-1", "--add", second)
    run = archtool("holdings", "copies", "letters-1", "--remove", second, "--reason", "disk sold")
    assert (run.code, "Nothing on the disk was deleted" in run.said()) == (0, True)
    assert last_event(register) == (
        "copy-removed",
        "letters-1",
        {"place": str(second), "reason": "disk sold"},
    )
    assert (second / "bagit.txt").is_file()


@pytest.mark.usefixtures("register")
def test_the_only_copy_is_not_removed(tmp_path: Path) -> None:
    run = archtool("holdings", "copies", "letters-1", "--remove", tmp_path / "disk-1" / "letters")
    assert (run.code, "is the only copy of letters-1" in run.err) == (3, True)


@pytest.mark.usefixtures("register")
def test_copies_are_listed_with_state_and_day(tmp_path: Path) -> None:
    run = archtool("holdings", "copies", "letters-1")
    assert f"{tmp_path / 'disk-1' / 'letters'} folder; never checked; due by" in run.said()
    (listed,) = archtool("holdings", "copies", "letters-1", "--json").objects
    assert [copy["state"] for copy in listed["facts"]["copies"]] == ["never-checked"]


@pytest.mark.usefixtures("register")
def test_a_holding_can_be_named_by_the_path_of_a_copy(tmp_path: Path) -> None:
    run = archtool("holdings", "show", "disk-1/letters", "--json", cwd=tmp_path)
    assert run.objects[0]["subject"] == "letters-1"


@pytest.mark.usefixtures("register")
def test_a_withdrawn_holding_keeps_its_files_and_its_history(tmp_path: Path) -> None:
    run = archtool("holdings", "withdraw", "letters-1", "--reason", "given back")
    assert (run.code, "Nothing on a disk was deleted" in run.said()) == (0, True)
    assert (tmp_path / "disk-1" / "letters" / "bagit.txt").is_file()
    assert "withdrawn on" in archtool("holdings", "show", "letters-1").out
    assert "letters-1" not in archtool("holdings", "list").out
    assert "letters-1" in archtool("holdings", "list", "--withdrawn").out
    again = archtool("holdings", "withdraw", "letters-1", "--reason", "given back")
    assert (again.code, "was withdrawn on" in again.err) == (3, True)


def test_a_withdrawn_package_is_not_registered_again_by_the_next_adopt(
    register: Path, tmp_path: Path
) -> None:
    archtool("holdings", "withdraw", "letters-1", "--reason", "given back")
    run = archtool("holdings", "adopt", tmp_path / "disk-1")
    assert (run.code, "[register.withdrawn-package]" in run.err) == (0, True)
    assert read_holding(register, "letters-1")[0].withdrawn_at is not None


def test_a_withdrawn_holding_comes_back_with_its_history(register: Path, tmp_path: Path) -> None:
    package = tmp_path / "disk-1" / "letters"
    assert archtool("holdings", "withdraw", "letters-1", "--reason", "given back").code == 0
    (found,) = archtool("holdings", "adopt", tmp_path / "disk-1", "--json").objects
    assert f"archtool holdings add {package} --name letters-1" in found["findings"][0]["hint"]
    run = archtool("holdings", "add", package, "--name", "letters-1")
    assert run.code == 0, run.err
    assert "letters-1: registered again" in run.said()
    assert "it was withdrawn" in run.said()
    holding, copies = read_holding(register, "letters-1")
    assert (holding.withdrawn_at, holding.custodian) == (None, "City Archive")
    assert [(copy.place, copy.state) for copy in copies] == [(str(package), "never-checked")]
    assert last_event(register)[0] == "ingestion"
    assert "given back" in archtool("holdings", "events", "letters-1").out
    assert archtool("holdings", "verify").code == 0
    assert archtool("audit", "--all").code == 0


def test_a_withdrawn_name_does_not_come_back_with_another_content(register: Path, tmp_path: Path) -> None:
    assert archtool("holdings", "withdraw", "letters-1", "--reason", "given back").code == 0
    other = make_bag(tmp_path / "other", "letters-1", b"Other\n")
    before = count_events(register)
    run = archtool("holdings", "add", other)
    assert (run.code, count_events(register)) == (1, before)
    assert "which is withdrawn on" in run.said()
    assert "[register.name-taken]" in run.err


def test_of_several_holdings_all_are_withdrawn_or_none(register: Path) -> None:
    assert archtool("holdings", "withdraw", "letters-1", "unknown", "--reason", "x").code == 3
    assert read_holding(register, "letters-1")[0].withdrawn_at is None


def test_custody_passes_to_another_custodian(register: Path) -> None:
    run = archtool("holdings", "custody", "letters-1", "--to", "State Archive", "--note", "deed 5")
    assert (run.code, "custody passed from City Archive to State Archive" in run.said()) == (0, True)
    assert last_event(register)[2] == {"from": "City Archive", "to": "State Archive", "note": "deed 5"}
    assert read_holding(register, "letters-1")[0].custodian == "State Archive"


@pytest.mark.usefixtures("register")
def test_custody_does_not_pass_from_somebody_who_does_not_have_it() -> None:
    run = archtool("holdings", "custody", "letters-1", "--to", "State Archive", "--from", "A stranger")
    assert (run.code, "the custodian of letters-1 is City Archive" in run.err) == (3, True)


@pytest.mark.usefixtures("register")
def test_custody_of_all_holdings_passes_at_once(tmp_path: Path) -> None:
    archtool("holdings", "add", make_bag(tmp_path / "b", "letters-2"))
    assert "2 transfers" in archtool("holdings", "custody", "--all", "--to", "State Archive").out
    assert "0 transfers" in archtool("holdings", "custody", "--all", "--to", "State Archive").out


def test_a_replaced_package_is_read_again_and_the_former_manifests_are_kept(
    register: Path, tmp_path: Path, second: Path
) -> None:
    archtool("holdings", "copies", "letters-1", "--add", second)
    before = read_holding(register, "letters-1")[0].manifests
    shutil.rmtree(tmp_path / "disk-1" / "letters")
    make_bag(tmp_path / "disk-1" / "letters", "letters-1", b"A better scan\n")
    copy = tmp_path / "disk-1" / "letters"
    run = archtool("holdings", "update", "letters-1", "--reason", "new scan", "--copy", copy)
    assert (run.code, "Replace the other copies too" in run.said()) == (0, True), run.err
    event, _, detail = last_event(register)
    assert (event, detail["reason"], detail["before"]["manifests"]) == ("migration", "new scan", before)
    assert read_holding(register, "letters-1")[0].manifests != before


@pytest.mark.parametrize("replaced", ["disk-1", "disk-2"])
def test_of_several_copies_the_one_with_new_manifests_is_registered_and_named(
    register: Path, tmp_path: Path, second: Path, replaced: str
) -> None:
    archtool("holdings", "copies", "letters-1", "--add", second)
    copy = tmp_path / replaced / "letters"
    shutil.rmtree(copy)
    make_bag(copy, "letters-1", b"A better scan\n")
    run = archtool("holdings", "update", "letters-1", "--reason", "new scan")
    assert (run.code, f"as {copy} has it" in run.said()) == (0, True), run.err
    assert last_event(register)[2]["place"] == str(copy)


def test_copies_that_were_replaced_by_different_contents_must_be_named(
    register: Path, tmp_path: Path, second: Path
) -> None:
    archtool("holdings", "copies", "letters-1", "--add", second)
    for number, copy in enumerate((tmp_path / "disk-1" / "letters", second)):
        shutil.rmtree(copy)
        make_bag(copy, "letters-1", f"Scan {number}\n".encode())
    before = count_events(register)
    run = archtool("holdings", "update", "letters-1", "--reason", "new scan")
    assert (run.code, f"--copy {second}" in run.err, count_events(register)) == (2, True, before)


def test_a_copy_that_cannot_be_read_is_named_if_no_other_was_replaced(tmp_path: Path, second: Path) -> None:
    archtool("holdings", "copies", "letters-1", "--add", second)
    shutil.rmtree(second)
    run = archtool("holdings", "update", "letters-1", "--reason", "new scan")
    assert (run.code, f"not read: {second}" in run.err) == (2, True)
    assert (tmp_path / "disk-1" / "letters").is_dir()


def test_an_update_of_unchanged_copies_records_nothing(register: Path, second: Path) -> None:
    archtool("holdings", "copies", "letters-1", "--add", second)
    before = count_events(register)
    run = archtool("holdings", "update", "letters-1", "--reason", "to be sure")
    assert (run.code, "nothing was changed" in run.out, count_events(register)) == (0, True, before)


def test_an_update_of_an_unchanged_package_records_nothing(register: Path) -> None:
    before = count_events(register)
    run = archtool("holdings", "update", "letters-1", "--reason", "to be sure")
    assert (run.code, "nothing was changed" in run.out, count_events(register)) == (0, True, before)


@pytest.mark.usefixtures("register")
def test_the_hint_for_a_wrong_name_is_the_kept_holding_with_that_last_part(tmp_path: Path) -> None:
    make_bag(tmp_path / "disk-2" / "box" / "deeds-1", None, b"Deeds\n")
    archtool("holdings", "adopt", tmp_path / "disk-2")
    archtool("holdings", "add", make_bag(tmp_path / "b", "deeds-2"))
    archtool("holdings", "withdraw", "deeds-2", "--reason", "given back")
    for command in (["custody", "deeds-1", "--to", "State Archive"], ["show", "deeds-1"]):
        run = archtool("holdings", *command)
        assert (run.code, "did you mean `box/deeds-1`?" in run.err) == (3, True), run.err


def test_the_policy_is_shown_and_changed_by_an_event(register: Path) -> None:
    assert "90 days" in archtool("holdings", "policy").out
    assert archtool("holdings", "policy", "--check-every", "30").code == 0
    assert last_event(register) == ("policy", None, {"check-every-days": 30})
    (shown,) = archtool("holdings", "policy", "--json").objects
    assert (shown["facts"]["check_every_days"], shown["facts"]["archive"]) == (30, "City Archive")


def test_the_reason_of_a_policy_is_in_its_event_and_is_no_setting(register: Path) -> None:
    run = archtool("holdings", "policy", "--check-every", "30", "--reason", "law of 2026")
    assert run.code == 0, run.err
    assert last_event(register) == ("policy", None, {"check-every-days": 30, "reason": "law of 2026"})
    (shown,) = archtool("holdings", "policy", "--json").objects
    assert "reason" not in shown["facts"]
    assert "law of 2026" in archtool("holdings", "events").out
    assert archtool("holdings", "verify").code == 0


def test_a_reason_without_a_change_of_the_policy_is_refused(register: Path) -> None:
    before = count_events(register)
    run = archtool("holdings", "policy", "--reason", "law of 2026")
    assert (run.code, run.out, count_events(register)) == (2, "", before)
    assert "--reason is for a change" in run.err


def test_an_event_of_the_archives_own_is_recorded(register: Path) -> None:
    run = archtool("holdings", "note", "lent to the museum", "--holding", "letters-1", "--event", "x-loan")
    assert run.code == 0, run.err
    assert last_event(register) == ("x-loan", "letters-1", {"note": "lent to the museum"})
    assert "lent to the museum" in archtool("holdings", "events", "letters-1").out


@pytest.mark.parametrize("name", ["fixity-check", "x-", "x-Upper", "loan"])
def test_a_note_cannot_pass_for_an_event_of_archtool(register: Path, name: str) -> None:
    before = count_events(register)
    assert archtool("holdings", "note", "text", "--event", name).code == 2
    assert count_events(register) == before


def test_a_shelf_on_a_disk_that_is_mounted_elsewhere_moves_with_all_its_copies(
    register: Path, tmp_path: Path
) -> None:
    (tmp_path / "disk-1").rename(tmp_path / "mnt")
    run = archtool("holdings", "shelf", "move", tmp_path / "disk-1", tmp_path / "mnt")
    assert (run.code, "manifests of 1 were compared and agree" in run.said()) == (0, True), run.err
    assert places(register, "letters-1") == [str(tmp_path / "mnt" / "letters")]
    assert [s["subject"] for s in archtool("holdings", "shelf", "list", "--json").objects] == [
        str(tmp_path / "mnt")
    ]


@pytest.mark.usefixtures("register")
def test_a_shelf_is_not_moved_to_a_place_without_its_packages(tmp_path: Path) -> None:
    move = ("holdings", "shelf", "move", tmp_path / "disk-1", tmp_path / "mnt")
    run = archtool(*move)
    assert (run.code, "no registered package of" in run.err) == (3, True)
    run = archtool(*move, "--unmounted")
    assert (run.code, "Nothing was compared" in run.said()) == (0, True)


@pytest.mark.usefixtures("register")
def test_a_shelf_is_not_moved_to_other_packages(tmp_path: Path) -> None:
    make_bag(tmp_path / "mnt" / "letters", "letters-1", b"Other\n")
    run = archtool("holdings", "shelf", "move", tmp_path / "disk-1", tmp_path / "mnt")
    assert (run.code, "is not a copy of letters-1" in run.err) == (3, True)


@pytest.mark.usefixtures("register")
def test_a_shelf_is_not_moved_onto_registered_copies(tmp_path: Path, second: Path) -> None:
    archtool("holdings", "adopt", tmp_path / "disk-2")
    run = archtool("holdings", "shelf", "move", tmp_path / "disk-1", tmp_path / "disk-2")
    assert (run.code, f"{second} is registered already" in run.err) == (3, True)


@pytest.mark.usefixtures("register")
def test_a_shelf_without_its_last_copy_there_names_what_is_missing(tmp_path: Path) -> None:
    archtool("holdings", "add", make_bag(tmp_path / "disk-1" / "two", "letters-2"))
    (tmp_path / "mnt").mkdir()
    (tmp_path / "disk-1" / "two").rename(tmp_path / "mnt" / "two")
    run = archtool("holdings", "shelf", "move", tmp_path / "disk-1", tmp_path / "mnt")
    assert (run.code, "1 missing there" in run.said()) == (0, True)


def test_the_copies_on_a_removed_shelf_stay_registered(register: Path, tmp_path: Path) -> None:
    run = archtool("holdings", "shelf", "remove", tmp_path / "disk-1")
    assert (run.code, "they stay registered" in run.said()) == (0, True)
    assert len(places(register, "letters-1")) == 1
    assert archtool("holdings", "shelf", "remove", tmp_path / "disk-1").code == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("copies", "letters-1", "--reason", "x"), ("copies", "letters-1", "--path", "x"),
        ("copies", "letters-1", "--medium", "A"), ("copies", "letters-1", "--add", "x", "--remove", "y"),
        ("copies", "letters-1", "--add", "x", "--medium", "A", "--path", "y"), ("move", "letters-1"),
        ("custody", "--to", "X"), ("custody", "letters-1", "--all", "--to", "X"), ("withdraw", "letters-1"),
        ("list", "--all", "--limit", "3"), ("list", "--json", "--csv", "-"),
        ("events", "--since", "yesterday"), ("events", "--event", "fixity"), ("note", " "),
    ],
)  # fmt: skip
def test_options_that_contradict_each_other_are_refused(register: Path, arguments: tuple[str, ...]) -> None:
    before = count_events(register)
    assert archtool("holdings", *arguments).code == 2
    assert count_events(register) == before


@pytest.mark.parametrize("text", ["", " ", "\udcff", "x" * 10_001])
def test_a_text_that_no_event_can_keep_is_refused(register: Path, text: str) -> None:
    before = count_events(register)
    for command in (
        ("note", text), ("withdraw", "letters-1", "--reason", text), ("policy", "--archive", text),
        ("custody", "letters-1", "--to", text), ("note", "x", "--agent", text), ("list", "--search", text),
    ):  # fmt: skip
        run = archtool("holdings", *command)
        assert (run.code, "the text" in run.err) == (2, True), run.err
    assert count_events(register) == before


@pytest.mark.parametrize("name", ["\udcff", "-", "letters-1/..", "a\x1b[31mb"])
def test_an_unusable_name_of_a_holding_is_only_unknown(register: Path, name: str) -> None:
    del register
    for command in (("show", name), ("move", name, "x"), ("copies", name), ("events", name)):
        run = archtool("holdings", *command)
        assert run.code == 3
        assert "\x1b" not in run.err
