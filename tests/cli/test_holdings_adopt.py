"""`archtool holdings add` and `adopt`: packages become holdings and copies, and nothing is guessed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from archives import serialise
from archtool.holdings.queries import read_shelves, records_of
from archtool.holdings.register import open_register
from command_line import Run, archtool
from packages import make_package
from register_commands import count_events, init_register, make_bag, read_holding
from unit.bagit.bag_builders import bag_files, write_bag


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return init_register(tmp_path, monkeypatch)


def adopt(folder: Path, *options: str | Path) -> Run:
    return archtool("holdings", "adopt", folder, *options)


def endings(run: Run) -> list[Any]:
    return [(result["facts"]["holding"], result["facts"]["ending"]) for result in run.objects]


def test_adopt_registers_every_package_below_a_folder_and_the_folder_as_a_shelf(
    register: Path, tmp_path: Path
) -> None:
    shelf = tmp_path / "shelf"
    make_bag(shelf / "a" / "one", "letters-1")
    make_bag(shelf / "two", None, b"Another letter\n")
    run = adopt(shelf, "--accession", "2026/7", "--custodian", "City Archive", "--from", "Jane's heirs")
    assert (run.code, "2 holdings registered" in run.out) == (0, True), run.err
    found, copies = read_holding(register, "letters-1")
    assert (found.accession, found.custodian, found.kind) == ("2026/7", "City Archive", "bag")
    assert [copy.place for copy in copies] == [str(shelf / "a" / "one")]
    assert read_holding(register, "two")[1][0].place == str(shelf / "two")
    with open_register(register, read_only=True) as opened:
        assert read_shelves(opened.connection) == [str(shelf)]


def test_a_second_adopt_registers_only_what_is_new(register: Path, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    make_bag(shelf / "one", "letters-1")
    assert adopt(shelf).code == 0
    before = count_events(register)
    assert "0 holdings registered · 1 registered already" in adopt(shelf).out
    assert count_events(register) == before
    make_bag(shelf / "two", "letters-2")
    assert "1 holding registered · 1 registered already" in adopt(shelf).out
    assert count_events(register) == before + 1


def test_a_package_with_the_same_name_and_manifests_is_a_further_copy(register: Path, tmp_path: Path) -> None:
    first = make_bag(tmp_path / "disk-1" / "letters", "letters-1")
    shutil.copytree(first, tmp_path / "disk-2" / "letters")
    adopt(tmp_path / "disk-1")
    run = adopt(tmp_path / "disk-2", "--json")
    assert (run.code, endings(run)) == (0, [("letters-1", "further-copy")])
    assert len(read_holding(register, "letters-1")[1]) == 2


@pytest.mark.usefixtures("register")
def test_an_archive_of_a_registered_folder_is_a_further_copy(tmp_path: Path) -> None:
    files = bag_files(info="Payload-Oxum: 34.1\n")
    write_bag(tmp_path / "disk-1" / "letters", files)
    (tmp_path / "disk-2").mkdir()
    serialise(files, tmp_path / "disk-2" / "letters.zip")
    adopt(tmp_path / "disk-1")
    assert endings(adopt(tmp_path / "disk-2", "--json")) == [("letters", "further-copy")]


def test_the_same_name_with_other_manifests_names_both_and_registers_nothing(
    register: Path, tmp_path: Path
) -> None:
    first, second = (
        make_bag(tmp_path / "a" / "x", "letters-1"),
        make_bag(tmp_path / "b" / "y", "letters-1", b"Other\n"),
    )
    adopt(tmp_path / "a")
    before = count_events(register)
    run = archtool("holdings", "add", second)
    assert (run.code, count_events(register)) == (1, before)
    assert str(first) in run.said()
    assert str(second) in run.said()
    assert "[register.name-taken]" in run.err
    assert archtool("holdings", "add", second, "--name", "letters-1-new").code == 0


def test_a_second_path_to_the_same_folder_is_no_further_copy(register: Path, tmp_path: Path) -> None:
    shelf = tmp_path / "disk"
    make_bag(shelf / "letters")
    (tmp_path / "link").symlink_to(shelf)
    adopt(shelf)
    run = adopt(tmp_path / "link")
    assert (run.code, "[register.same-package]" in run.err) == (0, True)
    assert len(read_holding(register, "letters-1")[1]) == 1


@pytest.mark.usefixtures("register")
def test_adopt_says_that_the_folder_is_a_shelf_now_and_what_is_next(tmp_path: Path) -> None:
    make_bag(tmp_path / "shelf" / "a")
    run = adopt(tmp_path / "shelf")
    assert f"{tmp_path / 'shelf'} is a shelf: each audit searches it" in run.out
    assert "nothing was checked yet; next: archtool audit --plan" in run.out
    again = adopt(tmp_path / "shelf")
    assert "nothing was checked yet" not in again.out


@pytest.mark.usefixtures("register")
def test_a_folder_below_a_shelf_is_no_shelf_of_its_own_and_adopt_warns(tmp_path: Path) -> None:
    make_bag(tmp_path / "shelf" / "box" / "a")
    adopt(tmp_path / "shelf")
    make_bag(tmp_path / "shelf" / "box" / "b", "letters-2")
    run = adopt(tmp_path / "shelf" / "box")
    assert run.code == 0
    assert f"{tmp_path / 'shelf' / 'box'} is a part of the shelf {tmp_path / 'shelf'}" in run.err
    assert f"archtool holdings adopt {tmp_path / 'shelf'}" in run.err
    assert archtool("holdings", "shelf", "--json").out.count("box") == 0


@pytest.mark.usefixtures("register")
def test_the_parts_of_a_group_get_names_with_their_numbers(tmp_path: Path) -> None:
    for number in (1, 2):
        text = f"Part {number}\n".encode()
        make_bag(tmp_path / "shelf" / f"p{number}", "letters", text, f"Bag-Count: {number} of 2\n")
    run = adopt(tmp_path / "shelf", "--json")
    assert endings(run) == [("letters/1-of-2", "registered"), ("letters/2-of-2", "registered")]


@pytest.mark.usefixtures("register")
def test_one_package_that_cannot_be_read_does_not_keep_the_others_out(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    make_bag(shelf / "good")
    (make_bag(shelf / "no-manifest", "x") / "manifest-sha512.txt").unlink()
    make_bag(shelf / "bell\a", None)
    (shelf / "gone.attestations" / "0001-packaging").mkdir(parents=True)
    shutil.copytree(make_bag(tmp_path / "raw"), shelf / os.fsdecode(b"\xff"))
    run = adopt(shelf)
    assert run.code == 1
    assert "1 holding registered" in run.said()
    for code in ("package-unreadable", "name-unusable", "path-unusable", "package-lost"):
        assert f"[register.{code}]" in run.err


def test_the_head_of_a_package_of_archtool_is_registered(register: Path, tmp_path: Path) -> None:
    package = make_package(tmp_path)
    assert archtool("holdings", "add", package).code == 0
    shown = archtool("show", package, "--json").objects[0]["facts"]
    found, _ = read_holding(register, shown["id"] if shown.get("id") else "package")
    assert (found.kind, found.head) == ("package", shown["head"])


@pytest.mark.usefixtures("register")
def test_a_moved_package_is_a_further_copy_with_a_warning(tmp_path: Path) -> None:
    old = make_bag(tmp_path / "old" / "letters")
    adopt(tmp_path / "old")
    (tmp_path / "new").mkdir()
    old.rename(tmp_path / "new" / "letters")
    run = adopt(tmp_path / "new")
    assert (run.code, "[register.copy-gone]" in run.err) == (0, True)
    assert archtool("holdings", "copies", "letters-1", "--remove", old).code == 0


def test_with_moved_a_package_that_is_gone_from_its_place_is_recorded_as_moved(
    register: Path, tmp_path: Path
) -> None:
    old = make_bag(tmp_path / "old" / "letters")
    adopt(tmp_path / "old")
    (tmp_path / "new").mkdir()
    old.rename(tmp_path / "new" / "letters")
    run = adopt(tmp_path / "new", "--moved", "--json")
    assert endings(run) == [("letters-1", "moved")]
    assert [copy.place for copy in read_holding(register, "letters-1")[1]] == [
        str(tmp_path / "new" / "letters")
    ]


@pytest.mark.usefixtures("register")
def test_add_reports_a_registered_place_whose_content_was_replaced(tmp_path: Path) -> None:
    package = make_bag(tmp_path / "letters")
    assert archtool("holdings", "add", package).code == 0
    assert archtool("holdings", "add", package).code == 0
    shutil.rmtree(package)
    make_bag(package, "letters-1", b"Other\n")
    run = archtool("holdings", "add", package)
    assert (run.code, "[register.content-replaced]" in run.err) == (1, True)


def test_a_folder_without_packages_is_no_shelf(register: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    before = count_events(register)
    run = adopt(tmp_path / "empty")
    assert (run.code, count_events(register)) == (3, before)
    assert "there is no package" in run.err


@pytest.mark.usefixtures("register")
def test_adopt_of_a_package_says_to_add_it(tmp_path: Path) -> None:
    run = adopt(make_bag(tmp_path / "letters"))
    assert run.code == 3
    assert "archtool holdings add" in run.err


@pytest.mark.usefixtures("register")
def test_add_of_a_folder_of_packages_says_to_adopt_it(tmp_path: Path) -> None:
    make_bag(tmp_path / "shelf" / "letters")
    run = archtool("holdings", "add", tmp_path / "shelf")
    assert (run.code, "archtool holdings adopt" in run.said()) == (3, True)


@pytest.mark.usefixtures("register")
def test_a_name_is_for_one_package(tmp_path: Path) -> None:
    run = archtool("holdings", "add", tmp_path / "a", tmp_path / "b", "--name", "x")
    assert run.code == 2


def test_without_a_register_the_hint_says_how_to_name_or_create_one(tmp_path: Path) -> None:
    run = adopt(tmp_path)
    assert run.code == 2
    assert "--register FILE" in run.err


def test_all_events_of_one_adopt_have_its_run_and_agent(register: Path, tmp_path: Path) -> None:
    make_bag(tmp_path / "shelf" / "one")
    adopt(tmp_path / "shelf", "--agent", "Jane Doe")
    with open_register(register, read_only=True) as opened:
        records = [record for _, record in records_of(opened.connection, after=1)]
    assert len(records) == 2
    assert all('"agent":"Jane Doe"' in record and '"run":"' in record for record in records)


@pytest.mark.usefixtures("register")
def test_more_packages_than_one_process_reads_are_all_registered(tmp_path: Path) -> None:
    for number in range(300):
        make_bag(tmp_path / "shelf" / f"{number:03}", f"letter-{number:03}", f"{number}\n".encode())
    assert "300 holdings registered" in adopt(tmp_path / "shelf").out
    assert "0 holdings registered · 300 registered already" in adopt(tmp_path / "shelf").out


@pytest.mark.usefixtures("register")
def test_what_no_event_can_keep_is_a_finding_and_the_other_packages_are_registered(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    make_bag(shelf / "good")
    huge = make_bag(shelf / "huge", "huge", b"Huge\n")
    (huge / "bag-info.txt").write_text("Payload-Oxum: 99999999999999999999.1\n")
    for number in range(9_000):
        (make_bag(shelf / "many", "many") if number == 0 else shelf / "many").joinpath(
            f"manifest-x{number}.txt"
        ).write_text("")
    run = adopt(shelf)
    assert (run.code, "1 holding registered" in run.said()) == (1, True), run.err
    assert run.err.count("[register.package-unreadable]") == 2


def test_a_title_of_many_pages_is_cut(register: Path, tmp_path: Path) -> None:
    make_bag(tmp_path / "shelf" / "long", more=f"Title: {'long ' * 10_000}\n")
    assert adopt(tmp_path / "shelf").code == 0
    assert len(read_holding(register, "letters-1")[0].title or "") == 1000


@pytest.mark.usefixtures("register")
def test_adopt_of_an_archive_says_to_add_it(tmp_path: Path) -> None:
    serialise(bag_files(), tmp_path / "letters.zip")
    run = adopt(tmp_path / "letters.zip")
    assert (run.code, "archtool holdings add" in run.err) == (3, True)


@pytest.mark.usefixtures("register")
def test_adopt_as_json_names_a_package_whose_path_is_not_utf_8(tmp_path: Path) -> None:
    make_bag(tmp_path / "shelf" / os.fsdecode(b"\xff"))
    run = adopt(tmp_path / "shelf", "--json")
    assert (run.code, run.codes) == (1, ["register.path-unusable"])


def test_a_dry_run_names_each_package_and_writes_nothing(register: Path, tmp_path: Path) -> None:
    make_bag(tmp_path / "shelf" / "a", "letters-1")
    make_bag(tmp_path / "shelf" / "b", "letters-1")
    before = count_events(register)
    run = adopt(tmp_path / "shelf", "--dry-run")
    assert run.code == 0, run.err
    assert f"letters-1: would be registered, {tmp_path / 'shelf' / 'a'}" in run.said()
    assert "1 holding would be registered · 1 further copy" in run.out
    assert "nothing was written" in run.out
    assert f"{tmp_path / 'shelf'} would be a shelf" in run.out
    assert count_events(register) == before
    assert "1 holding registered" in adopt(tmp_path / "shelf").out


@pytest.mark.usefixtures("register")
def test_adopt_of_a_folder_that_does_not_exist_says_so(tmp_path: Path) -> None:
    run = adopt(tmp_path / "shelf")
    assert (run.code, "there is no such folder" in run.err) == (3, True)
