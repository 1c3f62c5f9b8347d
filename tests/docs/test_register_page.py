"""The specification of the register names every table with its columns, and every event with its members."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from archtool.holdings.event_types import EventType, event_uri
from archtool.holdings.export_lines import ExportHeader, format_signature_line
from archtool.holdings.heads.head_signatures import HeadSignature
from docs.register_page import PAGE, members_of, names, tables
from unit.holdings.registers import make_register


def test_every_event_has_its_code_in_the_specification() -> None:
    documented: dict[str, str] = {}
    for name_cell, code_cell, _ in tables()["event"]:
        codes = [cell.strip(" `") for cell in code_cell.split(",")]
        events = re.findall(r"`([a-z-]+)`", name_cell)
        documented |= dict(zip(events, codes * len(events) if len(codes) == 1 else codes, strict=False))
    for event in EventType:
        uri = event_uri(event)
        code = uri.rpartition("/")[2] if uri.startswith("http") else "–"
        assert documented[event] == code, event


def columns_of(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_xinfo({table})")]


def test_every_table_is_in_the_specification_with_its_columns(tmp_path: Path) -> None:
    documented = {names(table)[0]: {table, *names(meaning)} for table, meaning in tables()["table"]}
    documented["event"] = {names(row[0])[0] for row in tables()["column"]}
    documented["head_signature"] = {names(row[0])[0] for row in tables()["column of `head_signature`"]}
    with make_register(tmp_path) as register:
        rows = register.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        kept = {name: columns_of(register.connection, name) for (name,) in rows}
    assert documented.keys() == kept.keys()
    of_the_file = {"key"}  # of a holding or a copy: a sentence says what it is
    of_a_setting = {"name", "value"}
    for table, columns in kept.items():
        left_out = (
            of_a_setting if table == "setting" else of_the_file if table in ("holding", "copy") else set()
        )
        assert {*columns} - documented[table] - left_out == set(), table


def test_every_member_of_a_record_is_in_the_specification(tmp_path: Path) -> None:
    with make_register(tmp_path) as register:
        (record,) = register.connection.execute("SELECT record FROM event").fetchone()
    members = re.findall(r'[{,]"([a-z]+)":', re.sub(r'"detail":\{[^}]*\},', '"detail":0,', record))
    documented = {names(row[0])[0] for row in tables()["member of a record"]}
    assert {*members} | {"holding", "run"} == documented


def test_the_members_of_a_check_are_documented_once_for_both_depths() -> None:
    assert members_of("fixity-check") == members_of("validation") >= {"place", "state", "problems"}
    assert members_of("migration") >= {"manifests", "before"}


def test_the_lines_of_an_export_have_the_members_of_the_specification() -> None:
    signature = HeadSignature(1200, "SHA256:…", "…", "…", "…", None)
    header = ExportHeader("7f6c…", 1204, "…", 1)
    for line in (header.format(), format_signature_line(signature)):
        assert line.decode() in PAGE.splitlines()
