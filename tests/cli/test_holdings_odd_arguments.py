"""Arguments that no archivist means, and that scripts give: names that are not UTF-8, FIFOs, huge numbers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from command_line import archtool
from unit.holdings.registers import make_register

NOT_UTF8 = os.fsdecode(b"x\xe9")


@pytest.fixture
def register(tmp_path: Path) -> Path:
    with make_register(tmp_path, holdings=1) as made:
        return made.path


@pytest.mark.parametrize(
    "arguments",
    [("holdings", "show", NOT_UTF8), ("repair", NOT_UTF8), ("audit", "--holding", NOT_UTF8)],
)
def test_a_name_that_is_not_utf8_is_no_holding(register: Path, arguments: tuple[str, ...]) -> None:
    run = archtool(*arguments, "--register", register)
    assert run.code == 3
    assert "x\\xe9" in run.err


def test_a_shelf_whose_name_is_not_utf8_has_no_copies(register: Path) -> None:
    assert archtool("audit", "--shelf", NOT_UTF8, "--register", register).code == 3


@pytest.mark.parametrize("option", ["--html", "--mail-file", "--metrics"])
def test_a_report_is_not_written_into_a_fifo(register: Path, option: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    run = archtool("holdings", "report", option, tmp_path / "fifo", "--register", register)
    assert run.code == 2
    assert "exists, and is not" in run.err


def test_a_table_is_not_written_into_a_fifo(register: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    run = archtool("holdings", "list", "--csv", tmp_path / "fifo", "--register", register)
    assert run.code == 2


@pytest.mark.parametrize("command", ["list", "events"])
def test_a_limit_beyond_all_registers_is_refused(register: Path, command: str) -> None:
    assert archtool("holdings", command, "--limit", "9" * 20, "--register", register).code == 2
