"""What earlier nights found stays reported: in true words, with the commands that check and list it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from audits import Archive, set_clock
from command_line import archtool
from unit.files.folders import as_nobody, give_to_nobody, public_folder
from unit.holdings.registers import day

if TYPE_CHECKING:
    import pytest


def damaged_archive(tmp_path: Path, bags: int, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Return an archive of damaged bags that was audited in the night before."""
    archive = Archive(tmp_path, bags=bags)
    for number in range(bags):
        archive.letter(number).write_text("damage\n")
    set_clock(monkeypatch, day(1))
    assert archive.audit().code == 1
    set_clock(monkeypatch, day(2))
    return archive


def test_copies_of_an_absent_shelf_are_checked_in_the_night_after_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path)
    archive.shelf.rename(tmp_path / "away")
    set_clock(monkeypatch, day(1))
    assert archive.audit().code == 1
    (tmp_path / "away").rename(archive.shelf)
    set_clock(monkeypatch, day(1.1))
    run = archive.audit()
    assert (run.code, "3 copies in order" in run.out) == (0, True)


def test_an_absent_shelf_is_reported_every_night_and_nothing_is_said_to_be_bad(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path)
    archive.shelf.rename(tmp_path / "away")
    for night in (1, 2):
        set_clock(monkeypatch, day(night))
        run = archive.audit()
        assert (run.code, "3 of 3 copies could not be checked" in run.out) == (1, True)
        assert "0 copies checked" in run.out
        assert "bad" not in run.out
        assert f"archtool audit --all --shelf {archive.shelf}" in run.out


def test_the_report_after_a_night_without_a_shelf_says_what_could_not_be_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, second = Archive(tmp_path), tmp_path / "second"
    shutil.copytree(archive.bag(0), second / "letters-0")
    archive.add_copy("letters-0", second / "letters-0")
    archive.shelf.rename(tmp_path / "away")
    set_clock(monkeypatch, day(1))
    run = archive.audit()
    assert "1 copy checked" in run.out
    assert "3 could not be checked" in run.out
    said = archtool("holdings", "report", "--register", archive.path).said()
    assert "1 copy checked; 3 copies could not be checked" in said


def test_the_line_about_known_bad_copies_names_the_commands_that_check_and_list_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = damaged_archive(tmp_path, 2, monkeypatch)
    run = archive.audit()
    line = "known to be bad from an earlier check: 2 copies (letters-0, letters-1)"
    assert (run.code, line in run.out) == (1, True)
    command = "archtool audit --holding letters-0 --holding letters-1"
    assert f"to check now: {command}\n" in run.out
    assert "to list all: archtool holdings report --csv DIR\n" in run.out
    for number in range(2):
        archive.letter(number).write_text(f"Letter {number}.\n")
    again = archive.audit("--holding", "letters-0", "--holding", "letters-1")
    assert (again.code, "2 copies in order" in again.out) == (0, True)


def test_no_ellipsis_hides_a_few_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = damaged_archive(tmp_path, 4, monkeypatch)
    assert "4 copies (letters-0, letters-1, letters-2, letters-3)" in archive.audit().said()


def test_copies_that_were_not_read_are_known_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    with public_folder() as folder:
        archive = Archive(folder)
        archive.bag(0).chmod(0)
        give_to_nobody(folder, *folder.rglob("*"))
        with as_nobody():
            for night in (1, 2):
                set_clock(monkeypatch, day(night))
                run = archive.audit()
        archive.bag(0).chmod(0o755)
        ended = archive.events("audit-ended")[-1].detail
    assert (ended["known_bad"], ended["known_unread"], ended["wrong"]) == (0, 1, ["known-unread"])
    assert (run.code, "could not be checked at an earlier try: 1 copy (letters-0)" in run.out) == (1, True)
    assert "to list all: archtool holdings list --state unreadable\n" in run.out
    assert "known to be bad" not in run.out


def test_the_page_of_a_missing_copy_says_that_nothing_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path)
    shutil.rmtree(archive.bag(1))
    set_clock(monkeypatch, day(1))
    archive.audit()
    said = archtool("holdings", "show", "letters-1", "--register", archive.path).said()
    assert "nothing was there on 2026-01-02, today" in said
    assert "every file checked" not in said
    assert archtool("holdings", "verify", "--register", archive.path).code == 0


def test_an_audit_of_an_empty_register_says_that_nothing_is_registered(tmp_path: Path) -> None:
    register = tmp_path / "archive.register"
    assert archtool("holdings", "init", register).code == 0
    for options in ([], ["--plan"]):
        run = archtool("audit", "--register", register, *options)
        assert run.code == 0
        assert run.out.startswith("no copies are registered; register packages with: archtool holdings adopt")
