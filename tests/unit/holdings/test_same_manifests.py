"""Holdings are found by their manifests in the same time in every register."""

from __future__ import annotations

from pathlib import Path

from archtool.holdings.queries import find_by_manifests
from unit.holdings.registers import ingestion, make_register


def test_a_holding_is_found_by_its_manifests_through_an_index(tmp_path: Path) -> None:
    manifests = {"manifest-sha512.txt": "sha512:" + "cd" * 64}
    with make_register(tmp_path, holdings=2) as register:
        register.append(ingestion(7, manifests=manifests))
        statements: list[str] = []
        register.connection.set_trace_callback(statements.append)
        found = find_by_manifests(register.connection, manifests)
        register.connection.set_trace_callback(None)
        plan = register.connection.execute(f"EXPLAIN QUERY PLAN {statements[0]}").fetchall()
    assert [holding.name for holding in found] == ["letters-7"]
    assert any("holding_by_content" in str(row) for row in plan)


def test_two_holdings_at_most_are_returned(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=3) as register:
        first = next(iter(find_by_manifests(register.connection, {"manifest-md5.txt": "md5:00"})), None)
        manifests = {"manifest-sha512.txt": "sha512:" + "ab" * 64}
        assert (first, len(find_by_manifests(register.connection, manifests))) == (None, 2)
