"""Packages without a name of their own are known by their manifests; withdrawn ones stay quiet on a shelf."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from audits import Archive, set_clock
from command_line import Run, archtool
from register_commands import init_register, make_bag, places
from unit.holdings.registers import day


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return init_register(tmp_path, monkeypatch)


def holdings(*arguments: str | Path) -> Run:
    return archtool("holdings", *arguments)


def test_a_package_without_a_name_at_another_path_is_a_further_copy(register: Path, tmp_path: Path) -> None:
    first = make_bag(tmp_path / "disk-1" / "letters" / "letter-4", None)
    second = make_bag(tmp_path / "disk-2" / "letter-4", None)
    assert holdings("adopt", tmp_path / "disk-1").code == 0
    run = holdings("adopt", tmp_path / "disk-2")
    assert (run.code, "0 holdings registered · 1 further copy" in run.said()) == (0, True), run.err
    assert places(register, "letters/letter-4") == [str(first), str(second)]


def test_a_package_that_is_named_alone_is_known_by_its_manifests_too(register: Path, tmp_path: Path) -> None:
    first = make_bag(tmp_path / "letters", None)
    second = make_bag(tmp_path / "backup of letters", None)
    assert holdings("add", first).code == 0
    run = holdings("add", second)
    assert (run.code, f"letters: registered a further copy, {second}" in run.said()) == (0, True), run.err
    assert places(register, "letters") == [str(first), str(second)]


def test_a_name_that_is_given_makes_a_holding_of_its_own_and_a_note_names_the_twin(
    register: Path, tmp_path: Path
) -> None:
    assert holdings("add", make_bag(tmp_path / "one", "letters-1")).code == 0
    run = holdings("add", make_bag(tmp_path / "two", "letters-2"))
    assert run.code == 0
    assert "was registered as letters-2, and letters-1 has the same manifests" in run.said()
    assert len(places(register, "letters-1")) == len(places(register, "letters-2")) == 1


def test_the_hint_about_a_twin_makes_it_a_copy(register: Path, tmp_path: Path) -> None:
    first, second = make_bag(tmp_path / "one", "letters-1"), make_bag(tmp_path / "two", "letters-2")
    assert holdings("add", first).code == holdings("add", second).code == 0
    assert holdings("withdraw", "letters-2", "--reason", "a copy of letters-1").code == 0
    assert holdings("add", second, "--name", "letters-1").code == 0
    assert places(register, "letters-1") == [str(first), str(second)]


def test_packages_without_a_payload_are_not_taken_for_each_other(register: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        bag = make_bag(tmp_path / "shelf" / name, None)
        (bag / "data" / "letter.txt").unlink()
        (bag / "manifest-sha512.txt").write_bytes(b"")
        (bag / "bag-info.txt").write_text("Payload-Oxum: 0.0\n")
        (bag / "tagmanifest-sha512.txt").unlink(missing_ok=True)
    run = holdings("adopt", tmp_path / "shelf")
    assert "2 holdings registered" in run.said(), run.said()
    assert len(places(register, "two")) == 1


def test_a_package_with_the_content_of_two_holdings_is_not_guessed(register: Path, tmp_path: Path) -> None:
    for name in ("letters-1", "letters-2"):
        assert holdings("add", make_bag(tmp_path / name, name)).code == 0
    run = holdings("add", make_bag(tmp_path / "found", None))
    assert run.code == 0
    assert "and letters-1 and others have the same manifests" in run.said()
    assert len(places(register, "found")) == 1


def test_a_moved_package_without_a_name_is_recorded_as_moved(register: Path, tmp_path: Path) -> None:
    old = make_bag(tmp_path / "shelf" / "letter-3", None)
    assert holdings("adopt", tmp_path / "shelf").code == 0
    new = tmp_path / "shelf" / "box" / "letter-3"
    new.parent.mkdir()
    old.rename(new)
    run = holdings("adopt", tmp_path / "shelf", "--moved")
    assert (run.code, "1 moved" in run.said()) == (0, True), run.err
    assert places(register, "letter-3") == [str(new)]


def test_the_night_after_a_move_names_the_moved_copy_although_it_is_not_due(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert archive.audit().code == 0
    new = archive.shelf / "box" / "letters-1"
    new.parent.mkdir()
    archive.bag(1).rename(new)
    run = archive.audit()
    assert (run.code, "not in the register" in run.out) == (1, False)
    assert f"archtool holdings move letters-1 {new}\n" in run.out
    assert archive.copy("letters-1").state == "moved"


def test_a_copy_that_nobody_registered_is_no_moved_one_while_the_registered_one_is_there(
    tmp_path: Path,
) -> None:
    archive = Archive(tmp_path)
    shutil.copytree(archive.bag(1), archive.shelf / "box" / "letters-1")
    run = archive.audit()
    assert (run.code, "1 package is on the shelves, but not in the register" in run.out) == (0, True)
    assert archive.copy("letters-1").state == "ok"


def withdrawn_archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path)
    given = ("--register", archive.path, "--reason", "given back")
    assert holdings("withdraw", "letters-1", *given).code == 0
    return archive


def test_a_withdrawn_package_on_a_shelf_is_named_in_a_note_and_nothing_is_wrong(tmp_path: Path) -> None:
    archive = withdrawn_archive(tmp_path)
    run = archive.audit("--strict")
    assert (run.code, "not in the register" in run.out) == (0, False)
    assert f"note: 1 package is still on the shelves and withdrawn from the register: {archive.bag(1)}" in (
        run.said()
    )
    report = archive.report()
    assert (report["extra_count"], report["withdrawn"]) == (0, [str(archive.bag(1))])


def test_another_package_at_the_place_of_a_withdrawn_one_is_not_registered(tmp_path: Path) -> None:
    archive = withdrawn_archive(tmp_path)
    shutil.copytree(archive.bag(1), tmp_path / "kept")
    archive.letter(1).write_text("Another letter.\n")
    (archive.bag(1) / "manifest-sha512.txt").write_text("0" * 128 + "  data/letter.txt\n")
    assert "withdrawn" not in archive.audit().out
    assert archive.report()["extra"] == [str(archive.bag(1))]


def test_the_printed_commands_register_what_is_on_the_shelf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path)
    set_clock(monkeypatch, day(1))
    make_bag(archive.shelf / "new one", None)
    assert f"archtool holdings add '{archive.shelf / 'new one'}'\n" in archive.audit().out
    make_bag(archive.shelf / "second", None, b"Another\n")
    set_clock(monkeypatch, day(2))
    assert f"archtool holdings adopt {archive.shelf}\n" in archive.audit().out
    report = holdings("report", "--mail-file", tmp_path / "mail", "--register", archive.path)
    assert report.code == 0
    assert f"archtool holdings adopt {archive.shelf}\n" in (tmp_path / "mail").read_text()
