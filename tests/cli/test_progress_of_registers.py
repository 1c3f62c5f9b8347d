"""`holdings adopt` and `holdings verify` show on a terminal how far they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from audits import Archive, write_small_bag
from command_line import archtool
from terminals import Terminal
from unit.holdings.registers import ingestion, make_register


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    for number in range(60):
        write_small_bag(tmp_path / "new" / f"letters-{number}", f"Letter {number}.\n")
    return tmp_path / "new"


def adopt(archive: Archive, shelf: Path) -> tuple[str | Path, ...]:
    return "holdings", "adopt", shelf, "--register", archive.path, "--agent", "Jane Doe"


def test_adopt_counts_packages_and_leaves_no_bar_behind(tmp_path: Path, shelf: Path) -> None:
    archive = Archive(tmp_path, bags=0)
    terminal = Terminal(*adopt(archive, shelf))
    assert terminal.end() == 0
    assert re.search(r"registering  [0-9]+ packages  [0-9]+/s", terminal.text)
    assert any(line.startswith("60 holdings registered") for line in terminal.text.splitlines())


def test_adopt_shows_no_bar_without_a_terminal(tmp_path: Path, shelf: Path) -> None:
    run = archtool(*adopt(Archive(tmp_path, bags=0), shelf))
    assert (run.code, run.err, "registering" in run.out) == (0, "", False)


@pytest.fixture
def register(tmp_path: Path) -> Path:
    with make_register(tmp_path) as opened:
        opened.append(*(ingestion(number) for number in range(20_000)))
        return opened.path


def counts_of(terminal: Terminal) -> set[int]:
    assert terminal.end() == 0
    found = re.findall(r"([0-9,]+)/20,001 events", terminal.text)
    return {int(number.replace(",", "")) for number in found}


def test_verify_counts_the_events_that_are_compared(register: Path) -> None:
    terminal = Terminal("holdings", "verify", "--register", register)
    assert max(counts_of(terminal)) > 1000
    assert re.search(r"[0-9:]{8} left  [0-9,]+/s", terminal.text)


def test_verify_of_the_chain_alone_has_a_bar_of_its_own(register: Path) -> None:
    assert 0 in counts_of(Terminal("holdings", "verify", "--register", register, "--chain-only"))
