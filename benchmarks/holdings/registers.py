"""`python -m benchmarks.holdings.registers FILE`: makes a large register as years of work would make it.

Four of five events are checks; the rest are ingestions, second copies, moves, hand-overs, attestations,
withdrawals, and begin and end of each night's audit. Everything follows from the seed, and every event goes
through `ChainWriter.append`, so the register is what the commands of archtool would have written.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from archtool.holdings.event import Event
from archtool.holdings.event_source import EventSource
from archtool.holdings.event_types import EventType
from archtool.holdings.register import Register, create_register, open_register
from benchmarks.corpora import MARKER, begin_folder, read_marker
from benchmarks.holdings.years import LAST_DAY, Years

FEW_HOLDINGS = 10
SIZES = {"few": FEW_HOLDINGS, "tenth": 100_000, "large": 1_000_000}
"""The registers by name, with their holdings; scale does not change `few`."""
LAYOUT = 1  # version of the registers; a new version makes them again
EVENTS_PER_HOLDING = 5
_AT_ONCE = 10_000  # events in one transaction; an audit commits at least once a second
_REPORT_EVENTS = 250_000
_ID = "7f6c2a52-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class RegisterSize:
    """How much was written into a register."""

    holdings: int
    """Including those that were withdrawn."""
    events: int


def main() -> int:
    """Make one register and print the rate at which events were appended."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.holdings.registers", description=__doc__)
    parser.add_argument("file", type=Path, help="the register to make")
    parser.add_argument("--holdings", type=int, default=1_000_000, help="number of holdings [1,000,000]")
    parser.add_argument("--seed", type=int, default=1847, help="seed of the events [1847]")
    parser.add_argument(
        "--last-day", type=datetime.fromisoformat, default=LAST_DAY, help="time of the last audit, UTC"
    )
    options = parser.parse_args()
    make_register(options.file, options.holdings, options.seed, options.last_day.replace(tzinfo=UTC))
    return 0


def kept_register(name: str, root: Path, seed: int, scale: float) -> Path:
    """Return the register of an earlier run, or make it. Its last audit was yesterday when it was made.

    It is made again in another month, because then most of its copies would be overdue.
    """
    now = datetime.now(UTC)
    holdings = FEW_HOLDINGS if name == "few" else max(FEW_HOLDINGS, round(SIZES[name] * scale))
    folder = root / name
    parameters = {"register": name, "seed": seed, "scale": scale, "layout": LAYOUT, "month": f"{now:%Y-%m}"}
    path = folder / "archive.register"
    existing = read_marker(folder / MARKER)
    if existing is None or existing["asked"] != parameters:
        begin_folder(folder, parameters)
        last_day = now.replace(hour=20, minute=0, second=0) - timedelta(days=1)
        size = make_register(path, holdings, seed, last_day)
        (folder / MARKER).write_text(
            json.dumps({"asked": parameters, "facts": asdict(size)}), encoding="utf-8"
        )
    return path


def register_size(path: Path) -> RegisterSize:
    """Return the size of a kept register."""
    return RegisterSize(**read_marker(path.parent / MARKER)["facts"])


def make_register(path: Path, holdings: int, seed: int, last_day: datetime = LAST_DAY) -> RegisterSize:
    """Create a register with so many holdings, and five times as many events; a tiny one has more."""
    years = Years(holdings, holdings * EVENTS_PER_HOLDING - 1, seed, last_day)
    first = EventSource("Jane Doe", "archtool 0.1.0").event(
        EventType.REGISTER,
        years.first_day,
        detail={"id": _ID, "archive": "City archive", "check-every-days": 90},
    )
    create_register(path, first)
    events = years.events()
    total, begun = 0, time.monotonic()
    with open_register(path) as register:
        while portion := list(islice(events, _REPORT_EVENTS)):
            seconds = _append(register, portion)
            total += len(portion)
            _say(f"{total:,} events; {len(portion) / seconds:,.0f} appended in a second")
    _say(f"{total / (time.monotonic() - begun):,.0f} events made and appended in a second, of {total:,}")
    return RegisterSize(holdings, total + 1)


def _append(register: Register, events: list[Event]) -> float:
    begun = time.monotonic()
    for at in range(0, len(events), _AT_ONCE):
        register.append(*events[at : at + _AT_ONCE])
    return time.monotonic() - begun


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
