"""Shelves and packages that the system does not let us read: they are reported, and the command goes on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archtool.holdings.queries import copies_of, find_holding
from audits import Archive, write_small_bag
from command_line import archtool
from unit.files.folders import as_nobody, give_to_nobody, public_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as made:
        yield made
        for path in [made, *made.glob("*")]:
            if path.is_dir():
                path.chmod(0o755)


def archive_with_a_second_shelf(folder: Path) -> tuple[Archive, Path]:
    archive, second = Archive(folder, bags=2), folder / "disk4"
    for number in range(2):
        shutil.copytree(archive.bag(number), second / f"letters-{number}")
        archive.add_copy(f"letters-{number}", second / f"letters-{number}")
    give_to_nobody(folder, *folder.rglob("*"))
    return archive, second


@pytest.mark.parametrize("mode", [0o000, 0o444, 0o111])
def test_the_audit_goes_on_after_a_shelf_that_may_not_be_read(folder: Path, mode: int) -> None:
    archive, second = archive_with_a_second_shelf(folder)
    assert archtool("holdings", "adopt", second, "--register", archive.path).code == 0
    for path in second.rglob("data/*"):
        path.chmod(0)  # of use for a shelf that can be entered but not listed
    second.chmod(mode)
    with as_nobody():
        run = archive.audit()
    assert (run.code, run.err) == (1, "")
    with archive.open() as register:
        copies = copies_of(register.connection, find_holding(register.connection, "letters-1"))
    assert [copy.state for copy in copies] == ["ok", "unreadable"]
    assert "Traceback" not in run.out


def test_the_message_about_a_closed_shelf_says_what_to_do(folder: Path) -> None:
    archive, second = archive_with_a_second_shelf(folder)
    second.chmod(0)
    with as_nobody():
        said = archive.audit().said()
    assert f"{second} cannot be read: Permission denied: nothing is known about 2 copies" in said
    assert f"check the disk of {second}, and give yourself the right to read and enter the folder" in said
    assert f"archtool audit --all --shelf {second}" in said
    assert "mount" not in said


def test_adopt_reports_a_package_that_may_not_be_opened_once_and_goes_on(folder: Path) -> None:
    archive, shelf = Archive(folder, bags=0), folder / "incoming"
    write_small_bag(shelf / "closed")
    write_small_bag(shelf / "open", "Another letter.\n")
    (shelf / "closed").chmod(0)
    give_to_nobody(folder, *folder.rglob("*"))
    with as_nobody():
        run = archtool("holdings", "adopt", shelf, "--register", archive.path)
    (shelf / "closed").chmod(0o755)
    assert run.code == 1
    assert "the folder cannot be listed: Permission denied" in run.said()
    assert "give yourself access to the folder" in run.said()
    assert run.said().count(str(shelf / "closed")) == 1
    assert "1 holding registered" in run.said()


def test_adopt_of_a_closed_folder_says_that_the_folder_is_closed(folder: Path) -> None:
    archive, shelf = Archive(folder, bags=0), folder / "incoming"
    write_small_bag(shelf / "letters")
    shelf.chmod(0)
    give_to_nobody(folder, *folder.rglob("*"))
    with as_nobody():
        run = archtool("holdings", "adopt", shelf, "--register", archive.path)
        below = archtool("holdings", "adopt", shelf / "letters", "--register", archive.path)
    shelf.chmod(0o755)
    assert run.code != 0
    assert f"{shelf}: the folder cannot be listed: Permission denied" in run.said()
    assert below.code == 3
    assert f"{shelf / 'letters'} cannot be reached: Permission denied" in below.said()
    assert "give yourself the right to enter the folders above it" in below.said()
