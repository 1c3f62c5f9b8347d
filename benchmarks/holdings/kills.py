"""`python -m benchmarks.holdings.kills`: kills an audit many times, and checks its register each time.

An audit with two processes is killed (`SIGKILL`, with its processes) at random instants and started again: in
nine of ten cases while it checks packages, otherwise while it starts. After each kill the register must open,
`archtool holdings verify` must find nothing, and every event that a reader had seen before must still be
there. Each run that comes to its end, in however many parts, must have checked every copy once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from archtool.holdings.chain import RegisterHead, read_head
from archtool.holdings.event import Event
from archtool.holdings.event_types import EventType
from archtool.holdings.queries import records_of
from archtool.holdings.register import open_register

_STARTUP_SHARE = 0.1  # of the kills
_START_SECONDS, _WORK_SECONDS = 0.6, 1.2  # an audit records what it found once a second
_LETTER = Path(__file__).parent.parent.parent / "examples" / "letter"
_PROGRAM = (sys.executable, "-m", "archtool")
_AUDIT = ("audit", "--all", "--jobs", "2")


@dataclass(frozen=True, slots=True)
class AuditKillReport:
    """The results of all kills."""

    packages: int
    kills: int
    kills_with_progress: int
    """The number of kills before which at least one event had been recorded."""
    runs: int
    """The number of runs that came to their end."""
    unusable: int
    """The number of kills after which the register did not open, or did not verify."""
    events_lost: int
    """The number of kills after which an event that had been seen was gone or another one."""
    checked_twice: int
    """Copies that a run checked more than once."""
    not_checked: int
    """Copies that a finished run did not check."""

    @property
    def is_good(self) -> bool:
        """Whether no fault was found."""
        return not (self.unusable or self.events_lost or self.checked_twice or self.not_checked)


def main() -> int:
    """Kill the audit, check the register, and print the report as one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.holdings.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="number of kills [100]")
    parser.add_argument(
        "--packages", type=int, default=4000, help="number of packages in the register [4000]"
    )
    parser.add_argument("--seed", type=int, default=1932, help="seed of the instants [1932]")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        register = _make_register(Path(folder), options.packages)
        report = _kill(register, options.packages, options.kills, random.Random(options.seed))  # noqa: S311
    print(json.dumps(asdict(report)))
    return 0 if report.is_good else 1


def _make_register(folder: Path, packages: int) -> Path:
    """Make packages on a shelf, and a register of them."""
    for number in range(packages):
        shutil.copytree(_LETTER, folder / f"letters/letter-{number:05}")
    shelf, register = folder / "shelf", folder / "archive.register"
    _run("batch", folder / "letters", "--date", "2026-11-26", "--jobs", "2", "--no-sync", "-o", shelf)
    _run("holdings", "init", register)
    _run("holdings", "adopt", shelf, "--register", register)
    return register


def _run(*arguments: str | Path) -> None:
    subprocess.run([*_PROGRAM, *arguments], check=True, stdout=subprocess.DEVNULL)


def _kill(register: Path, packages: int, kills: int, instants: random.Random) -> AuditKillReport:
    with_progress = unusable = lost = 0
    before = _head(register)
    for _ in range(kills):
        seen = _run_and_kill(register, before, instants)
        command = [*_PROGRAM, "holdings", "verify", "--register", str(register)]
        unusable += subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode != 0
        lost += not _has(register, seen)
        after = _head(register)
        with_progress += after.number > before.number
        before = after
    _run(*_AUDIT, "--register", register)
    runs = _checks_by_run(register)
    twice = sum(count - 1 for checks in runs.values() for count in checks.values())
    absent = sum(packages - len(checks) for checks in runs.values())
    return AuditKillReport(packages, kills, with_progress, len(runs), unusable, lost, twice, absent)


def _run_and_kill(register: Path, before: RegisterHead, instants: random.Random) -> RegisterHead:
    """Start an audit and kill it; returns the last head that was seen meanwhile."""
    command = [*_PROGRAM, *_AUDIT, "--register", str(register)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    with process:
        if instants.random() < _STARTUP_SHARE:
            time.sleep(instants.random() * _START_SECONDS)
        else:
            while process.poll() is None and _head(register) == before:
                time.sleep(0.01)
            time.sleep(instants.random() * _WORK_SECONDS)
        seen = _head(register)
        with contextlib.suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(process.pid, signal.SIGKILL)
    return seen


def _head(register: Path) -> RegisterHead:
    with open_register(register, read_only=True) as opened:
        return read_head(opened.connection)


def _has(register: Path, head: RegisterHead) -> bool:
    """Whether the chain still contains an event that was its head."""
    with open_register(register, read_only=True) as opened:
        row = opened.connection.execute(
            "SELECT digest FROM event WHERE number = ?", (head.number,)
        ).fetchone()
    return row is not None and row[0].hex() == head.hex


def _checks_by_run(register: Path) -> dict[str, Counter[str]]:
    """Return for each run that came to its end how often it checked each place."""
    checks: dict[str, Counter[str]] = {}
    ended = set()
    with open_register(register, read_only=True) as opened:
        for _, record in records_of(opened.connection):
            event, _ = Event.parse(record)
            if event.event == EventType.FIXITY_CHECK and event.run is not None:
                checks.setdefault(event.run, Counter())[event.detail["place"]] += 1
            elif event.event == EventType.AUDIT_ENDED:
                ended.add(event.run)
    return {run: found for run, found in checks.items() if run in ended}


if __name__ == "__main__":
    sys.exit(main())
