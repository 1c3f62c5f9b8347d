"""Makes reports of small registers for tests of the writers."""

from __future__ import annotations

from pathlib import Path

from archtool.holdings.event_types import EventType
from archtool.holdings.register import Register
from archtool.holdings.reporting.model import HoldingsReport
from unit.holdings.histories import audit, make_register_with_faults, report_of
from unit.holdings.registers import SOURCE, check, day, ingestion, make_register

HOSTILE = "=cmd|' /C calc'!A0\"><script>alert(1)</script>\u202egnp.exe\x1b[31m\r\nBcc: x@example.org\\"
"""A title that tries to be a formula, markup, a right-to-left text, a colour, a header field."""


def faulty_report(tmp_path: Path, run_id: str | None = None) -> HoldingsReport:
    """One copy new missing, one known to be damaged, nothing overdue, a package that is not registered."""
    with make_register_with_faults(tmp_path) as register:
        return report_of(register, day(21), run_id)


def calm_report(tmp_path: Path) -> HoldingsReport:
    """Two copies, both in order, one audit."""
    with make_register(tmp_path, holdings=2) as register:
        audit(register, day(10), "run-1", check(0, day(10)), check(1, day(10)))
        return report_of(register, day(11))


def make_hostile_register(tmp_path: Path) -> Register:
    """Make a register in which every text that a stranger can choose is hostile."""
    register = make_register(tmp_path)
    hostile_copy = {"place": f"/shelf/{HOSTILE}", "title": HOSTILE, "custodian": HOSTILE}
    problem = {"file": HOSTILE, "code": HOSTILE, "message": HOSTILE, "expected": HOSTILE, "observed": HOSTILE}
    register.append(
        SOURCE.event(EventType.POLICY, day(0), detail={"archive": HOSTILE}),
        SOURCE.event(EventType.SHELF, day(0), detail={"place": f"/shelf/{HOSTILE}"}),
        ingestion(0, **hostile_copy, accession=HOSTILE, formats={HOSTILE: 1}),
        ingestion(1),
    )
    damaged = check(0, day(1), "changed", place=hostile_copy["place"], problems=[problem], problem_count=1)
    audit(register, day(1), HOSTILE, damaged, extra=[HOSTILE], extra_count=1, stopped=HOSTILE)
    audit(register, day(2), f"{HOSTILE}2", damaged)
    return register


def hostile_report(tmp_path: Path) -> HoldingsReport:
    """Return the report of a register with hostile texts, after one of its copies became overdue."""
    with make_hostile_register(tmp_path) as register:
        return report_of(register, day(95))
