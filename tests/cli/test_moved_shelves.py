"""What is known about copies whose shelf was moved: nothing, until they are checked at the new place."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audits import Archive, set_clock
from command_line import Run, archtool
from unit.holdings.registers import day

if TYPE_CHECKING:
    import pytest


def move_shelf(archive: Archive, old: Path, new: Path) -> Run:
    run = archtool("holdings", "shelf", "move", old, new, "--register", archive.path)
    assert run.code == 0, run.err
    return run


def events(archive: Archive, name: str) -> list[Any]:
    run = archtool("holdings", "events", name, "--json", "--register", archive.path)
    return [result["facts"]["event"] for result in run.objects]


def moved_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Archive, Path]:
    """Return an archive that was checked on one day, and whose shelf was moved on the next."""
    archive, new = Archive(tmp_path), tmp_path / "new"
    set_clock(monkeypatch, day(1))
    assert archive.audit().code == 0
    set_clock(monkeypatch, day(2))
    archive.shelf.rename(new)
    move_shelf(archive, archive.shelf, new)
    return archive, new


def test_a_copy_on_a_moved_shelf_counts_as_never_checked_and_waits_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, new = moved_archive(tmp_path, monkeypatch)
    copy = archive.copy("letters-1")
    assert copy.place == str(new / "letters-1")
    assert (copy.state, copy.checked_at, copy.quick_checked_at) == ("never-checked", None, None)
    assert (copy.waiting_since, copy.state_since) == ("2026-01-02T02:00:00Z", "2026-01-03T02:00:00Z")


def test_damage_on_the_way_to_a_new_disk_is_found_by_the_next_audit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, new = moved_archive(tmp_path, monkeypatch)
    (new / "letters-1" / "data" / "letter.txt").write_text("Lettre 1.\n")
    run = archive.audit()
    assert (run.code, "1 of 3 copies is not in order" in run.out) == (1, True)
    assert archive.copy("letters-1").state == "changed"
    assert archtool("holdings", "verify", "--register", archive.path).code == 0


def test_copies_of_an_unreadable_shelf_are_due_at_its_new_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, new = Archive(tmp_path), tmp_path / "new"
    set_clock(monkeypatch, day(1))
    archive.shelf.rename(new)
    assert archive.audit().code == 1
    assert archive.copy("letters-1").state == "unreadable"
    move_shelf(archive, archive.shelf, new)
    assert "3 copies in order" in archive.audit().out


def test_the_events_of_a_holding_show_the_moves_of_the_shelves_that_it_was_on(tmp_path: Path) -> None:
    archive, second = Archive(tmp_path), tmp_path / "second"
    shutil.copytree(archive.bag(0), second / "letters-0")
    archive.add_copy("letters-0", second / "letters-0")
    second.rename(tmp_path / "third")
    move_shelf(archive, second, tmp_path / "third")
    assert events(archive, "letters-0") == ["shelf-moved", "replication", "ingestion"]
    assert events(archive, "letters-1") == ["ingestion"]
    (tmp_path / "third").rename(tmp_path / "fourth")
    move_shelf(archive, tmp_path / "third", tmp_path / "fourth")
    assert events(archive, "letters-0")[:2] == ["shelf-moved", "shelf-moved"]
    shown = archtool("holdings", "show", "letters-0", "--register", archive.path).said()
    assert f"from {tmp_path / 'third'} to {tmp_path / 'fourth'}" in shown


def test_a_copy_that_left_a_shelf_before_it_moved_has_no_part_in_the_move(tmp_path: Path) -> None:
    archive, second = Archive(tmp_path), tmp_path / "second"
    second.mkdir()
    archive.bag(0).rename(second / "letters-0")
    moved = archtool("holdings", "move", "letters-0", second / "letters-0", "--register", archive.path)
    assert moved.code == 0, moved.err
    archive.shelf.rename(tmp_path / "new")
    move_shelf(archive, archive.shelf, tmp_path / "new")
    assert events(archive, "letters-0") == ["relocation", "ingestion"]


def test_the_page_of_a_holding_shows_the_move_of_its_shelf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, _ = moved_archive(tmp_path, monkeypatch)
    pages = tmp_path / "pages"
    run = archtool("holdings", "report", "--details", pages, "--all-details", "--register", archive.path)
    assert run.code == 0, run.err
    assert any("moved with its shelf" in page.read_text() for page in pages.rglob("*.html"))
