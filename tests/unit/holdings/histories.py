"""Builds a register with a past: faults, audits, copies on tape."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.holdings.event import Event
from archtool.holdings.event_source import EventSource
from archtool.holdings.event_types import EventType
from archtool.holdings.lookup.totals import read_totals
from archtool.holdings.register import Register
from archtool.holdings.reporting.model import HoldingsReport
from archtool.holdings.reporting.read_report import read_report
from unit.holdings.registers import DAY_0, SOURCE, check, day, make_register

DAMAGED_FILE = {
    "file": "data/letters/0042.txt", "code": "fixity.digest-mismatch", "message": "digest differs",
    "expected": "sha512:" + "9f86" * 32, "observed": "sha512:" + "6030" * 32,
}  # fmt: skip
DAMAGE = {"problems": [DAMAGED_FILE], "problem_count": 1}


def report_of(register: Register, now: datetime, run_id: str | None = None) -> HoldingsReport:
    with register.reading() as connection:
        return read_report(connection, register.path, now, run_id)


def audit(register: Register, at: datetime, run: str, *checks: Event, **ended: Any) -> None:
    """Record an audit with these checks, as `archtool audit` does."""
    source = EventSource("Jane Doe", "archtool 0.1.0", run)
    states = [event.detail["state"] for event in checks]
    register.append(
        source.event(
            EventType.AUDIT_BEGUN, at, detail={"depth": "full", "selection": {}, "due": len(checks)}
        ),
        *(replace(event, run=run) for event in checks),
    )
    totals = read_totals(register.connection, at)
    detail = {
        "counts": {state: states.count(state) for state in states}, "checked": len(checks),
        "bytes": 1000 * len(checks), "seconds": 60, "left": 0, "extra": [], "extra_count": 0,
        "totals": {
            "holdings": totals.holdings, "copies": totals.copies, "bytes": totals.size_bytes,
            "known_bad": totals.known_bad, "never_checked": totals.never_checked, "overdue": totals.overdue,
            "oldest_check": totals.oldest_check,
        },
    }  # fmt: skip
    register.append(source.event(EventType.AUDIT_ENDED, at, detail=detail | ended))


def tape_copy(number: int, **detail: Any) -> Event:
    """Return the event that registers a copy of `letters-<number>` on a tape."""
    name = f"letters-{number}"
    known = {"place": f"TAPE-3:{name}", "place_kind": "medium"}
    return SOURCE.event(EventType.REPLICATION, DAY_0, name, known | detail)


def make_register_with_faults(tmp_path: Path, *, check_every_days: int = 90) -> Register:
    """Make a register of five holdings: one damaged since day 10, one missing since day 20."""
    register = make_register(tmp_path, holdings=5, check_every_days=check_every_days)
    register.append(tape_copy(0))
    audit(register, day(10), "run-1", check(0, day(10), "changed", **DAMAGE), check(1, day(10)))
    audit(
        register, day(20), "run-2",
        check(0, day(20), "changed", **DAMAGE), check(2, day(20), "missing"), check(3, day(20)),
        extra=["/shelf/found"], extra_count=1,
    )  # fmt: skip
    return register
