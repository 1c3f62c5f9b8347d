"""The commands that `docs/holdings.md` gives for a register, with stock programs and without archtool."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from archtool.holdings.chain import read_head
from packages import REPOSITORY
from unit.holdings.registers import check, day, ingestion, make_register

_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MISSING = [program for program in ("sqlite3", "jq", "sha256sum") if shutil.which(program) is None]
pytestmark = pytest.mark.skipif(bool(_MISSING), reason=f"not installed: {', '.join(_MISSING)}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a register in which names and notes have what shells and JSON treat specially."""
    with make_register(tmp_path, holdings=2) as register:
        register.append(
            ingestion(7, title='Lettre "à l’été" \\ $HOME `id` 100%\n\tд', place="/shelf/two  words"),
            check(0, day(1)),
            check(1, day(2), "changed"),
        )
    return tmp_path


def head_of(folder: Path) -> str:
    connection = sqlite3.connect(folder / "archive.register")
    try:
        return str(read_head(connection))
    finally:
        connection.close()


def blocks() -> list[str]:
    return _BLOCK.findall((REPOSITORY / "docs" / "holdings.md").read_text(encoding="utf-8"))


def run(script: str, folder: Path) -> list[str]:
    done = subprocess.run(
        ["sh", "-eu", "-c", script], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, ""), script
    return done.stdout.splitlines()


def test_the_digest_of_an_event_computed_by_hand_stands_in_the_next_event(folder: Path) -> None:
    record, digest, previous = run(blocks()[0], folder)
    assert record.startswith('{"agent":"Jane Doe",')
    assert digest == f"{previous}  -"


def test_the_chain_computed_by_hand_has_the_head_of_the_register(folder: Path) -> None:
    assert run(blocks()[1], folder) == [head_of(folder)]


def test_an_altered_event_is_found_by_hand(folder: Path) -> None:
    kept = head_of(folder)
    connection = sqlite3.connect(folder / "archive.register", isolation_level=None)
    connection.execute("DROP TRIGGER event_is_never_changed")
    connection.execute("UPDATE event SET record = replace(record, 'Jane', 'John') WHERE number = 4")
    connection.close()
    lines = run(blocks()[1], folder)
    assert lines[0] == "event 5 does not follow the one before"
    assert lines[-1] == kept  # which is why each line before it counts


def test_what_is_known_about_a_holding_is_read_by_hand(folder: Path) -> None:
    lines = run(blocks()[2], folder)
    assert lines[:2] == [
        "2026-01-01T02:00:00Z|ingestion|success|Jane Doe",
        "2026-01-02T02:00:00Z|fixity-check|success|Jane Doe",
    ]
    assert "/shelf/letters-0|ok|2026-01-02T02:00:00Z" in lines
    assert "/shelf/letters-1|changed|2026-01-03T02:00:00Z" in lines
