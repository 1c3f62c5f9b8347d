"""The specification of the register names every table, every column of events, and every event."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from archtool.holdings.event_types import EventType, event_uri
from packages import REPOSITORY
from unit.holdings.registers import make_register

_PAGE = (REPOSITORY / "schemas" / "README.md").read_text(encoding="utf-8")
SECTION = _PAGE.partition("\n## The register of holdings\n")[2].partition("\n## ")[0]


def rows() -> list[list[str]]:
    lines = [line for line in SECTION.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_event_has_its_code_in_the_specification() -> None:
    documented: dict[str, str] = {}
    for name_cell, code_cell, *_ in [row for row in rows() if len(row) == 3]:
        names = re.findall(r"`([a-z-]+)`", name_cell)
        codes = [cell.strip(" `") for cell in code_cell.split(",")]
        documented |= dict(zip(names, codes * len(names) if len(codes) == 1 else codes, strict=False))
    for event in EventType:
        uri = event_uri(event)
        code = uri.rpartition("/")[2] if uri.startswith("http") else "–"
        assert documented[event] == code, event


def test_every_table_is_in_the_specification(tmp_path: Path) -> None:
    with make_register(tmp_path) as register:
        names = [name for (name,) in register.connection.execute("SELECT name FROM sqlite_schema")]
        tables = {name for name in names if is_table(register.connection, name)}
        columns = [row[1] for row in register.connection.execute("PRAGMA table_xinfo(event)")]
    assert {name for name in tables if f"`{name}`" not in SECTION} == set()
    assert [name for name in columns if f"| `{name}` |" not in SECTION] == []


def is_table(connection: sqlite3.Connection, name: str) -> bool:
    (kind,) = connection.execute("SELECT type FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
    return kind == "table"


def test_every_member_of_a_record_is_in_the_specification(tmp_path: Path) -> None:
    with make_register(tmp_path) as register:
        (record,) = register.connection.execute("SELECT record FROM event").fetchone()
    members = re.findall(r'[{,]"([a-z]+)":', re.sub(r'"detail":\{[^}]*\},', '"detail":0,', record))
    assert set(members) >= {"agent", "at", "event", "outcome", "previous", "software", "type"}
    assert [name for name in members if f"`{name}`" not in SECTION] == []
