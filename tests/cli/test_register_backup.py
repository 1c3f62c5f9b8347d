"""Backups of a register: the rules of the guide hold."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from archtool.holdings.register import open_register
from command_line import archtool
from unit.holdings.registers import check, day, make_register

READING = [
    ["holdings", "list"], ["holdings", "show", "letters-0"], ["holdings", "events"], ["holdings", "head"],
    ["holdings", "verify"], ["holdings", "report"], ["holdings", "policy"], ["holdings", "shelf"],
    ["holdings", "show", "no-such-holding"], ["audit", "--plan"],
]  # fmt: skip


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register of three holdings."""
    with make_register(tmp_path, holdings=3) as opened:
        opened.append(check(0, day(1)))
        path = opened.path
    monkeypatch.setenv("ARCHTOOL_REGISTER", str(path))
    return path


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_command_that_reads_leaves_one_file_whose_plain_copy_is_sound(
    register: Path, tmp_path: Path, command: list[str]
) -> None:
    archtool(*command)
    assert [path.name for path in tmp_path.iterdir()] == [register.name]
    copy = Path(shutil.copy(register, tmp_path / "copy.register"))
    head = archtool("holdings", "head", "--json").objects[0]["head"]
    assert archtool("holdings", "verify", "--register", copy, "--expect-head", head).code == 0


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the program sqlite3 is not installed")
def test_a_backup_by_sqlite_has_all_events_while_another_writes(register: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.register"
    with open_register(register) as writer:
        writer.append(check(1, day(2)))
        subprocess.run(["sqlite3", register, f".backup {copy}"], check=True)
    head = archtool("holdings", "head", "--json").objects[0]["head"]
    assert archtool("holdings", "verify", "--register", copy, "--expect-head", head).code == 0
