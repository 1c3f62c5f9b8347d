"""Progress on a terminal: inside one large file, for every command that reads; and Ctrl-C during a read."""

from __future__ import annotations

import re
import tarfile
import time
from pathlib import Path

import pytest

from command_line import archtool
from packages import write_letter
from terminals import Terminal
from unit.bagit.bag_builders import bag_files, write_bag

MIB = 1024 * 1024


def steps(text: str) -> set[str]:
    """Return the different states that were drawn between the beginning and the end."""
    return set(re.findall(r"\s([1-9][0-9]?%|[0-9.]+ MB) ", text))


def test_progress_moves_inside_a_single_file(letters: Path, tmp_path: Path) -> None:
    description = write_letter(letters, text="A line.\n" * (MIB // 2))
    terminal = Terminal("pack", description, "-o", tmp_path / "package", "--bwlimit", "2M", "--no-sync")
    assert terminal.end() == 0
    assert len(steps(terminal.text)) >= 2
    assert "packing" in terminal.text
    assert "/s" in terminal.text


@pytest.mark.parametrize("jobs", [1, 2])
def test_progress_of_worker_processes_is_shown_while_they_read(jobs: int, tmp_path: Path) -> None:
    payload = {f"data/{name}": name.encode() * 3 * MIB for name in "abc"}
    bag = write_bag(tmp_path / "bag", bag_files(payload))
    terminal = Terminal("verify", bag, "--bwlimit", "3M", "--jobs", str(jobs))
    assert terminal.end() == 0
    assert len(steps(terminal.text)) >= 4, "more than one for each file"


def test_no_progress_is_shown_without_a_terminal_or_for_a_short_run(letters: Path, tmp_path: Path) -> None:
    description = write_letter(letters)
    terminal = Terminal("pack", description, "-o", tmp_path / "package")
    assert terminal.end() == 0
    assert "packing" not in terminal.text
    run = archtool("pack", description, "-o", tmp_path / "slow", "--bwlimit", "10")
    assert (run.code, run.err) == (0, "")


SLOW = ("--bwlimit", "1K")


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("command", ["pack", "verify"])
def test_an_interrupt_ends_a_limited_run_within_a_second(
    command: str, jobs: str, letters: Path, tmp_path: Path
) -> None:
    description = write_letter(letters, text="A line.\n" * MIB)
    subject: list[Path | str] = [description, "-o", tmp_path / "new"]
    if command == "verify":
        assert archtool("pack", *subject[:2], tmp_path / "package", "--no-sync").code == 0
        subject = [tmp_path / "package"]
    terminal = Terminal(command, *subject, *SLOW, "--jobs", jobs)
    terminal.wait_for("/s")
    began = time.monotonic()
    terminal.interrupt()
    assert terminal.end() == 130
    assert time.monotonic() - began < 1
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("command", ["diff", "unpack", "verify"])
def test_an_interrupt_ends_the_reading_of_a_very_large_file(command: str, tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bag", bag_files({"data/a": b"a"}))
    with (bag / "data/a").open("wb") as huge:
        huge.truncate(40 * 1024 * MIB)
    subject: list[Path | str] = [bag]
    if command == "diff":
        subject.append(write_bag(tmp_path / "other", bag_files({"data/a": b"a"})))
    if command == "unpack":
        subject = [_tar_with_holes(bag, tmp_path), "-o", tmp_path / "unpacked"]
    terminal = Terminal(command, *subject)
    terminal.wait_for("/s")
    began = time.monotonic()
    terminal.interrupt()
    assert terminal.end() == 130
    assert time.monotonic() - began < 1


def _tar_with_holes(bag: Path, folder: Path) -> Path:
    """Return a tar whose largest member is a hole on the disk, so that it costs no space."""
    path = folder / "bag.tar"
    with tarfile.open(path, "w") as tar:
        for file in sorted(bag.rglob("*")):
            if file.is_file() and file.name != "a":
                tar.add(file, f"bag/{file.relative_to(bag)}")
        info = tar.gettarinfo(bag / "data/a", "bag/data/a")
        begin = tar.offset
    header = info.tobuf(tarfile.PAX_FORMAT)
    with path.open("r+b") as archive:
        archive.seek(begin)
        archive.write(header)
        archive.truncate(begin + len(header) + info.size + 1024)
    return path
