"""Reads the specification of the register, `schemas/register.md`, by its tables."""

from __future__ import annotations

import re

from packages import REPOSITORY

PAGE = (REPOSITORY / "schemas" / "register.md").read_text(encoding="utf-8")
_OF_CHECKS, _OF_ENDS = ("fixity-check", "validation"), ("audit-ended",)


def tables() -> dict[str, list[list[str]]]:
    """Return the rows of each table, by the head of its first column."""
    found: dict[str, list[list[str]]] = {}
    for block in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE):
        head, _, *rows = [
            [cell.strip() for cell in line.strip("|").split(" | ")] for line in block.splitlines()
        ]
        found[head[0].strip()] = rows
    return found


def names(cell: str) -> list[str]:
    """Return the names in a cell."""
    return re.findall(r"`([a-z][a-z_-]*)`", cell)


def members_of(event: str) -> set[str]:
    """Return the members that the detail of an event can have."""
    rows = tables()["event"]
    if event in (*_OF_CHECKS, *_OF_ENDS):
        table = "member of a check" if event in _OF_CHECKS else "member of an ended audit"
        return {name for row in tables()[table] for cell in row for name in names(cell)}
    found = {name for row in rows if event in names(row[0]) for name in names(row[2])}
    return found | members_of("ingestion") if event == "migration" else found
