"""Builds registers for tests, with a fixed clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archtool.holdings.event import Event, EventOutcome
from archtool.holdings.event_source import EventSource
from archtool.holdings.event_types import EventType
from archtool.holdings.register import Register, create_register, open_register

DAY_0 = datetime(2026, 1, 1, 2, 0, tzinfo=UTC)
SOURCE = EventSource("Jane Doe", "archtool 0.1.0")
MANIFESTS = {"manifest-sha512.txt": "sha512:" + "ab" * 64}


def day(number: float) -> datetime:
    """Return 2 o'clock of a day, or a fraction of a day later."""
    return DAY_0 + timedelta(days=number)


def make_register(tmp_path: Path, *, holdings: int = 0, check_every_days: int = 90) -> Register:
    """Create a register with so many holdings, `letters-0` and so on, and open it."""
    path = tmp_path / "archive.register"
    detail = {"id": "7f6c2a52-0000-4000-8000-000000000000", "check-every-days": check_every_days}
    create_register(path, SOURCE.event(EventType.REGISTER, DAY_0, detail=detail))
    register = open_register(path)
    register.append(*(ingestion(number) for number in range(holdings)))
    return register


def ingestion(number: int, **detail: Any) -> Event:
    """Return the event that registers `letters-<number>` in `/shelf/letters-<number>`."""
    name = f"letters-{number}"
    known = {
        "place": f"/shelf/{name}", "place_kind": "folder", "kind": "package", "manifests": MANIFESTS,
        "files": 3, "bytes": 1000, "title": f"Letters {number}",
    }  # fmt: skip
    return SOURCE.event(EventType.INGESTION, DAY_0, name, known | detail)


def check(number: int, at: datetime, state: str = "ok", **detail: Any) -> Event:
    """Return the event of a full check of the copy of `letters-<number>`."""
    outcome = {"ok": EventOutcome.SUCCESS, "unreadable": EventOutcome.INDETERMINATE}.get(
        state, EventOutcome.FAILURE
    )
    name = f"letters-{number}"
    known = {"place": f"/shelf/{name}", "state": state, "depth": "full", "files": 3, "bytes": 1000}
    return SOURCE.event(EventType.FIXITY_CHECK, at, name, known | detail, outcome)
